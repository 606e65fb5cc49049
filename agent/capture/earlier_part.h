/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of a dump that an attempt before this one has left, on the same target. It stays
 * until this one's is whole, or longer; who needs its room says so.
 */
#ifndef CAPTURE_EARLIER_PART_H
#define CAPTURE_EARLIER_PART_H

#include <stdbool.h>
#include <stdint.h>

struct sink;
struct totals;

/* Before a dump is begun, and its totals: what lies there gets another name. */
void earlier_set_aside(struct sink *s, struct totals *t);

/*
 * need_len bytes are to be written where free_len are free. True: the earlier part has gone,
 * because without it there is room for all, or as a last resort for a longer part.
 */
bool earlier_makes_room(struct sink *s, struct totals *t, uint64_t need_len, uint64_t free_len,
			bool last_resort);

/*
 * When it is known what has come of the dump, by whoever knows. True: the earlier part has
 * its name back, as the new one is shorter.
 */
bool earlier_settle(struct sink *s, struct totals *t, bool is_whole);

#endif
