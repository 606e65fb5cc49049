/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A core's or dump's file as it is read: by offset. It may be the file itself, or a flattened
 * one, which makedumpfile -F and QEMU write to pipes: a header of 4096 bytes, then records,
 * each of an offset and a length (big-endian, of 8 bytes) and that many bytes of the file that
 * is meant; at the end one of two times -1. Where records overlap the later one holds, where
 * there are none the file has zeroes.
 */
#ifndef BASE_DUMPFILE_H
#define BASE_DUMPFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;

/* len bytes from off on lie at `at` of the file that is there. */
struct dumpfile_piece {
	uint64_t off, len, at;
};

struct dumpfile {
	int fd;
	uint64_t stored_len;	/* bytes of the file that is there */
	uint64_t size;		/* of the file that is meant; of a cut one INT64_MAX */
	bool is_flattened;
	bool is_cut;		/* flattened, and its end is missing */
	struct dumpfile_piece *pieces;	/* of a flattened one: sorted, disjoint */
	size_t n_pieces;
};

#define DUMPFILE_CLOSED ((struct dumpfile){ .fd = -1 })

/*
 * A regular file. EINVAL: none, or records that cannot be true; ENOMEM: too many of them.
 * Their table is the arena's.
 */
bool dumpfile_open(struct dumpfile *f, const char *path, struct arena *arena, struct err *e);
void dumpfile_close(struct dumpfile *f);

/* All of [off, off + len), or false. */
bool dumpfile_read(const struct dumpfile *f, void *buf, uint64_t len, uint64_t off,
		   struct err *e);

/* The piece that has off, else the first one behind it; NULL: there is none. */
const struct dumpfile_piece *dumpfile_piece(const struct dumpfile *f, uint64_t off);

/* Was all of [off, off + len) written? False also where it is beyond the end. */
bool dumpfile_has(const struct dumpfile *f, uint64_t off, uint64_t len);

/* Where something other than a hole begins, at off or behind it; size if nothing does. */
uint64_t dumpfile_next(const struct dumpfile *f, uint64_t off);

#endif
