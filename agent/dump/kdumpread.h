/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads kdump-compressed files, ours and makedumpfile's. The file is as little to be
 * trusted as a core: each number is held against the file's size before it is used.
 */
#ifndef DUMP_KDUMPREAD_H
#define DUMP_KDUMPREAD_H

#include "base/dumpfile.h"
#include "codec.h"
#include "kdumpformat.h"
#include "pageindex.h"

struct arena;
struct err;

struct kdump_reader {
	struct arena *arena;		/* that has its tables */
	struct dumpfile file;
	struct kdump_header h;
	struct kdump_subheader s;
	uint64_t max_pfn;
	uint64_t first_pfn, end_pfn;	/* of a part its own, else 0 and max_pfn */
	uint64_t bitmap1_off, bitmap2_off, descs_off;
	struct page_index index;	/* of bitmap 2 */
	uint64_t *bitmap1;		/* a piece */
	void *unpackers[N_CODECS];	/* in the order of the codecs */
	uint8_t *packed, *page;
	struct kdump_desc in_page;	/* whose data is in page, off 0: nobody's */
	uint8_t *notes;
};

/*
 * EINVAL: not a dump, or one whose header cannot be true. EMEDIUMTYPE: an ELF core, which a
 * flattened file may hold as well. Memory is the arena's. Of a split dump one part, see
 * kdumpset.h.
 */
bool kdump_open(struct kdump_reader *r, const char *path, struct arena *arena,
		struct err *e);
void kdump_close(struct kdump_reader *r);

/* Its end was not written: it is marked so, or is flattened and stops in the middle. */
bool kdump_is_cut(const struct kdump_reader *r);

/*
 * One page, into *page_ret until the next call. ENOENT: no such memory in the machine;
 * ENODATA: left out of the dump, or never written; EIO: damaged.
 */
bool kdump_page(struct kdump_reader *r, uint64_t pfn, const uint8_t **page_ret,
		struct err *e);

/* What a header's status, or a descriptor's flags, say that pages are packed with. */
const char *kdump_codec_name(uint32_t flags);

struct kdump_findings {
	uint64_t n_pages;		/* with a descriptor */
	uint64_t n_read;		/* whose data are whole */
	uint64_t n_missing;		/* never written */
	uint64_t n_damaged;
	uint64_t n_present;		/* bits in bitmap 1, of a part its own */
	uint64_t data_len;		/* packed bytes, shared ones counted once if adjacent */
	char first_damage[240];
};

/*
 * Reads everything there is, and adds to what was found. False only when it cannot be done
 * at all.
 */
bool kdump_check(struct kdump_reader *r, struct kdump_findings *found, struct err *e);

#endif
