/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crypt/hybrid: X-Wing gives the secrets of its draft's vectors (draft-connolly-cfrg-xwing-kem,
 * appendix C), who has the key gets what was wrapped and nobody else, and nobody is taken for
 * a recipient who is none.
 */
#include <mlkem.h>

#include "base/err.h"
#include "base/numbers.h"
#include "crypt/age.h"
#include "crypt/hybrid_open.h"
#include "t.h"

#define HEX_LEN 65

static const struct { const char *seed, *random, *shared; } vectors[] = {
	{ "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26",
	  "3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e2"
	  "35b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2",
	  "d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384" },
	{ "badfd6dfaac359a5efbb7bcc4b59d538df9a04302e10c8bc1cbf1a0b3a5120ea",
	  "17cda7cfad765f5623474d368ccca8af0007cd9f5e4c849f167a580b14aabdef"
	  "aee7eef47cb0fca9767be1fda69419dfb927e9df07348b196691abaeb580b32d",
	  "f2e86241c64d60f6649fbc6c5b7d17180b780a3f34355e64a85749949c45f150" },
	{ "ef58538b8d23f87732ea63b02b4fa0f4873360e2841928cd60dd4cee8cc0d4c9",
	  "22a96188d032675c8ac850933c7aff1533b94c834adbb69c6115bad4692d8619"
	  "f90b0cdf8a7b9c264029ac185b70b83f2801f2f4b3f70c593ea3aeeb613a7f1b",
	  "953f7f4e8c5b5049bdc771d1dffada0dd961477d1a2ae0988baa7ea6898d893f" },
};

static void bytes_of(const char *hex, uint8_t *bytes)
{
	for (size_t i = 0; hex[2 * i]; i++) {
		const char two[] = { hex[2 * i], hex[2 * i + 1], '\0' };

		bytes[i] = strtoul(two, NULL, 16);
	}
}

static void recipient_of(const uint8_t seed[AGE_KEY_LEN], uint8_t recipient[HYBRID_LEN])
{
	uint8_t seeds[MLKEM768_SEED + AGE_KEY_LEN], secret[MLKEM768_SECRET];

	mlkem_shake256(seed, AGE_KEY_LEN, seeds, sizeof(seeds));
	mlkem768_pair(seeds, recipient, secret);
	age_x25519(recipient + MLKEM768_PUBLIC, seeds + MLKEM768_SEED, NULL);
}

/* By an identity that age.md has, as an example. */
static const struct age_stanza *stanza(void)
{
	static const char key[] =
		"AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR";
	struct age_identity identity;
	struct err e;

	return T_CHECK("age.md's key is one", hybrid_identity_parse(key, &identity, &e)) ?
	       identity.of : NULL;
}

static void test_vectors(const struct age_stanza *of)
{
	uint8_t seed[AGE_KEY_LEN], random[HYBRID_RANDOM_LEN], shared[HYBRID_SHARED_LEN];
	uint8_t recipient[HYBRID_LEN], enc[HYBRID_ENC_LEN], wrapped[AGE_WRAPPED_LEN];
	uint8_t file_key[AGE_FILE_KEY_LEN] = "a file's own key", back[AGE_FILE_KEY_LEN];
	char hex[HEX_LEN];

	for (size_t i = 0; i < T_SIZE(vectors); i++) {
		bytes_of(vectors[i].seed, seed);
		bytes_of(vectors[i].random, random);
		recipient_of(seed, recipient);
		T_CHECK("it is one", hybrid_is_recipient(recipient));
		T_CHECK("they agree", hybrid_agree(recipient, random, enc, shared));
		format_hex(hex, shared, sizeof(shared));
		T_TEXT("the secret", vectors[i].shared, hex);
		hybrid_wrap(shared, file_key, wrapped);
		T_CHECK("it is not in the clear", memcmp(wrapped, file_key, sizeof(file_key)));
		T_CHECK("it opens", of->unwrap(enc, wrapped, seed, back));
		T_CHECK("to what it was", !memcmp(back, file_key, sizeof(back)));
		enc[i * 500] ^= 1;
		T_CHECK("not with another share", !of->unwrap(enc, wrapped, seed, back));
		enc[i * 500] ^= 1;
		enc[HYBRID_ENC_LEN - 2] ^= 1;
		T_CHECK("of either kind", !of->unwrap(enc, wrapped, seed, back));
		enc[HYBRID_ENC_LEN - 2] ^= 1;
		seed[0] ^= 1;
		T_CHECK("not for another key", !of->unwrap(enc, wrapped, seed, back));
		wrapped[5] ^= 1;
		seed[0] ^= 1;
		T_CHECK("not if it was changed", !of->unwrap(enc, wrapped, seed, back));
	}
}

/* Two numbers of 12 bits lie in three bytes; the modulus is 3329, 0xd01. */
static void test_no_recipient(void)
{
	static const struct { const char *row; uint8_t bytes[3]; bool is_one; } rows[] = {
		{ "3328, the last one", { 0x00, 0x0d, 0x00 }, true },
		{ "3329", { 0x01, 0x0d, 0x00 }, false },
		{ "3328 behind it", { 0x00, 0x00, 0xd0 }, true },
		{ "3329 behind it", { 0x00, 0x10, 0xd0 }, false },
		{ "4095 and 4095", { 0xff, 0xff, 0xff }, false },
	};
	uint8_t recipient[HYBRID_LEN], seed[AGE_KEY_LEN] = { 3 };

	for (size_t i = 0; i < T_SIZE(rows); i++)
		for (size_t at = 0; at < MLKEM768_PUBLIC - 32; at += 1149) {
			recipient_of(seed, recipient);
			memcpy(recipient + at, rows[i].bytes, sizeof(rows[i].bytes));
			T_EQUAL(rows[i].row, rows[i].is_one, hybrid_is_recipient(recipient));
		}
}

/* The points 0 and 1 give zero, for whoever knows that to wrap with: it is not opened. */
static void test_no_secret(const struct age_stanza *of)
{
	static const uint8_t zero[AGE_KEY_LEN], random[HYBRID_RANDOM_LEN] = { 5 };
	uint8_t recipient[HYBRID_LEN], seed[AGE_KEY_LEN] = { 3 }, mlkem[MLKEM768_SHARED];
	uint8_t enc[HYBRID_ENC_LEN] = { 0 }, shared[HYBRID_SHARED_LEN];
	uint8_t wrapped[AGE_WRAPPED_LEN], file_key[AGE_FILE_KEY_LEN] = { 0 };

	for (uint8_t point = 0; point < 2; point++) {
		recipient_of(seed, recipient);
		mlkem768_encapsulate(recipient, random, enc, mlkem);
		enc[HYBRID_X25519_AT] = point;
		hybrid_combine(mlkem, zero, enc + HYBRID_X25519_AT, recipient + MLKEM768_PUBLIC,
			       shared);
		hybrid_wrap(shared, file_key, wrapped);
		T_CHECK("none comes", !of->unwrap(enc, wrapped, seed, file_key));
		memset(recipient + MLKEM768_PUBLIC, 0, AGE_KEY_LEN);
		recipient[MLKEM768_PUBLIC] = point;
		T_CHECK("none goes", !hybrid_agree(recipient, random, enc, shared));
	}
}

int main(void)
{
	const struct age_stanza *of = stanza();

	if (of) {
		test_vectors(of);
		test_no_secret(of);
	}
	test_no_recipient();
	return t_done();
}
