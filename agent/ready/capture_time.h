/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long a capture of this machine will take, from the panic to a whole dump. */
#ifndef READY_CAPTURE_TIME_H
#define READY_CAPTURE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "targets/pace.h"

struct config;

/* Until a capture has drivers, a network and the log; a slow machine has more. */
#define CAPTURE_START_S 20

/* Whose pace it is; PACE_ASSUMED where nothing was measured. */
enum pace_origin { PACE_ASSUMED, PACE_OF_TEST, PACE_OF_LAST_DUMP };

/* ", which is assumed", ", as the last test" */
const char *pace_origin_words(enum pace_origin origin);

/* What is known of a capture to come. */
struct capture_facts {
	enum pace_origin origin;
	struct pace pace;	/* not looked at where it is assumed */
	uint64_t kept_len;	/* of memory in a dump of now; 0: not known */
	uint64_t dump_len;	/* what a dump seldom exceeds */
};

struct capture_time {
	uint64_t now_s;		/* of a dump of now; 0: not known */
	uint64_t most_s;	/* of one that is seldom exceeded */
	uint64_t memory_rate;	/* bytes of memory, and of the dump, in a second */
	uint64_t dump_rate;
};

/*
 * Sets f's pace for those words of a target: of the last dump there, where that is known, else
 * of the last test of it, else what is assumed.
 */
void capture_pace(struct capture_facts *f, const struct pace *last_dump, const char *root,
		  const char *target);

void capture_time(struct capture_time *t, const struct capture_facts *f);

/*
 * Bytes of memory that a dump of this moment would have, by /proc/meminfo (zero pages are
 * counted, which a dump has not): all that is neither free nor user memory nor page cache, as
 * far as the level leaves these out. 0: it is not told.
 */
uint64_t capture_kept_len(const char *root, const struct config *config);

#endif
