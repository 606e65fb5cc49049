/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file's key under another one: ChaCha20-Poly1305 of nettle's. X25519 is OpenSSH's. */
#include "wrap.h"

#include <nettle/chacha-poly1305.h>
#include <string.h>

/* OpenSSH's smult_curve25519_ref.c, which has no header. */
int crypto_scalarmult_curve25519(unsigned char *out, const unsigned char *scalar,
				 const unsigned char *point);

static const uint8_t base_point[AGE_KEY_LEN] = { 9 };

void age_wipe(void *secret, size_t len)
{
	explicit_bzero(secret, len);
}

bool age_x25519(uint8_t out[AGE_KEY_LEN], const uint8_t scalar[AGE_KEY_LEN],
		const uint8_t *point)
{
	uint8_t any = 0;

	crypto_scalarmult_curve25519(out, scalar, point ? point : base_point);
	for (size_t i = 0; i < AGE_KEY_LEN; i++)
		any |= out[i];
	return any;
}

static void begin(struct chacha_poly1305_ctx *ctx, const uint8_t key[32],
		  const uint8_t nonce[WRAP_NONCE_LEN])
{
	chacha_poly1305_set_key(ctx, key);
	chacha_poly1305_set_nonce(ctx, nonce);
}

void wrap_seal(const uint8_t key[32], const uint8_t nonce[WRAP_NONCE_LEN],
	       const uint8_t file_key[AGE_FILE_KEY_LEN], uint8_t wrapped[AGE_WRAPPED_LEN])
{
	struct chacha_poly1305_ctx ctx;

	begin(&ctx, key, nonce);
	chacha_poly1305_encrypt(&ctx, AGE_FILE_KEY_LEN, wrapped, file_key);
	chacha_poly1305_digest(&ctx, AGE_TAG, wrapped + AGE_FILE_KEY_LEN);
	age_wipe(&ctx, sizeof(ctx));
}

bool wrap_open(const uint8_t key[32], const uint8_t nonce[WRAP_NONCE_LEN],
	       const uint8_t wrapped[AGE_WRAPPED_LEN], uint8_t file_key[AGE_FILE_KEY_LEN])
{
	struct chacha_poly1305_ctx ctx;
	uint8_t tag[AGE_TAG], differs = 0;

	begin(&ctx, key, nonce);
	chacha_poly1305_decrypt(&ctx, AGE_FILE_KEY_LEN, file_key, wrapped);
	chacha_poly1305_digest(&ctx, AGE_TAG, tag);
	age_wipe(&ctx, sizeof(ctx));
	for (size_t i = 0; i < AGE_TAG; i++)
		differs |= tag[i] ^ wrapped[AGE_FILE_KEY_LEN + i];
	return !differs;
}
