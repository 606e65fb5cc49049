/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the crashes in a store go when there are too many, or they are too old. */
#ifndef SINK_RETENTION_H
#define SINK_RETENTION_H

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
	const char *first;		/* this one counts as the newest and stays, or NULL */
};

/* Nothing goes. */
void retention_init(struct retention *r);

/* `keep N` of a configuration: N whole ones, N that were cut, RETAIN_LOGS with a log only. */
void retention_keep(struct retention *r, unsigned keep);

/* Sets `goes` of entries as store_list() gives them. */
void retention_choose(const struct retention *r, struct store_entry *entries, unsigned n);

#endif
