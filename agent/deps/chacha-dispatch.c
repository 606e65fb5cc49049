/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chooses at run time how many blocks of ChaCha20 are made at once (chacha-lanes.c), in the
 * place of nettle's function, which has what is left. It holds no state that matters: two
 * threads that meet in the first call both store the same number.
 */
#include <cpuid.h>
#include <stddef.h>
#include <stdint.h>

#include "chacha.h"

#define XCR0_AVX 0x06u		/* the kernel saves these registers: of SSE and AVX, ... */
#define XCR0_AVX512 0xe6u	/* ... and those of AVX-512 */

typedef size_t lanes_fn(uint32_t *state, size_t len, uint8_t *to, const uint8_t *from);

lanes_fn chacha_lanes_4, chacha_lanes_8, chacha_lanes_16;
size_t chacha_lanes_try(unsigned nr, uint32_t *state, size_t len, uint8_t *to,
			const uint8_t *from);
void nettle_chacha_crypt32_rest(struct chacha_ctx *ctx, size_t len, uint8_t *to,
				const uint8_t *from);

/* The narrowest one is what each x86_64 has, SSE2. */
static lanes_fn *const widths[] = { chacha_lanes_4, chacha_lanes_8, chacha_lanes_16 };

static unsigned widths_here(void)
{
	unsigned a, b, c, d, saved, high;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE) || !(c & bit_AVX))
		return 1;
	__asm__("xgetbv" : "=a"(saved), "=d"(high) : "c"(0));
	if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & bit_AVX2) ||
	    (saved & XCR0_AVX) != XCR0_AVX)
		return 1;
	return (b & bit_AVX512F) && (saved & XCR0_AVX512) == XCR0_AVX512 ? 3 : 2;
}

/* For tests: with one of them. How much was done; 0 where there is no such, or not here. */
size_t chacha_lanes_try(unsigned nr, uint32_t *state, size_t len, uint8_t *to,
			const uint8_t *from)
{
	return nr < widths_here() ? widths[nr](state, len, to, from) : 0;
}

void nettle_chacha_crypt32(struct chacha_ctx *ctx, size_t len, uint8_t *to,
			   const uint8_t *from)
{
	static unsigned n;
	unsigned here = __atomic_load_n(&n, __ATOMIC_RELAXED);
	size_t done;

	if (!here) {
		here = widths_here();
		__atomic_store_n(&n, here, __ATOMIC_RELAXED);
	}
	done = widths[here - 1](ctx->state, len, to, from);
	done += widths[0](ctx->state, len - done, to + done, from + done);
	nettle_chacha_crypt32_rest(ctx, len - done, to + done, from + done);
}
