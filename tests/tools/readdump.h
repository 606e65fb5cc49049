/* SPDX-License-Identifier: GPL-2.0-or-later */
/* readdump: a kdump-compressed file as it is mapped, for the parts of the tool. */
#ifndef TOOLS_READDUMP_H
#define TOOLS_READDUMP_H

#include <stdbool.h>
#include <stdint.h>

struct file {
	const char *path;
	const uint8_t *at;
	uint64_t size;
};

struct dump {
	struct file f;
	uint64_t block, sub_off, note_off, note_size, info_off, info_size;
	uint64_t max_mapnr, bitmap_bytes, n_desc;
	const uint8_t *bitmap1, *bitmap2, *desc;
	uint64_t *rank;		/* pages before each group of 4096 pfns */
	uint8_t *page, *page_b;
};

struct desc {
	uint64_t off, page_flags;
	uint32_t size, flags;
};

static inline bool bit(const uint8_t *map, uint64_t pfn)
{
	return map[pfn >> 3] >> (pfn & 7) & 1;
}

/* readdump_file.c */
__attribute__((noreturn, format(printf, 2, 3))) void broken(const char *path,
							    const char *fmt, ...);
struct file map_file(const char *path);
uint64_t num(const struct dump *d, uint64_t off, int size);
void dump_open(struct dump *d, const char *path);
struct desc desc_of(const struct dump *d, uint64_t pfn);
const char *page_read(const struct dump *d, uint64_t pfn, uint8_t *page);

/* readdump_compare.c */
uint64_t print_runs(const char *prefix, const uint8_t *map, const uint8_t *not,
		    uint64_t from, uint64_t to);
int compare_core(struct dump *d, const char *path);
int compare_dumps(struct dump *a, const char *path);

#endif
