/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * supervise/supervise where the machine gives it little: no memory to share with its children,
 * no process to be had. The source is built in here, with a session, a fork and a clock of
 * our own.
 */
#include <errno.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "config/config.h"
#include "machine/child.h"
#include "machine/guard.h"
#include "supervise/attempt.h"
#include "supervise/occasion.h"
#include "supervise/retry.h"
#include "supervise/session.h"
#include "supervise/supervise.h"
#include "t.h"

#define TICK_S 0.25
#define SLEEP_US 2000

static double clock_s;		/* goes on with each tick */
static unsigned n_shares;	/* of those asked for that are refused */
static double no_process_s;	/* until then there is no process */
static unsigned n_forks;

/* What children have seen, wherever else they may not write. */
struct seen {
	unsigned n, without[8];
};
static struct seen *seen;
static unsigned n_deaths;	/* of the first children */
static bool saves;

static void *share_or_not(size_t len, struct err *e)
{
	if (!n_shares)
		return guard_share(len, e);
	n_shares--;
	fail(e, ENOMEM, "no memory");
	return NULL;
}

static pid_t start_or_not(void)
{
	n_forks++;
	if (clock_s >= no_process_s)
		return fork();
	errno = EAGAIN;
	return -1;
}

static double clock_of_ours(void)
{
	return clock_s;
}

static int tick_of_ours(int signal_fd)
{
	(void)signal_fd;
	clock_s += TICK_S;
	usleep(SLEEP_US);
	return 0;
}

static int session_of_ours(const struct config *config, const struct attempt *attempt,
			   struct fate *fates, struct totals *totals, struct progress *progress)
{
	unsigned nr = seen->n++;

	(void)config;
	(void)totals;
	if (nr < 8)
		seen->without[nr] = attempt->without;
	if (nr < n_deaths)
		_exit(77);
	/* Whoever shares memory with us reads it here. */
	fates[0].dump = fates[0].dmesg = saves ? DONE : NOT_DONE;
	fates[0].told = 1;
	progress->stage = STAGE_FINISH;
	return !saves;
}

bool here_supervise(struct supervisor *s);
bool here_begin(struct supervisor *s, struct err *e);
void here_blind(struct supervisor *s, struct supervised *memory);

/* The objects that are linked in have these already. */
#define supervise here_supervise
#define supervise_begin here_begin
#define supervise_blind here_blind
#define guard_share share_or_not
#define child_start start_or_not
#define child_tick tick_of_ours
#define monotonic_seconds clock_of_ours
#define session_run session_of_ours
#include "../../agent/supervise/supervise.c"

#define DEADLINE_S 600

static struct config config;
static struct supervised own;
static const struct occasion a_crash = { .brings_up = true, .goes_on = true };

static struct supervisor begin(unsigned deaths, bool saved)
{
	struct supervisor s = { .config = &config, .signal_fd = -1,
				.deadline = DEADLINE_S, .occasion = &a_crash };

	clock_s = 0;
	no_process_s = 0;
	n_forks = 0;
	n_deaths = deaths;
	saves = saved;
	memset(seen, 0, sizeof(*seen));
	memset(&own, 0, sizeof(own));
	return s;
}

/* All that is known of a child is how it ended. */
static void test_blind(void)
{
	static const struct {
		const char *row;
		unsigned deaths;
		bool saved, want;
	} rows[] = {
		{ "saved at once", 0, true, true },
		{ "it dies, and the next one saves", 1, true, true },
		{ "two die", 2, true, true },
		{ "nothing can be saved", 0, false, false },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct supervisor s = begin(rows[i].deaths, rows[i].saved);
		struct err e;

		n_shares = 1;
		T_CHECK(rows[i].row, !here_begin(&s, &e) && e.code == ENOMEM);
		here_blind(&s, &own);
		T_EQUAL(rows[i].row, rows[i].want, here_supervise(&s));
		T_EQUAL(rows[i].row, NOT_TRIED, own.fates[0].dump);
		T_CHECK(rows[i].row, seen->n > rows[i].deaths);
		if (rows[i].want)
			T_EQUAL(rows[i].row, rows[i].deaths + 1, seen->n);
		T_EQUAL("first all is done", 0, seen->without[0]);
		if (rows[i].deaths > 0)
			T_EQUAL("then with less", WITHOUT_LITTLE, seen->without[1]);
		if (rows[i].deaths > 1)
			T_EQUAL("then with as little as can be", WITHOUT_ALL, seen->without[2]);
		T_CHECK("there is an end", clock_s < DEADLINE_S);
	}
}

/* There may be one in a while: it is asked for again and again, and not for ever. */
static void test_no_process(void)
{
	static const struct { const char *row; double until_s; bool saved; } rows[] = {
		{ "none for a moment", 3, true },
		{ "none for two minutes", 120, true },
		{ "none ever", 1e9, false },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct supervisor s = begin(0, true);
		struct err e;

		T_CHECK(rows[i].row, here_begin(&s, &e));
		no_process_s = rows[i].until_s;
		T_EQUAL(rows[i].row, rows[i].saved, here_supervise(&s));
		T_EQUAL(rows[i].row, rows[i].saved, seen->n);
		T_CHECK(rows[i].row, clock_s >= (rows[i].saved ? rows[i].until_s : 180));
		T_CHECK("before the deadline", clock_s < DEADLINE_S);
		T_CHECK("not all the time", n_forks <= 2 + clock_s / 2);
		munmap(s.shared, sizeof(*s.shared));
	}
}

int main(void)
{
	struct err e;

	seen = guard_share(sizeof(*seen), &e);
	if (!seen)
		abort();
	config_init(&config);
	config.n_targets = 1;
	test_blind();
	test_no_process();
	return t_done();
}
