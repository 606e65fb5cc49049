/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wrapping a file's key, as far as it is the same for every kind of recipient. */
#ifndef CRYPT_WRAP_H
#define CRYPT_WRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AGE_KEY_LEN 32u			/* of X25519 */
#define AGE_FILE_KEY_LEN 16u
#define AGE_TAG 16u
#define AGE_WRAPPED_LEN (AGE_FILE_KEY_LEN + AGE_TAG)
#define WRAP_NONCE_LEN 12u

/* Takes secrets away so that no compiler may leave it out. */
void age_wipe(void *secret, size_t len);

/*
 * With a point, or with the base point where that is NULL. False: the point is one of the few
 * that give zero with whatever scalar, and so no secret.
 */
bool age_x25519(uint8_t out[AGE_KEY_LEN], const uint8_t scalar[AGE_KEY_LEN],
		const uint8_t *point);

/* Once with a key and nonce. */
void wrap_seal(const uint8_t key[32], const uint8_t nonce[WRAP_NONCE_LEN],
	       const uint8_t file_key[AGE_FILE_KEY_LEN], uint8_t wrapped[AGE_WRAPPED_LEN]);
/* False: they are not what it was sealed with. */
bool wrap_open(const uint8_t key[32], const uint8_t nonce[WRAP_NONCE_LEN],
	       const uint8_t wrapped[AGE_WRAPPED_LEN], uint8_t file_key[AGE_FILE_KEY_LEN]);

#endif
