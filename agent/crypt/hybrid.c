/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wrapping for a hybrid recipient: ML-KEM and X25519 are OpenSSH's, all else nettle's. */
#include "hybrid.h"

#include <mlkem.h>
#include <nettle/hmac.h>
#include <string.h>

#define INFO "age-encryption.org/" HYBRID_TYPE
/* KEM 0x647a, KDF 1: HKDF-SHA256, AEAD 3: ChaCha20-Poly1305 */
#define SUITE "HPKE\x64\x7a\x00\x01\x00\x03"
#define SUITE_LEN (sizeof(SUITE) - 1)
#define VERSION "HPKE-v1"
#define COMBINER "\\.//^\\"	/* X-Wing's own mark */

_Static_assert(HYBRID_LEN == MLKEM768_PUBLIC + AGE_KEY_LEN &&
	       HYBRID_ENC_LEN == MLKEM768_SEALED + AGE_KEY_LEN &&
	       HYBRID_RANDOM_LEN == MLKEM768_RANDOM + AGE_KEY_LEN, "one behind the other");

bool hybrid_is_recipient(const uint8_t recipient[HYBRID_LEN])
{
	return mlkem768_is_public(recipient);
}

void hybrid_combine(const uint8_t mlkem[32], const uint8_t x25519[AGE_KEY_LEN],
		    const uint8_t share[AGE_KEY_LEN], const uint8_t recipient[AGE_KEY_LEN],
		    uint8_t shared[HYBRID_SHARED_LEN])
{
	uint8_t all[4 * 32 + sizeof(COMBINER) - 1];

	memcpy(all, mlkem, 32);
	memcpy(all + 32, x25519, 32);
	memcpy(all + 64, share, 32);
	memcpy(all + 96, recipient, 32);
	memcpy(all + 128, COMBINER, sizeof(COMBINER) - 1);
	mlkem_sha3_256(all, sizeof(all), shared);
	age_wipe(all, sizeof(all));
}

bool hybrid_agree(const uint8_t recipient[HYBRID_LEN],
		  const uint8_t random[HYBRID_RANDOM_LEN], uint8_t enc[HYBRID_ENC_LEN],
		  uint8_t shared[HYBRID_SHARED_LEN])
{
	const uint8_t *scalar = random + MLKEM768_RANDOM, *point = recipient + MLKEM768_PUBLIC;
	uint8_t mlkem[MLKEM768_SHARED], x25519[AGE_KEY_LEN];
	bool ok;

	mlkem768_encapsulate(recipient, random, enc, mlkem);
	age_x25519(enc + HYBRID_X25519_AT, scalar, NULL);
	ok = age_x25519(x25519, scalar, point);
	hybrid_combine(mlkem, x25519, enc + HYBRID_X25519_AT, point, shared);
	age_wipe(mlkem, sizeof(mlkem));
	age_wipe(x25519, sizeof(x25519));
	return ok;
}

/* ---- RFC 9180, 5.1: the key schedule ------------------------------------------------ */

static void begin(struct hmac_sha256_ctx *ctx, const uint8_t *key, size_t len)
{
	hmac_sha256_set_key(ctx, len, key);
}

static void add(struct hmac_sha256_ctx *ctx, const void *bytes, size_t len)
{
	hmac_sha256_update(ctx, len, bytes);
}

static void add_label(struct hmac_sha256_ctx *ctx, const char *label)
{
	add(ctx, VERSION, sizeof(VERSION) - 1);
	add(ctx, SUITE, SUITE_LEN);
	add(ctx, label, strlen(label));
}

/* LabeledExtract(); salt NULL: none. */
static void extract(const uint8_t *salt, const char *label, const char *text, uint8_t out[32])
{
	struct hmac_sha256_ctx ctx;

	begin(&ctx, salt ? salt : (const uint8_t *)"", salt ? HYBRID_SHARED_LEN : 0);
	add_label(&ctx, label);
	add(&ctx, text, strlen(text));
	hmac_sha256_digest(&ctx, 32, out);
	age_wipe(&ctx, sizeof(ctx));
}

/* LabeledExpand(), of no more than the first block. */
static void expand(const uint8_t secret[32], const char *label, const uint8_t context[65],
		   uint8_t *out, uint8_t len)
{
	const uint8_t first[] = { 0, len }, last = 1;
	struct hmac_sha256_ctx ctx;

	begin(&ctx, secret, 32);
	add(&ctx, first, sizeof(first));
	add_label(&ctx, label);
	add(&ctx, context, 65);
	add(&ctx, &last, 1);
	hmac_sha256_digest(&ctx, len, out);
	age_wipe(&ctx, sizeof(ctx));
}

void hybrid_schedule(const uint8_t shared[HYBRID_SHARED_LEN], uint8_t key[32],
		     uint8_t nonce[WRAP_NONCE_LEN])
{
	uint8_t context[65] = { 0 }, secret[32];	/* mode 0: base */

	extract(NULL, "psk_id_hash", "", context + 1);
	extract(NULL, "info_hash", INFO, context + 33);
	extract(shared, "secret", "", secret);
	expand(secret, "key", context, key, 32);
	expand(secret, "base_nonce", context, nonce, WRAP_NONCE_LEN);
	age_wipe(secret, sizeof(secret));
}

void hybrid_wrap(const uint8_t shared[HYBRID_SHARED_LEN],
		 const uint8_t file_key[AGE_FILE_KEY_LEN], uint8_t wrapped[AGE_WRAPPED_LEN])
{
	uint8_t key[32], nonce[WRAP_NONCE_LEN];

	hybrid_schedule(shared, key, nonce);
	wrap_seal(key, nonce, file_key, wrapped);
	age_wipe(key, sizeof(key));
	age_wipe(nonce, sizeof(nonce));
}
