/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a written file once from where it lies: its SHA-256 for the manifest, and
 * whether every byte comes back as it was sent. The sum that tells is one over words
 * and their places, so a writer can keep it in whatever order it writes.
 */
#ifndef DUMP_READBACK_H
#define DUMP_READBACK_H

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

/* Seconds of this CPU that a byte takes to be summed up, as readback() does. */
double readback_seconds(void);

struct readback {
	uint64_t len;		/* of the file */
	uint64_t sum;		/* that it must have */
	uint64_t word_off;	/* a word that will be written last, and ... */
	uint64_t word;		/* ... what it will be: both sums count it as that */
	const struct holes *holes;	/* of the file, read as zeroes and not asked for */
	double give_up;		/* monotonic second, 0: never */
	unsigned n_threads;	/* beside this one; more than one are of no use */
	uint8_t *buf;		/* of at least 8 * READBACK_PIECES bytes */
	size_t buf_len;
	uint64_t *done;		/* progress */
};

/* EIO: it is not what was written. ETIMEDOUT: give_up came first. */
bool readback(struct out *o, const struct readback *want, char hex[SHA256_HEX_LEN],
	      struct err *e);

#endif
