/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Evenly spread pages, packed to learn how well this memory packs. */
#ifndef CAPTURE_SAMPLING_H
#define CAPTURE_SAMPLING_H

#include <stdbool.h>
#include <stdint.h>

#include "dump/effort.h"

struct err;
struct page_index;
struct pipeline;

struct sampled {
	/* What all page data will need, more or less, by the effort; of a codec that knows
	 * only one, by its own. */
	uint64_t packed_len[N_EFFORTS];
	struct effort_point points[N_EFFORTS];	/* where it knows more */
};

/* By the pipeline's workers, in its batches; its other members are not asked. */
bool sample_pages(struct sampled *s, const struct pipeline *by, struct page_index *index,
		  struct err *e);

#endif
