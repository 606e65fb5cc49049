/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who waits for an answer waits for a bit of its request's state (Linux net/sunrpc/sched.c);
 * a request is in the list of its client, which knows the server's name.
 */
#include "rpc.h"

#include "base/err.h"

#define AT(member) offsetof(struct rpc_facts, member)

static const struct wish wishes[] = {
	WISH_FIELD("rpc_task.tk_runstate", AT(task_state)),
	WISH_FIELD("rpc_task.tk_client", AT(task_client)),
	WISH_FIELD("rpc_task.tk_task", AT(task_in_list)),
	WISH_FIELD("rpc_task.tk_start", AT(task_start)),
	WISH_FIELD("rpc_clnt.cl_xprt", AT(client_link)),
	WISH_FIELD("rpc_clnt.cl_program", AT(client_program)),
	WISH_FIELD("rpc_xprt.servername", AT(link_server)),
	WISH_FIELD("rpc_program.name", AT(program_name)),
};

const struct wish_set rpc_wishes = WISH_SET(wishes, struct rpc_facts);

/* Its neighbours in the client's list must point back to it. */
static bool is_in_list(struct space *s, const struct rpc_facts *f, vaddr_t task)
{
	vaddr_t at = task + f->task_in_list.off, next, prev, back, forth;
	struct err ignored;

	return has(f->task_in_list.off) && space_read_u64(s, at, &next, &ignored) &&
	       next != at && space_read_u64(s, next + 8, &back, &ignored) && back == at &&
	       space_read_u64(s, at + 8, &prev, &ignored) &&
	       space_read_u64(s, prev, &forth, &ignored) && forth == at;
}

static bool read_server(struct space *s, const struct rpc_facts *f, vaddr_t task,
			struct rpc_server *server)
{
	vaddr_t client = field_value(s, task, f->task_client);
	vaddr_t link = field_value(s, client, f->client_link);
	vaddr_t program = field_value(s, client, f->client_program);

	text_at(s, field_value(s, link, f->link_server), server->name, sizeof(server->name));
	text_at(s, field_value(s, program, f->program_name), server->program,
		sizeof(server->program));
	server->since_ns = field_value(s, task, f->task_start);
	return server->name[0] && server->program[0];
}

void rpc_wait_find(struct space *s, const struct rpc_facts *f, struct wait *wait)
{
	struct rpc_server server;
	vaddr_t task;

	if (wait->kind != WAIT_BIT || !has(f->task_state.off))
		return;
	task = wait->lock - f->task_state.off;
	if (is_in_list(s, f, task) && read_server(s, f, task, &server))
		*wait = (struct wait){ .kind = WAIT_RPC, .lock = task, .bit = -1 };
}

bool rpc_server_of(struct space *s, const struct rpc_facts *f, const struct wait *wait,
		   struct rpc_server *server)
{
	return wait->kind == WAIT_RPC && read_server(s, f, wait->lock, server);
}
