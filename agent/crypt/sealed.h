/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that goes out as an age file: it is appended to, never rewritten, so that no nonce
 * can come twice, and as long as the key is here it can be told whether what lies there is it.
 */
#ifndef CRYPT_SEALED_H
#define CRYPT_SEALED_H

#include "age.h"

struct out;

struct sealed {
	struct out *below;	/* where it lies */
	struct age_payload payload;
	uint64_t header_len;
	uint64_t len;		/* plain bytes so far */
	uint64_t n_sealed;	/* chunks that went out: the number of the next one */
	uint8_t *chunk;		/* AGE_SEALED_CHUNK: the bytes of the next one */
	size_t fill;
	bool is_over;		/* the last chunk went out: nothing follows */
	bool failed;		/* one did not: nothing follows, either */
	uint8_t *seen;		/* AGE_SEALED_CHUNK: one that was read back */
	uint64_t seen_nr;	/* which one was as it was sealed, plus 1 */
};

/* Writes the header. chunk and seen are the caller's, both of AGE_SEALED_CHUNK bytes. */
bool sealed_begin(struct sealed *s, struct out *below, const struct age_recipients *to,
		  struct err *e);
bool sealed_append(struct sealed *s, const void *buf, size_t len, struct err *e);
/* The last chunk, which says that it is. Once; later calls do nothing. */
bool sealed_end(struct sealed *s, struct err *e);
/*
 * Reads back the chunks that have these plain bytes, as far as they went out; not again the one
 * that it ended with before. EIO: what lies there is not what was sealed.
 */
bool sealed_check(struct sealed *s, uint64_t off, size_t len, struct err *e);
/* Forgets the key. */
void sealed_forget(struct sealed *s);

#endif
