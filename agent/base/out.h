/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file being written by offset, wherever it lies: the only thing that the
 * dump format and the sinks know of each other.
 */
#ifndef BASE_OUT_H
#define BASE_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct out;

#define OUT_BLOCK 4096u		/* reads past a cache are aligned to that, in file and memory */

struct out_ops {
	bool (*write_at)(struct out *o, uint64_t off, const void *buf, size_t len,
			 struct err *e);
	/* Bytes never written read as zero, up to the file's end. */
	bool (*read_at)(struct out *o, uint64_t off, void *buf, size_t len, struct err *e);
	/*
	 * The same, but what was synced comes from the storage, and not out of our memory;
	 * without a detour where offset, buffer and length are multiples of OUT_BLOCK.
	 */
	bool (*reread)(struct out *o, uint64_t off, void *buf, size_t len, struct err *e);
	/*
	 * Rereads: do these bytes lie there as they were written? NULL: whoever asks has to
	 * reread them, and to keep a sum of what was written.
	 */
	bool (*check)(struct out *o, uint64_t off, size_t len, struct err *e);
	/* The file is at least len bytes long from now on; nothing is taken for a hole. */
	bool (*lengthen)(struct out *o, uint64_t len, struct err *e);
	/* The same up to the end of these bytes, whose space is taken, or else owed. */
	bool (*reserve)(struct out *o, uint64_t off, uint64_t len, struct err *e);
	/* All written so far is on stable storage. An error is remembered for ever. */
	bool (*sync)(struct out *o, struct err *e);
};

struct out {
	const struct out_ops *ops;
	const char *name;	/* for messages */
	uint64_t owed;		/* bytes that were reserved, and whose space is still free */
};

#endif
