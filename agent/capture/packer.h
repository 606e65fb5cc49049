/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading and packing a batch of pages, in a thread of its own or not. */
#ifndef CAPTURE_PACKER_H
#define CAPTURE_PACKER_H

#include <stddef.h>
#include <stdint.h>

#include "crash.h"
#include "dump/recent.h"

struct arena;
struct codec;
struct err;

#define BATCH_LEN (256u << 10)	/* bytes of pages in a batch */
#define BATCH_MAX 64		/* pages, where they are 4 KiB */

enum outcome { STORED, ZERO, UNREADABLE };

struct item {
	pfn_t pfn;
	uint64_t idx;		/* of its descriptor */
	struct packed_page page;	/* its data lie in the batch; none: len 0 */
	enum outcome outcome;
	char why[120];		/* unreadable */
};

struct batch {
	unsigned n;
	struct item items[BATCH_MAX];
	uint8_t *out;		/* BATCH_LEN */
	unsigned effort;	/* to pack them with, see dump/effort.h */
	uint64_t len_in, len_out;	/* of pages that are stored, packed */
	double work_s, pack_s;	/* that it took, and of that to pack, where efforts differ */
};

struct worker {
	struct crash_view view;
	const struct codec *codec;
	void *packer;
	unsigned effort;	/* that it is set to */
	uint8_t *page;
	size_t page_size;
	unsigned page_shift;
};

/* NULL: there is no memory, or no view. */
struct worker *worker_new(struct crash *crash, const struct codec *codec, size_t page_size,
			  struct err *e);

/* What a codec packs with unless it is told otherwise. */
unsigned worker_usual_effort(const struct codec *codec);

void worker_set_effort(struct worker *w, unsigned effort);

/* Packs a page to where there is room for one; what does not shrink is as it is. */
struct packed_page worker_pack(struct worker *w, const uint8_t *page, uint8_t *to);

/* For a pipeline: does a struct batch. */
void worker_do(void *worker, void *batch);

#endif
