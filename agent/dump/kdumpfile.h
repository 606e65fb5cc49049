/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes a kdump-compressed file by offset: header (marked incomplete), bitmaps while
 * they become known, then pages in any order, and the mark away at the very end. At
 * each moment every descriptor in the file points at data that is in the file.
 */
#ifndef DUMP_KDUMPFILE_H
#define DUMP_KDUMPFILE_H

#include "holes.h"
#include "kdumpformat.h"
#include "pageindex.h"
#include "recent.h"
#include "spread.h"

struct arena;
struct err;
struct out;

/* Who gives a piece of bitmap 2 once more, where the file is not to be read. */
struct bitmap_source {
	bool (*load)(void *ctx, uint64_t piece, uint64_t *bits, struct err *e);
	void *ctx;
};

/* What a header says; strings and notes are borrowed until kdump_begin returns. */
struct kdump_info {
	uint32_t block_size;		/* the crashed kernel's page size */
	const char *uts[6];		/* sysname nodename release version machine domain */
	uint64_t time_sec;
	uint32_t n_cpus;
	uint64_t phys_base;
	uint32_t level;
	uint32_t codec_flag;
	const uint8_t *notes;
	uint64_t notes_len;
	const char *vmcoreinfo;		/* inside notes, or NULL */
	uint64_t vmcoreinfo_len;
	uint64_t max_pfn;		/* one past the highest frame */
	struct bitmap_source bitmaps;	/* load is NULL: the file gives them */
	size_t buf_len;			/* of the output buffer, at least KDUMP_BUF_LEAST */
};

#define KDUMP_BUF_LEN (1u << 20)	/* of the output buffer, as a rule */
#define KDUMP_BUF_LEAST (KDUMP_BUF_LEN / 4)
#define KDUMP_RUN 2048		/* descriptors kept before they are written */

struct kdump_writer {
	struct out *out;
	uint32_t block_size;
	uint32_t status;
	uint64_t bitmap1_off, bitmap2_off, descs_off;
	struct page_index index;	/* of bitmap 2 */
	uint64_t next_piece;		/* of the bitmaps, behind the last one that came */
	struct holes holes;		/* pieces that did not come */
	uint64_t data_off, data_end;	/* first and next byte of page data */
	char *buf;			/* not yet written and summed: at the end a last word */
	size_t buf_room, buf_len;
	uint64_t buf_off;		/* of buf in the file, a multiple of 8 */
	uint64_t written_end;		/* of the data that are in the file */
	uint64_t head_sum;		/* of what is in front of the data, see readback.h */
	struct spread spread;		/* the data's, and of samples of them, ... */
	bool is_appended;		/* ... but of a file that nobody reads by offset */
	struct kdump_desc *run;		/* descriptors not yet written */
	uint64_t run_first;
	size_t run_len;
	struct kdump_desc zero;		/* the shared page of zeroes */
	struct recent recent;		/* others that may come again */
	uint64_t n_shared;		/* pages that have another's data */
};

/* Bytes in front of the page data, once the bitmaps are done. */
uint64_t kdump_fixed_len(const struct kdump_writer *w);

/*
 * Writes header, sub-header and notes; the bitmaps are a hole until they come: memory may
 * begin anywhere below 2^52, and bits for all in front of it are more than many a disk has.
 * Buffers come from the arena: what is written, and as much of pages that may come again, see
 * recent_room().
 */
bool kdump_begin(struct kdump_writer *w, struct out *out, const struct kdump_info *info,
		 struct arena *arena, struct err *e);

/* A piece of both bitmaps; pieces come in rising order, empty ones need not come. */
bool kdump_put_bitmaps(struct kdump_writer *w, uint64_t piece, const uint64_t *bitmap1,
		       const uint64_t *bitmap2, struct err *e);

/* Bytes of page data that are in the file. */
uint64_t kdump_written_len(const struct kdump_writer *w);

/*
 * The bitmaps are done: from here on w->index answers for every frame. Takes the space
 * for the descriptors.
 */
bool kdump_begin_pages(struct kdump_writer *w, struct err *e);

/* A page of zeroes as it shall be stored, once for all of them. Before the first page. */
bool kdump_set_zero_page(struct kdump_writer *w, const struct packed_page *page,
			 struct err *e);

/*
 * Data of the idx-th page, that is the idx-th bit of bitmap 2. What was stored a moment ago
 * is not stored again.
 */
bool kdump_put_page(struct kdump_writer *w, uint64_t idx, const struct packed_page *page,
		    struct err *e);
bool kdump_put_zero_page(struct kdump_writer *w, uint64_t idx, struct err *e);

/*
 * All pages that were put so far are on stable storage, and lead to data that are: those in
 * front of w->buf_off, which nothing changes any more.
 */
bool kdump_settle(struct kdump_writer *w, struct err *e);

/*
 * Everything to stable storage, still marked incomplete; the file may be opened. Also
 * after an error of an earlier call: what did not get out is left out.
 */
bool kdump_end(struct kdump_writer *w, struct err *e);

/* The word that kdump_seal will write, where and what, for a read-back before it. */
uint64_t kdump_seal_off(void);
uint64_t kdump_seal_word(const struct kdump_writer *w, bool whole);
/* Sum of the file when it is sealed so. */
uint64_t kdump_seal_sum(const struct kdump_writer *w, bool whole);

/*
 * The i-th part of a sample of the file when it is sealed so: all that is in front of the data,
 * pieces of them, their end. False: there are no more.
 */
bool kdump_sample(const struct kdump_writer *w, bool whole, unsigned i,
		  struct spread_part *part);

/*
 * The last write: takes the incomplete mark away if the dump is whole. Durable, and looked
 * at where it lies.
 */
bool kdump_seal(struct kdump_writer *w, bool whole, struct err *e);

#endif
