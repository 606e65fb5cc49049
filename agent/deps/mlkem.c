/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names for what is wanted of OpenSSH's libcrux_mlkem768_sha3.h, all of which is static. */
#include "mlkem.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#define fatal_f(text) abort()	/* "internal error" */
#include "libcrux_mlkem768_sha3.h"

_Static_assert(sizeof(struct libcrux_mlkem768_pk) == MLKEM768_PUBLIC &&
	       sizeof(struct libcrux_mlkem768_sk) == MLKEM768_SECRET &&
	       sizeof(struct libcrux_mlkem768_ciphertext) == MLKEM768_SEALED &&
	       LIBCRUX_ML_KEM_KEY_PAIR_PRNG_LEN == MLKEM768_SEED &&
	       LIBCRUX_ML_KEM_ENC_PRNG_LEN == MLKEM768_RANDOM, "they are these bytes");

bool mlkem768_is_public(const uint8_t public[MLKEM768_PUBLIC])
{
	struct libcrux_mlkem768_pk key;

	memcpy(&key, public, sizeof(key));
	return libcrux_ml_kem_mlkem768_portable_validate_public_key(&key);
}

void mlkem768_encapsulate(const uint8_t public[MLKEM768_PUBLIC],
			  const uint8_t random[MLKEM768_RANDOM],
			  uint8_t sealed[MLKEM768_SEALED],
			  uint8_t shared[MLKEM768_SHARED])
{
	struct libcrux_mlkem768_pk key;
	struct libcrux_mlkem768_enc_result made;
	uint8_t copy[MLKEM768_RANDOM];

	memcpy(&key, public, sizeof(key));
	memcpy(copy, random, sizeof(copy));
	made = libcrux_ml_kem_mlkem768_portable_encapsulate(&key, copy);
	memcpy(sealed, &made.fst, MLKEM768_SEALED);
	memcpy(shared, made.snd, MLKEM768_SHARED);
	explicit_bzero(&made, sizeof(made));
	explicit_bzero(copy, sizeof(copy));
}

void mlkem768_pair(const uint8_t seed[MLKEM768_SEED], uint8_t public[MLKEM768_PUBLIC],
		   uint8_t secret[MLKEM768_SECRET])
{
	struct libcrux_mlkem768_keypair made;
	uint8_t copy[MLKEM768_SEED];

	memcpy(copy, seed, sizeof(copy));
	made = libcrux_ml_kem_mlkem768_portable_generate_key_pair(copy);
	memcpy(public, &made.pk, MLKEM768_PUBLIC);
	memcpy(secret, &made.sk, MLKEM768_SECRET);
	explicit_bzero(&made, sizeof(made));
	explicit_bzero(copy, sizeof(copy));
}

void mlkem768_decapsulate(const uint8_t secret[MLKEM768_SECRET],
			  const uint8_t sealed[MLKEM768_SEALED],
			  uint8_t shared[MLKEM768_SHARED])
{
	struct libcrux_mlkem768_sk key;
	struct libcrux_mlkem768_ciphertext from;

	memcpy(&key, secret, sizeof(key));
	memcpy(&from, sealed, sizeof(from));
	libcrux_ml_kem_mlkem768_portable_decapsulate(&key, &from, shared);
	explicit_bzero(&key, sizeof(key));
}

void mlkem_sha3_256(const uint8_t *bytes, size_t len, uint8_t digest[32])
{
	libcrux_sha3_portable_sha256((Eurydice_slice){ digest, 32 },
				     (Eurydice_slice){ (void *)bytes, len });
}

void mlkem_shake256(const uint8_t *bytes, size_t len, uint8_t *out, size_t out_len)
{
	libcrux_sha3_portable_shake256((Eurydice_slice){ out, out_len },
				       (Eurydice_slice){ (void *)bytes, len });
}
