/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ML-KEM-768, and the SHA-3 in it, out of OpenSSH's sources (libcrux, MIT). */
#ifndef DEPS_MLKEM_H
#define DEPS_MLKEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MLKEM768_PUBLIC 1184u
#define MLKEM768_SECRET 2400u
#define MLKEM768_SEALED 1088u
#define MLKEM768_SEED 64u	/* of a pair of keys */
#define MLKEM768_RANDOM 32u	/* of one secret */
#define MLKEM768_SHARED 32u

/* All of its numbers are below the modulus, as FIPS 203 wants to know first. */
bool mlkem768_is_public(const uint8_t public[MLKEM768_PUBLIC]);
void mlkem768_encapsulate(const uint8_t public[MLKEM768_PUBLIC],
			  const uint8_t random[MLKEM768_RANDOM],
			  uint8_t sealed[MLKEM768_SEALED],
			  uint8_t shared[MLKEM768_SHARED]);
void mlkem768_pair(const uint8_t seed[MLKEM768_SEED], uint8_t public[MLKEM768_PUBLIC],
		   uint8_t secret[MLKEM768_SECRET]);
/* What was sealed for somebody else gives a secret that nobody has. */
void mlkem768_decapsulate(const uint8_t secret[MLKEM768_SECRET],
			  const uint8_t sealed[MLKEM768_SEALED],
			  uint8_t shared[MLKEM768_SHARED]);

void mlkem_sha3_256(const uint8_t *bytes, size_t len, uint8_t digest[32]);
void mlkem_shake256(const uint8_t *bytes, size_t len, uint8_t *out, size_t out_len);

#endif
