/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the crashes in a store go when there are too many, or they are too old. */
#ifndef TARGETS_RETENTION_H
#define TARGETS_RETENTION_H

#include <stdbool.h>
#include <stdint.h>

#include "store.h"

#define RETAIN_ALL ((unsigned)-1)
#define RETAIN_LOGS 50		/* folders with a log only: they cost little, but not nothing */

struct retention {
	unsigned keep[N_STORE_KINDS];	/* of each host, the newest; or RETAIN_ALL */
	bool by_age;			/* those of before older_than go */
	int64_t older_than;
	bool spare_newest;		/* each host's newest whole dump stays anyway */
	bool spare_busy;		/* what is not whole may be being written ... */
	int64_t busy_since;		/* ... if it is not older than that */
	bool spare_owed;		/* what is still to be sent elsewhere stays */
	const char *first;		/* this one counts as the newest and stays, or NULL */
};

/* Nothing goes. */
void retention_init(struct retention *r);

/* `keep N` of a configuration: N whole ones, N that were cut, RETAIN_LOGS with a log only. */
void retention_keep(struct retention *r, unsigned keep);

/*
 * What has no manifest becomes STORE_OTHER: another tool's, or whoever's, below a name like
 * ours. We write ours before the dump. Returns how many these are.
 */
unsigned retention_leave_others(struct store_entries *all);

/*
 * Orders entries, as store_list() gives them, by what is known better than the clock: names
 * of a time that cannot be, long ago or after `now`, stand behind the newest of an earlier
 * boot of their host, or before all others where their boot is not known.
 */
void retention_order(struct store_entries *all, int64_t now);

/* Is one of them of such a time? Else nobody needs to read their manifests. */
bool retention_needs_boots(const struct store_entries *all, int64_t now);

/* Sets `goes` of entries in the order in which they came. */
void retention_choose(const struct retention *r, struct store_entries *all);

#endif
