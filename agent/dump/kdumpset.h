/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dump in one file, or in several: makedumpfile --split writes files that each have the
 * whole header and both bitmaps, and the data of one stretch of page frames.
 */
#ifndef DUMP_KDUMPSET_H
#define DUMP_KDUMPSET_H

#include "kdumpread.h"

#define KDUMP_PARTS_MAX 64

struct kdump_set {
	struct kdump_reader *parts[KDUMP_PARTS_MAX];	/* by page frame */
	unsigned n;
};

/* Files of one dump, in any order. */
struct kdump_paths {
	char *const *paths;
	unsigned n;
};

/*
 * EINVAL, and what kdump_open() says: files that do not belong together, or a part is
 * missing, which is named by its frames. Memory is the arena's.
 */
bool kdump_set_open(struct kdump_set *set, const struct kdump_paths *files,
		    struct arena *arena, struct err *e);
void kdump_set_close(struct kdump_set *set);

/* What all parts say in the same way. */
static inline const struct kdump_reader *kdump_set_any(const struct kdump_set *set)
{
	return set->parts[0];
}

/* As kdump_page(), kdump_is_cut() and kdump_check(). */
bool kdump_set_page(struct kdump_set *set, uint64_t pfn, const uint8_t **page_ret,
		    struct err *e);
bool kdump_set_is_cut(const struct kdump_set *set);
bool kdump_set_check(struct kdump_set *set, struct kdump_findings *found, struct err *e);

/* Bytes of all its files, pages that have a descriptor. */
uint64_t kdump_set_len(const struct kdump_set *set);
uint64_t kdump_set_n_pages(const struct kdump_set *set);

/* How many of the files, from the first on, are one dump: 1, or all that say "split". */
unsigned kdump_set_count(const struct kdump_paths *files);

#endif
