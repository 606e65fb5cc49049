/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kdump-compressed format, version 6, 64-bit little-endian, as crash, drgn and
 * libkdumpfile read it:
 *
 *   block 0                      struct kdump_header
 *   block 1 ..                   struct kdump_subheader, the ELF notes right behind
 *   block 1 + sub_header_blocks  bitmap 1: frames that exist, then bitmap 2: frames
 *                                that have a descriptor, bitmap_blocks / 2 each
 *   behind them                  struct kdump_desc for each bit of bitmap 2, by pfn
 *   anywhere else                page data, in any order, sharing allowed
 *
 * A descriptor that is all zero means that the page's data is not there.
 */
#ifndef DUMP_KDUMPFORMAT_H
#define DUMP_KDUMPFORMAT_H

#include <stddef.h>
#include <stdint.h>

#define KDUMP_SIGNATURE "KDUMP   "
#define KDUMP_VERSION 6
#define KDUMP_UTS_LEN 65

/* Bits of status, the first three also of a descriptor's flags. */
#define KDUMP_ZLIB 0x1u
#define KDUMP_LZO 0x2u
#define KDUMP_SNAPPY 0x4u
#define KDUMP_INCOMPLETE 0x8u
#define KDUMP_ZSTD 0x20u

struct kdump_header {
	char signature[8];
	uint32_t version;
	char uts[6][KDUMP_UTS_LEN];
	char padding[6];
	uint64_t time_sec;
	uint64_t time_usec;	/* 0, or libkdumpfile may take the file for a 32-bit one */
	uint32_t status;
	uint32_t block_size;
	uint32_t sub_header_blocks;
	uint32_t bitmap_blocks;
	uint32_t max_mapnr;	/* cut to 32 bits; the sub-header has it whole */
	uint32_t unused[4];
	uint32_t n_cpus;
};

_Static_assert(offsetof(struct kdump_header, time_sec) == 408, "layout");
_Static_assert(offsetof(struct kdump_header, status) == 424, "layout");
_Static_assert(offsetof(struct kdump_header, n_cpus) == 460, "layout");

struct kdump_subheader {
	uint64_t phys_base;
	uint32_t dump_level;
	uint32_t split;
	uint64_t start_pfn, end_pfn;
	uint64_t vmcoreinfo_off, vmcoreinfo_len;
	uint64_t notes_off, notes_len;
	uint64_t eraseinfo_off, eraseinfo_len;
	uint64_t start_pfn_64, end_pfn_64;
	uint64_t max_mapnr;
};

_Static_assert(sizeof(struct kdump_subheader) == 104, "layout");

struct kdump_desc {
	uint64_t off;
	uint32_t len;
	uint32_t flags;		/* how the data is packed, 0: as it is */
	uint64_t page_flags;	/* 0 */
};

_Static_assert(sizeof(struct kdump_desc) == 24, "layout");

#endif
