/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is tried after a failure. One table: stage by stage, what each kind of ending
 * teaches.
 */
#include "retry.h"

#include <stdio.h>
#include <string.h>

#include "attempt.h"
#include "base/progress.h"

/*
 * Between the rounds. Eight rounds in three minutes, to which come the waits of the
 * attempts themselves: a switch has learned its ports by then, an NVMe controller is reset
 * (127 s at most), a server's daemon restarted. A machine whose target never comes is not
 * kept down for an hour for it, whatever its deadline.
 */
static const int pauses_s[] = { 1, 2, 5, 10, 20, 30, 60 };
#define N_PAUSES (sizeof(pauses_s) / sizeof(pauses_s[0]))

/* When there is nothing more to leave out. */
enum then {
	NEXT_MODULE,	/* the driver being loaded is passed over */
	ROUND_OVER,	/* nothing can be done for any target */
	NO_LOG,		/* the target has no log in this round, */
	NO_DUMP,	/* or no dump, but perhaps the rest; */
	TOLD,		/* or no manifest */
	RESTS,		/* its turn is over in this round */
	GONE,		/* and there is no other: to touch it would cost another process */
};

#define BIT(n) (1u << (n))
#define ANY (~0u)
#define WAITING (BIT(STUCK) | BIT(HUNG))

/*
 * The first row that fits says what the next attempt does without: the first of these that
 * has been done so far. A target that was waited for in vain is at fault itself, and not
 * what was done there; so is one whose time was over.
 */
static const struct row {
	unsigned stages, endings;
	unsigned without[2];
	enum then then;
} rows[] = {
	{ BIT(STAGE_START), ANY, { 0 }, NEXT_MODULE },
	{ BIT(STAGE_OPEN), BIT(DIED), { ONCE_MORE_OPEN, WITHOUT_TRUST }, ROUND_OVER },
	{ BIT(STAGE_OPEN), ANY, { WITHOUT_TRUST }, ROUND_OVER },
	{ ANY, BIT(HUNG), { 0 }, GONE },
	/* A folder that is too long a list looks like a target that waits. */
	{ BIT(STAGE_PAST), ANY, { WITHOUT_PAST }, RESTS },
	{ ANY, BIT(STUCK), { 0 }, RESTS },
	{ ANY, BIT(OVERDUE), { 0 }, NO_DUMP },
	{ BIT(STAGE_DMESG), ANY, { ONCE_MORE_DMESG, WITHOUT_TABLES }, NO_LOG },
	{ BIT(STAGE_SCAN), ANY, { WITHOUT_LISTS, WITHOUT_TRUST }, NO_DUMP },
	{ BIT(STAGE_COPY) | BIT(STAGE_SYNC) | BIT(STAGE_VERIFY), ANY, { WITHOUT_WORKERS },
	  NO_DUMP },
	{ BIT(STAGE_FINISH), ANY, { WITHOUT_EXTRAS }, TOLD },
	{ ANY, ANY, { 0 }, RESTS },
};

/* What a round does without after one in which a dump failed, whatever of. */
static const unsigned less[] = { WITHOUT_WORKERS, WITHOUT_LISTS | WITHOUT_PAST,
				 WITHOUT_EXTRAS };

/*
 * Not to be touched again, not even to read what file system is on it: in this round, or
 * for good where a process hangs on it for good.
 */
static void remember_hung(struct hung_devices *hung, const char *device, bool for_good)
{
	unsigned at = hung->n;

	if (!*device || (hung->n == MAX_HUNG && hung->n_for_good == MAX_HUNG))
		return;
	if (for_good) {
		at = hung->n_for_good++;
		if (at < hung->n && hung->n < MAX_HUNG)
			memcpy(hung->names[hung->n], hung->names[at], DEVICE_NAME_MAX);
	}
	if (at == MAX_HUNG)
		return;
	snprintf(hung->names[at], DEVICE_NAME_MAX, "%.63s", device);
	if (hung->n < MAX_HUNG)
		hung->n++;
}

/* The target has no dump, and this is why, unless that is known already. */
static void blame(struct fate *fate, const char *why)
{
	if (fate->dump == DONE)
		return;
	if (!fate->why[0])
		snprintf(fate->why, sizeof(fate->why), "%.199s", why);
	if (fate->dump == NOT_TRIED)
		fate->dump = NOT_DONE;
}

bool retry_has_dump(struct fated targets)
{
	for (unsigned i = 0; i < targets.n; i++)
		if (targets.fates[i].dump == DONE)
			return true;
	return false;
}

bool retry_is_saved(struct fated targets)
{
	const struct fate *fates = targets.fates;

	for (unsigned i = 0; i < targets.n; i++)
		if (fates[i].dump == WITHHELD && fates[i].dmesg == DONE)
			return true;
	return retry_has_dump(targets);
}

