/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The supervisor of a capture. Never opens, mounts, syncs or reads anything that lies on
 * a target, allocates nothing once it has begun, and never waits without an end.
 */
#include "supervise.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "machine/child.h"
#include "machine/guard.h"
#include "machine/watchdog.h"
#include "occasion.h"
#include "places.h"
#include "retry.h"
#include "session.h"

#define SHOW_EVERY_S 1.0
#define WATCHDOG_S 60
#define REST_S 60		/* for a log or manifest, once the dump is saved */
#define MAX_FORKS 30		/* in four minutes */
#define LAST_WORDS_S 40.0	/* for all of them */
#define TIDY_STALL_S 10		/* it hung before, or the operator has lost patience */
#define BUDGET_MARGIN_S 15	/* to end in good order once copying has stopped */

bool supervise_begin(struct supervisor *s, struct err *e)
{
	s->shared = guard_share(sizeof(*s->shared), e);
	return s->shared;
}

void supervise_blind(struct supervisor *s, struct supervised *own)
{
	s->shared = own;
	s->blind = true;
}

static struct fated fated(const struct supervisor *s)
{
	return (struct fated){ s->shared->fates, s->config->n_targets };
}

/* A place that nobody writes to any more. NULL: those who cannot be killed have them all. */
static struct progress *next_place(struct supervisor *s)
{
	struct progress *p = s->place < MAX_PLACES ? &s->shared->places[s->place] : NULL;

	if (p)
		memset(p, 0, sizeof(*p));
	return p;
}

static pid_t start(struct supervisor *s, const struct attempt *attempt,
		   struct progress *progress)
{
	pid_t pid = s->occasion->may_be_stopped ? child_start_bound() : child_start();

	if (pid)
		return pid;
	/* Only its owner may keep it open: else a child that hangs would keep it armed. */
	if (s->watchdog && s->watchdog->fd >= 0)
		close(s->watchdog->fd);
	_exit(session_run(s->config, attempt, s->shared->fates, s->shared->totals, progress));
}

static void tick(struct supervisor *s)
{
	int came = child_tick(s->signal_fd);

	/* Nobody can tell PID 1 to stop. */
	if (came && s->occasion->may_be_stopped)
		s->signal = came;
}

/* Counts up whatever a child can move. */
static uint64_t motion(const struct progress *p)
{
	return p->stage + p->module + progress_get(&p->done) + progress_get(&p->durable) +
	       progress_get(&p->alive);
}

/* It comes when all else is over, so that neither signal nor deadline ends it. */
static bool is_afterwards(const struct attempt *a)
{
	return a->tidy || a->last_words;
}

/* One child at its work, and how it ends. */
struct watched {
	struct supervisor *s;
	struct attempt *a;
	struct progress *p;
	pid_t pid;
	double moved;		/* monotonic second in which something did last */
	enum ending ending;
	char why[200];		/* "" when it was the child's own decision to end */
};

static double stall_limit(const struct watched *w)
{
	const struct supervisor *s = w->s;
	const struct progress *p = w->p;
	bool patient = p->stage == STAGE_START || (p->stage == STAGE_TARGET && !p->brisk);
	/* Patience with a disk must not be all the time there is. */
	double limit, most = s->config->deadline_s / 3.0;

	if (s->blind)
		return s->config->deadline_s;
	if (is_afterwards(w->a) && s->config->stall_s > TIDY_STALL_S)
		return TIDY_STALL_S;
	limit = child_stall(s->config->stall_s, patient);
	if (limit <= most)
		return limit;
	return most > s->config->stall_s ? most : s->config->stall_s;
}

