/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nettle's ChaCha20, LANES blocks at once. Nettle has one block at a time for x86_64, so that
 * each step waits for the one before it. Here its own C code is compiled with each of its words
 * a vector: that word of LANES blocks, which differ in their counters only. What is ours is to
 * lay the words out and to put the blocks together again.
 */
#include <stdint.h>
#include <string.h>

#include "bswap-internal.h"
#include "chacha-internal.h"
#include "macros.h"

#define WORDS _CHACHA_STATE_LENGTH
#define COUNTER 12
#define ROUNDS 20

typedef uint32_t lanes __attribute__((vector_size(4 * LANES)));
typedef uint32_t quad __attribute__((vector_size(16), aligned(4), may_alias));
/* 16 bytes of a message, wherever they lie. */
typedef uint32_t bytes16 __attribute__((vector_size(16), aligned(1), may_alias));

#define _nettle_chacha_core core
#define uint32_t lanes
static void core(lanes *dst, const lanes *src, unsigned rounds);
#include "chacha-core-internal.c"
#undef uint32_t

/*
 * In every four lanes, of a and b in turns: the first two or the last two, `each` 1 or 2 at a
 * time. Of constants, so that the compiler has one instruction for it.
 */
static inline __attribute__((always_inline)) lanes turns(lanes a, lanes b, int last, int each)
{
	lanes which;

	for (unsigned i = 0; i < LANES; i++) {
		unsigned n = i % 4, is_b = n / each % 2;

		which[i] = i / 4 * 4 + 2 * last + (each == 2 ? n % 2 : n / 2) + is_b * LANES;
	}
#ifdef __clang__
	for (unsigned i = 0; i < LANES; i++)
		which[i] = which[i] < LANES ? a[which[i]] : b[which[i] - LANES];
	return which;
#else
	return __builtin_shuffle(a, b, which);
#endif
}

/*
 * Four words of all blocks become 16 bytes of a block in every four lanes: in w[i] those of
 * the blocks i, i + 4, i + 8, ...
 */
static inline __attribute__((always_inline)) void turn(lanes w[4])
{
	lanes low = turns(w[0], w[1], 0, 1), high = turns(w[0], w[1], 1, 1);
	lanes low2 = turns(w[2], w[3], 0, 1), high2 = turns(w[2], w[3], 1, 1);

	w[0] = turns(low, low2, 0, 2);
	w[1] = turns(low, low2, 1, 2);
	w[2] = turns(high, high2, 0, 2);
	w[3] = turns(high, high2, 1, 2);
}

static void add_to(const lanes *key, uint8_t *to, const uint8_t *from)
{
	for (unsigned block = 0; block < LANES; block++)
		for (unsigned i = 0; i < 4; i++, to += 16, from += 16)
			*(bytes16 *)to = *(const bytes16 *)from ^
				((const quad *)&key[4 * i + block % 4])[block / 4];
}

#define JOINED(a, b) a##b
#define NAMED(n) JOINED(chacha_lanes_, n)

/* As much of a message as is LANES blocks, and again; the counter goes on. How much it was. */
size_t NAMED(LANES)(uint32_t *state, size_t len, uint8_t *to, const uint8_t *from)
{
	lanes in[WORDS], key[WORDS], nr;
	size_t done = 0;

	for (unsigned i = 0; i < WORDS; i++)
		in[i] = state[i] - (lanes){ 0 };
	for (unsigned i = 0; i < LANES; i++)
		nr[i] = i;
	in[COUNTER] += nr;
	for (; len - done >= LANES * CHACHA_BLOCK_SIZE; done += LANES * CHACHA_BLOCK_SIZE) {
		core(key, in, ROUNDS);
		in[COUNTER] += LANES;
		for (unsigned i = 0; i < WORDS; i += 4)
			turn(key + i);
		add_to(key, to + done, from + done);
	}
	state[COUNTER] += done / CHACHA_BLOCK_SIZE;
	return done;
}
