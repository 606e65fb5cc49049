/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One table in the form of a switch: stage by stage, what a death teaches. */
#include "retry.h"

#include <stdio.h>

#include "attempt.h"
#include "progress.h"

/* Not to be touched again, not even to read what file system is on it. */
static void remember_hung(struct hung_devices *hung, const char *device)
{
	if (*device && hung->n < MAX_HUNG)
		snprintf(hung->names[hung->n++], DEVICE_NAME_MAX, "%.63s", device);
}

/* The target has no dump, and this is why, unless that is known already. */
static void blame(struct fate *fate, const char *why)
{
	if (!fate->why[0])
		snprintf(fate->why, sizeof(fate->why), "%.199s", why);
	if (fate->dump == NOT_TRIED)
		fate->dump = NOT_DONE;
}

bool retry_has_dump(const struct fate *fates, unsigned n_targets)
{
	for (unsigned i = 0; i < n_targets; i++)
		if (fates[i].dump == DONE)
			return true;
	return false;
}

bool retry_is_saved(const struct fate *fates, unsigned n_targets)
{
	for (unsigned i = 0; i < n_targets; i++)
		if (fates[i].dump == WITHHELD && fates[i].dmesg == DONE)
			return true;
	return retry_has_dump(fates, n_targets);
}

/* Is there a target that the next child can do something on? */
static bool is_work_left(const struct fate *fates, unsigned n_targets)
{
	for (unsigned i = 0; i < n_targets; i++)
		if (!fates[i].gone && !fates[i].told)
			return true;
	return false;
}

/* A child died while it worked on a target: what it died of is not done there again. */
static void learn(const struct progress *p, struct attempt *a, struct fate *fate,
		  const char *why)
{
	switch (p->stage) {
	case STAGE_DMESG:
		if (a->salvage_only)
			fate->dmesg = NOT_DONE;
		a->salvage_only = true;
		break;
	case STAGE_SCAN:
		/* Without the filter, once. */
		if (a->distrust)
			blame(fate, why);
		a->distrust = true;
		break;
	case STAGE_COPY:
	case STAGE_SYNC:
	case STAGE_VERIFY:
		blame(fate, why);
		break;
	case STAGE_FINISH:
		blame(fate, why);
		fate->told = true;
		break;
	default:
		blame(fate, why);
		fate->gone = true;
		break;
	}
}

bool retry_next(const struct progress *p, struct attempt *a, struct fate *fates,
		unsigned n_targets, enum ending ending, const char *why)
{
	bool in_target = p->stage >= STAGE_TARGET;

	snprintf(a->earlier, sizeof(a->earlier), "%.199s", why);
	if (ending == HUNG || ending == STUCK)
		remember_hung(&a->hung, p->device);
	if (p->stage == STAGE_START) {
		/* Without the driver that it hung on. */
		if (!a->load_modules || p->module < a->first_module)
			return false;
		a->first_module = p->module + 1;
		return true;
	}
	a->load_modules = false;
	if (p->stage == STAGE_OPEN) {
		/* Without a word of what the crashed kernel says of itself. */
		if (a->distrust)
			return false;
		a->distrust = true;
	} else if (p->target >= n_targets) {
		return false;
	} else if (in_target && ending != DIED) {
		blame(&fates[p->target], why);
		fates[p->target].gone = true;
	} else {
		learn(p, a, &fates[p->target], why);
	}
	return is_work_left(fates, n_targets);
}
