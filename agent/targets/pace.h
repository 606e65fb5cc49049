/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How fast a dump went to a target: what it was of, and how long it was waited for. */
#ifndef TARGETS_PACE_H
#define TARGETS_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct json_value;

struct pace {
	uint64_t dump_len;	/* bytes of the dump, without its holes */
	uint64_t kept_len;	/* bytes of memory that are in it */
	uint64_t ms;		/* for copying, syncing and reading back; 0: not known */
};

/* False: too little, or what cannot be. */
bool pace_is_known(const struct pace *p);

/* Of the whole dump that a manifest is of; false where it tells of none. */
bool pace_of_manifest(struct pace *p, const struct json_value *manifest);

/* Bytes of the one and of the other in a second; p is known. */
uint64_t pace_of_dump(const struct pace *p);
uint64_t pace_of_memory(const struct pace *p);

#endif
