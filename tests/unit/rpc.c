/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/rpc: a bit is a request's if its client has it in its list and knows the server. */
#include "triage/rpc.h"

#include "flat.h"
#include "t.h"

enum { TASK = 0x100, CLIENT = 0x200, LINK = 0x300, PROGRAM = 0x400, TEXTS = 0x500, STATE = 8,
       LEN = 0x800 };

static uint8_t memory[LEN];

static void make_memory(void)
{
	memset(memory, 0, sizeof(memory));
	flat_put_at(memory, TASK + 16, CLIENT);	/* .tk_client */
	flat_put_at(memory, TASK + 24, CLIENT + 32);	/* .tk_task in .cl_tasks */
	flat_put_at(memory, TASK + 32, CLIENT + 32);
	flat_put_at(memory, CLIENT + 32, TASK + 24);
	flat_put_at(memory, CLIENT + 40, TASK + 24);
	flat_put(memory, TASK + 40, 7);		/* .tk_start */
	flat_put_at(memory, CLIENT, LINK);		/* .cl_xprt */
	flat_put_at(memory, CLIENT + 8, PROGRAM);	/* .cl_program */
	flat_put_at(memory, LINK, TEXTS);		/* .servername */
	flat_put_at(memory, PROGRAM, TEXTS + 32);	/* .name */
	memcpy(memory + TEXTS, "10.0.2.2", 9);
	memcpy(memory + TEXTS + 32, "nfs", 4);
}

static const struct {
	const char *row;
	unsigned at;
	uint64_t value;
	bool found;
} rows[] = {
	{ "as it is", LEN - 8, 0, true },
	{ "it is in no list", TASK + 24, 0, false },
	{ "its list does not point back", CLIENT + 40, 0, false },
	{ "nor forth", CLIENT + 32, 0, false },
	{ "it has no client", TASK + 16, 0, false },
	{ "the client leads nowhere", TASK + 16, 0x1234, false },
	{ "no link", CLIENT, 0, false },
	{ "the server has no name", TEXTS, 0, false },
	{ "the program has none", TEXTS + 32, 0, false },
};

int main(void)
{
	struct rpc_facts facts = { .task_state = flat8(STATE), .task_client = flat8(16),
				   .task_in_list = flat8(24), .client_link = flat8(0),
				   .client_program = flat8(8), .link_server = flat8(0),
				   .program_name = flat8(0), .task_start = flat8(40) };
	struct flat f;

	flat_open(&f, memory, sizeof(memory));
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct wait wait = { .kind = WAIT_BIT, .lock = FLAT_BASE + TASK + STATE };
		struct rpc_server server;

		make_memory();
		flat_put(memory, rows[i].at, rows[i].value);
		rpc_wait_find(&f.space, &facts, &wait);
		T_EQUAL(rows[i].row, rows[i].found ? WAIT_RPC : WAIT_BIT, wait.kind);
		T_EQUAL(rows[i].row, rows[i].found,
			rpc_server_of(&f.space, &facts, &wait, &server));
		if (!rows[i].found)
			continue;
		T_TEXT(rows[i].row, "10.0.2.2", server.name);
		T_TEXT(rows[i].row, "nfs", server.program);
		T_EQUAL(rows[i].row, 7, server.since_ns);
	}
	facts.task_state.off = ABSENT;
	T_CHECK("nothing is known of requests", !rpc_server_of(&f.space, &facts,
		&(struct wait){ .kind = WAIT_BIT }, &(struct rpc_server){ "", "", 0 }));
	return t_done();
}
