/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bits in an array of 64-bit words that the caller owns; bit i is bit i%64 of
 * word i/64, which on little-endian is also the order of a dump's bitmaps.
 */
#ifndef BASE_BITMAP_H
#define BASE_BITMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline void bitmap_set(uint64_t *map, size_t i)
{
	map[i / 64] |= 1ULL << (i % 64);
}

static inline void bitmap_clear(uint64_t *map, size_t i)
{
	map[i / 64] &= ~(1ULL << (i % 64));
}

static inline bool bitmap_test(const uint64_t *map, size_t i)
{
	return map[i / 64] >> (i % 64) & 1;
}

/* Sets bits [from, to). */
static inline void bitmap_set_range(uint64_t *map, size_t from, size_t to)
{
	for (; from < to && from % 64; from++)
		bitmap_set(map, from);
	for (; to - from >= 64 && from < to; from += 64)
		map[from / 64] = ~0ULL;
	for (; from < to; from++)
		bitmap_set(map, from);
}

static inline uint64_t bitmap_count(const uint64_t *map, size_t n_words)
{
	uint64_t n = 0;

	for (size_t i = 0; i < n_words; i++)
		n += __builtin_popcountll(map[i]);
	return n;
}

/* First set bit at or after from, or n_bits when there is none. */
static inline size_t bitmap_next(const uint64_t *map, size_t n_bits, size_t from)
{
	while (from < n_bits) {
		uint64_t word = map[from / 64] >> (from % 64);

		if (word) {
			from += __builtin_ctzll(word);
			return from < n_bits ? from : n_bits;
		}
		from = (from / 64 + 1) * 64;
	}
	return n_bits;
}

#endif