/* Is it time to end the child, why, and of what, if it can be killed? */
static bool is_over(struct watched *w)
{
	double now = monotonic_seconds(), until = progress_get(&w->p->give_up_ms) / 1000.0;
	const char *stage = stage_name(w->p->stage);
	const struct supervisor *s = w->s;

	w->ending = DIED;
	if (s->signal && !is_afterwards(w->a)) {
		snprintf(w->why, sizeof(w->why), "told to stop (signal %d) in stage %s",
			 s->signal, stage);
	} else if (now >= s->deadline - CHILD_KILL_S && !is_afterwards(w->a)) {
		snprintf(w->why, sizeof(w->why), "%s %u s came in stage %s",
			 s->only_rest ? "the dump is saved, and the end of" : "the deadline of",
			 s->only_rest ? REST_S : s->config->deadline_s, stage);
	} else if (now - w->moved >= stall_limit(w)) {
		w->ending = STUCK;
		snprintf(w->why, sizeof(w->why), "nothing moved for %.0f s in stage %s",
			 now - w->moved, stage);
	} else if (until && now >= until + BUDGET_MARGIN_S) {
		w->ending = OVERDUE;
		snprintf(w->why, sizeof(w->why), "its time was over in stage %s", stage);
	} else {
		return false;
	}
	return true;
}

/* Ends the child. What it was waiting for is at fault, if it waited. */
static void end_child(struct watched *w)
{
	if (w->ending == STUCK && !child_is_waiting(w->pid))
		w->ending = DIED;

	if (!child_kill(w->pid, w->s->signal_fd, w->s->watchdog)) {
		log_warn("the capture process cannot be killed, going on without it");
		w->s->place++;
		w->ending = HUNG;
	}
}

/* It is petted only while something moves, and armed as soon as its driver is there. */
static void pet(struct supervisor *s, bool moves)
{
	if (!s->watchdog)
		return;
	if (s->watchdog->fd < 0 &&
	    watchdog_open(s->watchdog, s->occasion->places->watchdog, WATCHDOG_S))
		log_info("watchdog armed, %u s", s->watchdog->timeout_s);
	if (moves)
		watchdog_pet(s->watchdog);
}

/* Watches one child to its end. */
static enum ending watch(struct watched *w)
{
	struct meter meter = { .stage = N_STAGES, .every_s = SHOW_EVERY_S,
			       .page_size = sysconf(_SC_PAGESIZE) };
	struct supervisor *s = w->s;
	uint64_t last = motion(w->p);
	char death[24];
	int status;

	w->moved = monotonic_seconds();
	for (;;) {
		char line[160];

		tick(s);
		if (child_reap(w->pid, &status))
			break;
		if (motion(w->p) != last) {
			last = motion(w->p);
			w->moved = monotonic_seconds();
		}
		pet(s, monotonic_seconds() - w->moved < stall_limit(w));
		if (meter_line(&meter, w->p, monotonic_seconds(), line, sizeof(line)))
			log_info("%s", line);
		if (is_over(w)) {
			end_child(w);
			return w->ending;
		}
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) <= 1) {
		s->saved_blind |= s->blind && !WEXITSTATUS(status);
		return w->ending = ENDED;
	}
	child_death(status, death);
	snprintf(w->why, sizeof(w->why), "the capture process died (%s) in stage %s", death,
		 stage_name(w->p->stage));
	return w->ending = DIED;
}

static double seconds_left(const struct supervisor *s)
{
	return s->deadline - CHILD_KILL_S - monotonic_seconds();
}

static bool is_saved(const struct supervisor *s)
{
	return s->saved_blind || retry_is_saved(fated(s));
}

/* Something may come of waiting. False: not before the deadline. */
static bool pass(struct supervisor *s, double seconds)
{
	double until = monotonic_seconds() + seconds;
	int status;

	while (monotonic_seconds() < until && seconds_left(s) > 0) {
		tick(s);
		child_reap(-1, &status);
		pet(s, true);
	}
	return seconds_left(s) > 0;
}

/* Whoever waits for the machine waits for the dump, and that is there. */
static void keep_short(struct supervisor *s)
{
	double until = monotonic_seconds() + REST_S + CHILD_KILL_S;

	s->only_rest = true;
	if (until < s->deadline)
		s->deadline = until;
}

