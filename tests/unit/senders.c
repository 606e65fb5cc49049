/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/senders: whose child a sender was, by tasks that are and by what the trace tells. */
#include "triage/senders.h"

#include "flat.h"
#include "t.h"

#define SECOND 1000000000ULL
#define NOW (100 * SECOND)	/* of the signal */

static uint64_t memory[64];	/* of each task when it was started */
static struct proc tasks[4];
static struct traced lives[4];

/* What is there: a task 7 "shell", child of 3, started at that time. */
static void make(struct senders *s, struct flat *f, struct procs *procs, uint64_t started)
{
	static const struct proc_facts none;
	static struct sender_facts facts;
	static struct traced_list list;

	flat_open(f, memory, sizeof(memory));
	flat_absent(&facts, sizeof(facts));
	facts.start_time = (struct field){ 0, 8, 1 };
	memory[0] = started;
	memory[8] = 1;
	tasks[0] = (struct proc){ .at = FLAT_BASE, .pid = 7, .ppid = 3, .comm = "shell" };
	tasks[1] = (struct proc){ .at = FLAT_BASE + 64, .pid = 3, .ppid = 0, .comm = "cron" };
	*procs = (struct procs){ .space = &f->space, .facts = &none, .list = tasks, .n = 2 };
	list = (struct traced_list){ .list = lives };
	*s = (struct senders){ &f->space, &facts, procs, &list };
}

static unsigned chain_of(struct senders *s, unsigned n_lives, struct chain *chain)
{
	const struct traced sent = { .kind = TRACED_SENT, .pid = 7, .time_ns = NOW,
				     .is_log_clock = true };
	struct traced_list list = { .list = lives, .n = n_lives };

	for (unsigned i = 0; i < n_lives; i++)
		lives[i].is_log_clock = true;
	s->lives = &list;
	senders_chain(s, &sent, chain);
	return chain->n;
}

/* A task was started then, seconds from the signal: is it who sent it? */
static void test_clocks(void)
{
	static const struct {
		const char *row;
		int64_t started;
		uint64_t uptime;	/* of the signal, in seconds */
		enum sender_lives lives;
	} rows[] = {
		{ "long before", -50, 100, SENDER_LIVES },
		{ "just before", -1, 100, SENDER_MAY_LIVE },
		{ "just after", 1, 100, SENDER_MAY_LIVE },
		{ "after", 5, 100, SENDER_IS_GONE },
		{ "before, after 100 days", -1000, 8640000, SENDER_LIVES },
		{ "a while before, after 100 days", -800, 8640000, SENDER_MAY_LIVE },
		{ "a while after, after 100 days", 800, 8640000, SENDER_MAY_LIVE },
		{ "after 100 days, after", 1000, 8640000, SENDER_IS_GONE },
	};
	struct traced_list none = { .list = lives };
	struct procs procs;
	struct chain chain;
	struct senders s;
	struct flat f;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct traced sent = { .pid = 7, .time_ns = rows[i].uptime * SECOND,
				       .is_log_clock = true };

		make(&s, &f, &procs, sent.time_ns + (uint64_t)rows[i].started * SECOND);
		s.lives = &none;
		senders_chain(&s, &sent, &chain);
		T_EQUAL(rows[i].row, rows[i].lives, chain.links[0].lives);
		T_TEXT(rows[i].row, rows[i].lives == SENDER_IS_GONE ? "" : "shell",
		       chain.links[0].comm);
		sent.is_log_clock = false;
		senders_chain(&s, &sent, &chain);
		T_EQUAL("by another clock only the sender", 1, chain.n);
		T_EQUAL("of whom nothing is known", SENDER_MAY_LIVE, chain.links[0].lives);
		T_TEXT("no name", "", chain.links[0].comm);
	}
	procs.cut = true;
	procs.n = 0;
	s.lives = &none;
	chain_of(&s, 0, &chain);
	T_EQUAL("not all tasks are known", SENDER_MAY_LIVE, chain.links[0].lives);
}

/* 7 is a thread of 3, which is a child of 2: its process is not told as its parent. */
static void test_threads(void)
{
	struct procs procs;
	struct chain chain;
	struct senders s;
	struct flat f;

	make(&s, &f, &procs, NOW - 9 * SECOND);
	memory[8] = 1;
	tasks[0].tgid = tasks[1].tgid = 3;
	lives[0] = (struct traced){ .kind = TRACED_BORN, .time_ns = 50, .pid = 2, .other = 3 };
	lives[1] = (struct traced){ .kind = TRACED_BORN, .time_ns = 60, .pid = 3, .other = 7 };
	T_EQUAL("the thread and the parent of both", 2, chain_of(&s, 2, &chain));
	T_EQUAL("the thread", 7, chain.links[0].pid);
	T_EQUAL("the parent", 2, chain.links[1].pid);
	T_CHECK("by the trace", chain.links[0].by_trace);
}

int main(void)
{
	struct procs procs;
	struct chain chain;
	struct senders s;
	struct flat f;

	make(&s, &f, &procs, NOW - 2 * SECOND);
	T_EQUAL("a task and its parent", 2, chain_of(&s, 0, &chain));
	T_EQUAL("that lives", SENDER_LIVES, chain.links[0].lives);
	T_EQUAL("and the parent", SENDER_LIVES, chain.links[1].lives);
	T_TEXT("by its name", "shell", chain.links[0].comm);
	T_TEXT("and its parent's", "cron", chain.links[1].comm);
	T_CHECK("by what is now", !chain.links[0].by_trace);

	make(&s, &f, &procs, NOW + 5 * SECOND);
	T_EQUAL("another one has its number", 1, chain_of(&s, 0, &chain));
	T_EQUAL("does not live", SENDER_IS_GONE, chain.links[0].lives);
	T_TEXT("has no name", "", chain.links[0].comm);

	tasks[0].state = 'Z';
	memory[0] = 0;
	chain_of(&s, 0, &chain);
	T_EQUAL("has ended, and nobody took notice", SENDER_IS_GONE, chain.links[0].lives);

	make(&s, &f, &procs, NOW + 5 * SECOND);
	lives[0] = (struct traced){ .kind = TRACED_BORN, .time_ns = NOW - 9, .pid = 5,
				    .other = 7, .comm = "shell" };
	lives[1] = (struct traced){ .kind = TRACED_RUNS, .time_ns = NOW - 8, .pid = 7,
				    .text = "/bin/pkill" };
	lives[2] = (struct traced){ .kind = TRACED_ENDS, .time_ns = NOW + 1, .pid = 7,
				    .comm = "pkill" };
	lives[3] = (struct traced){ .kind = TRACED_ENDS, .time_ns = NOW + 2, .pid = 5,
				    .comm = "nightly.sh" };
	T_EQUAL("a parent by the trace", 2, chain_of(&s, 4, &chain));
	T_CHECK("is told to be", chain.links[0].by_trace);
	T_TEXT("the program", "/bin/pkill", chain.links[0].file);
	T_TEXT("the name that it ended with", "pkill", chain.links[0].comm);
	T_TEXT("the parent's", "nightly.sh", chain.links[1].comm);

	/* Births in a circle: a number is used again, and a trace may be damaged. */
	lives[0].pid = 8;
	lives[0].time_ns = 0;
	lives[1] = (struct traced){ .kind = TRACED_BORN, .time_ns = 0, .pid = 7, .other = 8 };
	T_EQUAL("a circle ends", SENDER_LINKS, chain_of(&s, 2, &chain));
	test_clocks();
	test_threads();
	return t_done();
}
