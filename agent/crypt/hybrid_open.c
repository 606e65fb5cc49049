/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file's key out of a stanza for AGE-SECRET-KEY-PQ-1...; in a capture there is none. */
#include "hybrid_open.h"

#include <mlkem.h>
#include <string.h>

#include "bech32.h"

/* The identity is a seed: of both secret keys, and with them of both public ones. */
static bool agree(const uint8_t *enc, const uint8_t identity[AGE_KEY_LEN],
		  uint8_t shared[HYBRID_SHARED_LEN])
{
	uint8_t seeds[MLKEM768_SEED + AGE_KEY_LEN], secret[MLKEM768_SECRET];
	uint8_t public[MLKEM768_PUBLIC], point[AGE_KEY_LEN], mlkem[MLKEM768_SHARED];
	uint8_t x25519[AGE_KEY_LEN];
	bool ok;

	mlkem_shake256(identity, AGE_KEY_LEN, seeds, sizeof(seeds));
	mlkem768_pair(seeds, public, secret);
	mlkem768_decapsulate(secret, enc, mlkem);
	age_x25519(point, seeds + MLKEM768_SEED, NULL);
	ok = age_x25519(x25519, seeds + MLKEM768_SEED, enc + HYBRID_X25519_AT);
	hybrid_combine(mlkem, x25519, enc + HYBRID_X25519_AT, point, shared);
	age_wipe(seeds, sizeof(seeds));
	age_wipe(secret, sizeof(secret));
	age_wipe(mlkem, sizeof(mlkem));
	age_wipe(x25519, sizeof(x25519));
	return ok;
}

static bool unwrap(const uint8_t *enc, const uint8_t *wrapped, const uint8_t *identity,
		   uint8_t file_key[AGE_FILE_KEY_LEN])
{
	uint8_t shared[HYBRID_SHARED_LEN], key[32], nonce[WRAP_NONCE_LEN];
	bool ok = agree(enc, identity, shared);

	hybrid_schedule(shared, key, nonce);
	ok = ok && wrap_open(key, nonce, wrapped, file_key);
	age_wipe(shared, sizeof(shared));
	age_wipe(key, sizeof(key));
	return ok;
}

static const struct age_stanza hybrid_stanza = {
	.begins = "-> " HYBRID_TYPE " ", .enc_len = HYBRID_ENC_LEN, .unwrap = unwrap,
};

bool hybrid_identity_parse(const char *text, struct age_identity *identity, struct err *e)
{
	identity->of = &hybrid_stanza;
	return bech32_decode(text, "age-secret-key-pq-", identity->secret, AGE_KEY_LEN, e);
}
