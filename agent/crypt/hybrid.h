/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How age wraps a file's key for a recipient age1pq1...: by HPKE (RFC 9180, base mode) with
 * the key agreement MLKEM768-X25519, also called X-Wing, which holds as long as one of the two.
 */
#ifndef CRYPT_HYBRID_H
#define CRYPT_HYBRID_H

#include "wrap.h"

#define HYBRID_TYPE "mlkem768x25519"	/* of the stanza */
#define HYBRID_LEN 1216u		/* of a recipient: ML-KEM's and X25519's */
#define HYBRID_ENC_LEN 1120u		/* what a stanza tells of the agreement */
#define HYBRID_RANDOM_LEN 64u
#define HYBRID_SHARED_LEN 32u

/* Of bytes that claim to be a recipient. */
bool hybrid_is_recipient(const uint8_t recipient[HYBRID_LEN]);

/*
 * A new secret for them, out of random bytes that are used for nothing else. False: they are
 * none who can keep it.
 */
bool hybrid_agree(const uint8_t recipient[HYBRID_LEN],
		  const uint8_t random[HYBRID_RANDOM_LEN], uint8_t enc[HYBRID_ENC_LEN],
		  uint8_t shared[HYBRID_SHARED_LEN]);

void hybrid_wrap(const uint8_t shared[HYBRID_SHARED_LEN],
		 const uint8_t file_key[AGE_FILE_KEY_LEN], uint8_t wrapped[AGE_WRAPPED_LEN]);

/* ---- for hybrid_open.c, which has the secret key ---- */

#define HYBRID_X25519_AT (HYBRID_ENC_LEN - AGE_KEY_LEN)

/* The two secrets, and what they belong to, become one. */
void hybrid_combine(const uint8_t mlkem[32], const uint8_t x25519[AGE_KEY_LEN],
		    const uint8_t share[AGE_KEY_LEN], const uint8_t recipient[AGE_KEY_LEN],
		    uint8_t shared[HYBRID_SHARED_LEN]);

/* Key and nonce that a file's key is wrapped with. */
void hybrid_schedule(const uint8_t shared[HYBRID_SHARED_LEN], uint8_t key[32],
		     uint8_t nonce[WRAP_NONCE_LEN]);

#endif