/* Is there a target that the next child of this round can do something on? */
static bool is_work_left(struct fated targets)
{
	for (unsigned i = 0; i < targets.n; i++) {
		const struct fate *fate = &targets.fates[i];

		if (!fate->gone && !fate->rests && !fate->told)
			return true;
	}
	return false;
}

static const struct row *row_of(const struct progress *p, enum ending ending)
{
	unsigned stage = p->stage < N_STAGES ? BIT(p->stage) : BIT(N_STAGES);
	const struct row *row = rows;

	/* The last one fits all. */
	while (!(row->stages & stage) || !(row->endings & BIT(ending)))
		row++;
	return row;
}

/* Leaves out one more of these. False: there is none that was still done. */
static bool leave_out(struct attempt *a, const unsigned *without, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (without[i] & ~a->without) {
			a->without |= without[i];
			return true;
		}
	}
	return false;
}

static void settle(struct fate *fate, enum then then, const char *why)
{
	if (then == NO_LOG) {
		fate->dmesg = NOT_DONE;
		return;
	}
	blame(fate, why);
	fate->told |= then == TOLD;
	fate->rests |= then == RESTS;
	fate->gone |= then == GONE;
}

static bool pass_over_module(const struct progress *p, struct attempt *a)
{
	if (!a->load_modules || p->module < a->first_module)
		return false;
	a->first_module = p->module + 1;
	return true;
}

bool retry_next(const struct progress *p, struct attempt *a, struct fated targets,
		enum ending ending, const char *why)
{
	const struct row *row = row_of(p, ending);
	struct fate *fate = p->target < targets.n ? &targets.fates[p->target] : NULL;

	snprintf(a->earlier, sizeof(a->earlier), "%.199s", why);
	if (BIT(ending) & WAITING)
		remember_hung(&a->hung, p->device, ending == HUNG);
	if (row->then == NEXT_MODULE)
		return pass_over_module(p, a);
	a->load_modules = false;
	/* Then it was the manifest right behind the log, which is not written again either. */
	if (row->then == NO_LOG && fate && fate->dmesg != NOT_TRIED)
		return is_work_left(targets);
	if (leave_out(a, row->without, sizeof(row->without) / sizeof(row->without[0])))
		return true;
	if (row->then == ROUND_OVER || !fate)
		return false;
	settle(fate, row->then, why);
	return is_work_left(targets);
}

/* May the next round do something on it? Clears what stands in its way. */
static bool try_again(struct fate *fate, double left_s)
{
	bool dump = fate->dump == NOT_DONE && fate->n_full < FULL_TWICE &&
		    fate->dump_s < left_s;
	bool log = fate->dmesg == NOT_DONE && !fate->has_no_log;

	if (fate->gone)
		return false;
	/* A part that is there stays, unless there is time for all of it. */
	if (dump)
		fate->dump = NOT_TRIED;
	if (log)
		fate->dmesg = NOT_TRIED;
	if (dump || log)
		fate->told = false;
	fate->rests = false;
	fate->n_log_tries = 0;
	return !fate->told;
}

/* The same once the dump is saved: its log or its manifest is still to come. */
static bool try_rest_again(struct fate *fate)
{
	bool log = fate->dmesg != DONE && !fate->has_no_log;

	if (fate->gone || (!log && fate->told && !fate->no_manifest))
		return false;
	if (log)
		fate->dmesg = NOT_TRIED;
	fate->n_log_tries = 0;
	fate->rests = fate->told = false;
	return true;
}

int retry_round(struct attempt *a, struct fated targets, double left_s)
{
	bool failed = false, hope = false, saved = retry_is_saved(targets);

	if (a->round >= N_PAUSES || left_s <= pauses_s[a->round] ||
	    (saved && (a->without & ONCE_MORE_REST)))
		return -1;
	for (unsigned i = 0; i < targets.n; i++) {
		struct fate *fate = &targets.fates[i];

		failed |= fate->dump_s > 0;
		hope |= saved ? try_rest_again(fate)
			      : try_again(fate, left_s - pauses_s[a->round]);
	}
	if (saved)
		a->without |= ONCE_MORE_REST;
	if (failed)
		leave_out(a, less, sizeof(less) / sizeof(less[0]));
	/* Nobody is kept waiting for a rest: what was slow or silent before is left alone. */
	if (saved)
		return hope ? pauses_s[a->round++] : -1;
	/* Those that could be killed may have come to themselves. */
	a->hung.n = a->hung.n_for_good;
	/* A driver that could not be loaded for want of memory may be by now. */
	a->load_modules = true;
	return hope ? pauses_s[a->round++] : -1;
}
