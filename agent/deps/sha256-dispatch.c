/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chooses nettle's SHA-256 block function at run time: the one with the SHA
 * instructions where the CPU has them, ordinary code elsewhere.
 *
 * nettle's own chooser ("fat build") references the AES, GHASH and SHA-1 code
 * too, so the linker could not leave those out. This file replaces it for
 * the one function that crashbox needs and knows nothing else of nettle.
 * It holds no state that matters: two threads that meet in the first call
 * both store the same pointer.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef const uint8_t *block_fn(uint32_t *state, const uint32_t *k,
				size_t n_blocks, const uint8_t *input);

block_fn _nettle_sha256_compress_n;

#if defined(__x86_64__)
#include <cpuid.h>

#define WITH_INSTRUCTIONS _nettle_sha256_compress_n_sha_ni
#define WITHOUT _nettle_sha256_compress_n_x86_64

/* The SHA code shuffles bytes with pshufb, which is SSSE3. */
static bool has_sha_instructions(void)
{
	unsigned int a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3))
		return false;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}
#else
#include <sys/auxv.h>

#define WITH_INSTRUCTIONS _nettle_sha256_compress_n_arm64
#define WITHOUT _nettle_sha256_compress_n_c
#define CAP_SHA2 (1UL << 6)	/* Linux arch/arm64/include/uapi/asm/hwcap.h */

static bool has_sha_instructions(void)
{
	return getauxval(AT_HWCAP) & CAP_SHA2;
}
#endif

block_fn WITH_INSTRUCTIONS;
block_fn WITHOUT;

const uint8_t *_nettle_sha256_compress_n(uint32_t *state, const uint32_t *k,
					 size_t n_blocks, const uint8_t *input)
{
	static block_fn *chosen;
	block_fn *fn = __atomic_load_n(&chosen, __ATOMIC_RELAXED);

	if (!fn) {
		fn = has_sha_instructions() ? WITH_INSTRUCTIONS : WITHOUT;
		__atomic_store_n(&chosen, fn, __ATOMIC_RELAXED);
	}
	return fn(state, k, n_blocks, input);
}
