/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a written file from where it lies, in one range or several: its SHA-256 for the
 * manifest, and whether every byte comes back as it was sent. The sum that tells is one over
 * words and their places, so a writer can keep it in whatever order it writes.
 */
#ifndef DUMP_READBACK_H
#define DUMP_READBACK_H

#include <nettle/sha2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct holes;
struct out;

#define SHA256_HEX_LEN 65
#define READBACK_PIECES 4	/* that buf is cut into */

/*
 * What len bytes at off add to a file's sum. off is a multiple of 8, a last word that is
 * not whole counts as filled up with zeroes, and words of zero add nothing, as holes do.
 */
uint64_t word_sum(uint64_t off, const void *bytes, size_t len);

/* Seconds of this CPU that a byte takes to be summed up, as readback_range() does. */
double readback_seconds(void);

struct readback {
	struct out *out;
	uint64_t word_off;	/* a word that will be written last, and ... */
	uint64_t word;		/* ... what it will be: both sums count it as that */
	const struct holes *holes;	/* of the file, read as zeroes and not asked for */
	double give_up;		/* monotonic second, 0: never */
	unsigned n_threads;	/* beside this one: one can read while the other hashes */
	uint8_t *buf;		/* of at least 8 * READBACK_PIECES bytes */
	size_t buf_len;
	uint64_t *done;		/* progress: all that was read; NULL: nobody looks */
	/* What was read so far, from readback_begin() on: */
	uint64_t n_read, sum;
	struct sha256_ctx sha;	/* since the last digest */
};

void readback_begin(struct readback *r);

/*
 * Reads [*off, end), and moves *off behind what was read and is counted in. *off is a multiple
 * of 8, and so is end, unless it is the file's. ETIMEDOUT: give_up came first; other errors
 * are of the storage. Both leave all that was read before in order.
 */
bool readback_range(struct readback *r, uint64_t *off, uint64_t end, struct err *e);

/* The SHA-256 of what was read since the last one. */
void readback_digest(struct readback *r, char hex[SHA256_HEX_LEN]);

#endif