/* The next attempt after one that ended so. False: there is none. */
static bool go_on(struct watched *w)
{
	struct supervisor *s = w->s;
	struct attempt *a = w->a;
	bool more = false;
	int pause_s;

	if (w->ending != ENDED && s->blind)
		a->without |= a->without ? WITHOUT_ALL : WITHOUT_LITTLE;
	else if (w->ending != ENDED)
		more = retry_next(w->p, a, fated(s), w->ending, w->why);
	if (s->signal || seconds_left(s) <= 0)
		return false;
	if (more)
		return true;
	/* An operator wants to see what fails, and not that it works now and then. */
	if (!s->occasion->goes_on || s->saved_blind)
		return false;
	pause_s = retry_round(a, fated(s), a->give_up - monotonic_seconds());
	if (pause_s < 0)
		return false;
	if (is_saved(s))
		keep_short(s);
	log_info("%s in %d s", is_saved(s) ? "a target lacks log or manifest: it is asked again"
					   : "nothing is saved yet: all is tried again",
		 pause_s);
	return pass(s, pause_s);
}

/* For want of memory or of process numbers: there may be some in a while. */
static bool wait_to_start(struct supervisor *s, unsigned *n_failed)
{
	log_warn("cannot start a process: %s", strerror(errno));
	return ++*n_failed < MAX_FORKS && pass(s, *n_failed < 10 ? *n_failed : 10);
}

static void run_attempts(struct supervisor *s, struct attempt *a)
{
	unsigned n_failed = 0;

	for (unsigned i = 0; i < MAX_ATTEMPTS; i++) {
		struct watched w = { .s = s, .a = a, .p = next_place(s) };

		if (!w.p)
			break;
		w.pid = start(s, a, w.p);
		if (w.pid < 0 && wait_to_start(s, &n_failed))
			continue;
		if (w.pid < 0)
			break;
		if (watch(&w) != ENDED)
			log_warn("%s", w.why);
		if (!go_on(&w))
			break;
	}
}

/* What could not be taken back: once more, with a child for each target. */
static void tidy(struct supervisor *s, struct attempt *a)
{
	for (unsigned nr = 0; nr < s->config->n_targets; nr++) {
		struct watched w = { .s = s, .a = a, .p = next_place(s) };

		if (!w.p || !s->shared->fates[nr].folder[0] || s->shared->fates[nr].is_removed)
			continue;
		a->tidy = nr + 1;
		w.pid = start(s, a, w.p);
		if (w.pid > 0 && watch(&w) != ENDED)
			log_warn("target %u: tidying up: %s", nr + 1, w.why);
	}
}

static bool has_log(const struct supervisor *s)
{
	bool has = s->saved_blind;

	for (unsigned i = 0; i < s->config->n_targets && !has; i++)
		has = s->shared->fates[i].dmesg == DONE;
	return has;
}

/* The last resort, once, and in a child, as firmware may never come back from it. */
static void keep_last_words(struct supervisor *s, struct attempt *a)
{
	struct watched w = { .s = s, .a = a, .p = next_place(s) };

	if (!w.p)
		return;
	a->last_words = true;
	a->load_modules = false;
	w.pid = start(s, a, w.p);
	/* Whatever keeps moving there: the machine is to reboot. */
	progress_set(&w.p->give_up_ms, (monotonic_seconds() + LAST_WORDS_S) * 1000);
	if (w.pid < 0)
		log_warn("cannot start a process: %s", strerror(errno));
	else if (watch(&w) != ENDED)
		log_warn("last words: %s", w.why);
}

bool supervise(struct supervisor *s)
{
	double margin = CHILD_KILL_S +
			(s->config->deadline_s < 150 ? s->config->deadline_s / 5.0 : 30);
	const struct occasion *occasion = s->occasion;
	struct attempt a = { .load_modules = occasion->brings_up, .occasion = occasion,
			     .give_up = s->deadline - margin };

	run_attempts(s, &a);
	for (unsigned i = 0; occasion->every_target && i < s->config->n_targets; i++) {
		struct fate *fate = &s->shared->fates[i];

		/* It was the end of all, and not this target's alone. */
		if (fate->dump != DONE && !fate->why[0])
			snprintf(fate->why, sizeof(fate->why), "%s", a.earlier);
	}
	if (occasion->take_back)
		tidy(s, &a);
	if (occasion->last_words && s->config->last_words && !has_log(s))
		keep_last_words(s, &a);
	return is_saved(s);
}
