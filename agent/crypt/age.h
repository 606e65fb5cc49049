/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The age file format, version 1 (C2SP age.md): a header that has the file's key for each
 * recipient, and a payload of chunks that are sealed one by one with ChaCha20-Poly1305. A
 * recipient is of X25519, or a hybrid one that a quantum computer does not open, either
 * (hybrid.h). The primitives are nettle's and, for X25519 and ML-KEM, OpenSSH's.
 */
#ifndef CRYPT_AGE_H
#define CRYPT_AGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hybrid.h"

struct err;

#define AGE_NONCE_LEN 16u
#define AGE_CHUNK 65536u		/* of plain bytes */
#define AGE_SEALED_CHUNK (AGE_CHUNK + AGE_TAG)
#define AGE_RECIPIENTS_MAX 16		/* of X25519 */
#define AGE_STANZA_MAX 128u		/* bytes of one for them */
#define AGE_HYBRIDS_MAX 4
#define AGE_HYBRID_STANZA_MAX 1600u
#define AGE_HEADER_MAX 8192u		/* that we write */
#define AGE_HEADER_READ_MAX (64u << 10)

/* Whom a file is for: all of them of one kind. */
struct age_recipients {
	uint8_t keys[AGE_RECIPIENTS_MAX][AGE_KEY_LEN];
	uint8_t hybrids[AGE_HYBRIDS_MAX][HYBRID_LEN];
	bool is_hybrid;		/* the latter */
	unsigned n;
	bool is_broken;		/* one was said that is none: nothing is written at all */
};

/*
 * One more, "age1..." or "age1pq1...". EINVAL says what is wrong with it, or that it cannot go
 * with those that are there; EOPNOTSUPP: of a kind that is not known.
 */
bool age_recipient_add(struct age_recipients *to, const char *text, struct err *e);

/* How a file's key is in its header for one kind of recipient. */
struct age_stanza {
	const char *begins;
	size_t enc_len;		/* bytes of the word behind that, at most HYBRID_ENC_LEN */
	/* For whom was it made? False: for somebody else. wrapped is AGE_WRAPPED_LEN long. */
	bool (*unwrap)(const uint8_t *enc, const uint8_t *wrapped, const uint8_t *secret,
		       uint8_t file_key[AGE_FILE_KEY_LEN]);
};

/* Who can open. */
struct age_identity {
	uint8_t secret[AGE_KEY_LEN];
	const struct age_stanza *of;
};

/* "AGE-SECRET-KEY-1...". The words of an error never have any of it. */
bool age_identity_parse(const char *text, struct age_identity *identity, struct err *e);

/* What seals and opens the chunks of one file. */
struct age_payload {
	uint8_t key[32];
};

/*
 * A new file: its header, with the payload's nonce behind it, and the key of its chunks. The
 * key is made here of the kernel's random bytes and is in nobody's hands but the recipients'.
 * False when there are none, as when the kernel cannot give any yet.
 */
bool age_begin(const struct age_recipients *to, struct age_payload *payload,
	       uint8_t header[AGE_HEADER_MAX], size_t *len_ret, struct err *e);

/*
 * A file that is there, by its first bytes: EACCES: it is for others; EINVAL: it is not an age
 * file, or somebody has changed its header. *len_ret: bytes in front of the payload's chunks.
 */
bool age_open(const uint8_t *file, size_t len, const struct age_identity *identity,
	      struct age_payload *payload, size_t *len_ret, struct err *e);

/* One chunk, in place: AGE_TAG bytes come behind it, or go. nr counts from 0. */
void age_seal(const struct age_payload *p, uint64_t nr, bool is_last, uint8_t *chunk,
	      size_t len);
/*
 * Is it what was sealed, without opening it? len is with the tag: a sum of the sealed bytes
 * under a key that only chunk nr of this file has, and which was used once. So whatever has it
 * is, byte for byte, what age_seal() gave, and opens to what it was given.
 */
bool age_is_sealed(const struct age_payload *p, uint64_t nr, bool is_last,
		   const uint8_t *chunk, size_t len);
/* len is with the tag. False: it is not what was sealed, and stays as it is. */
bool age_unseal(const struct age_payload *p, uint64_t nr, bool is_last, uint8_t *chunk,
		size_t len);

/*
 * A known file opens, and what is sealed for these recipients opens again. Else nothing is to
 * be begun, and e says why. Takes some milliseconds, and no longer than random bytes do.
 */
bool age_works(const struct age_recipients *to, struct err *e);

/* ---- for age_open.c, which reads headers ---- */

#define AGE_VERSION "age-encryption.org/v1"
#define AGE_MAC_LEN 32u

/* Over the header up to and with "---". */
void age_header_mac(const uint8_t *header, size_t len,
		    const uint8_t file_key[AGE_FILE_KEY_LEN], uint8_t mac[AGE_MAC_LEN]);
void age_payload_key(const uint8_t file_key[AGE_FILE_KEY_LEN],
		     const uint8_t nonce[AGE_NONCE_LEN], struct age_payload *p);

#endif
