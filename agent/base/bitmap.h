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

/* Without the instruction, which x86-64 need not have, the compiler would call a function. */
static inline unsigned bitmap_count_word(uint64_t word)
{
#if defined(__x86_64__) && !defined(__POPCNT__)
	word -= word >> 1 & 0x5555555555555555;
	word = (word & 0x3333333333333333) + (word >> 2 & 0x3333333333333333);
	word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return word * 0x0101010101010101 >> 56;
#else
	return __builtin_popcountll(word);
#endif
}

/* Clears bits [from, to); how many of them were set. */
static inline size_t bitmap_clear_range(uint64_t *map, size_t from, size_t to)
{
	size_t n = 0;

	while (from < to) {
		size_t end = from / 64 * 64 + 64 < to ? from / 64 * 64 + 64 : to;
		uint64_t bits = ~0ULL >> (64 - (end - from)) << from % 64;

		n += bitmap_count_word(map[from / 64] & bits);
		map[from / 64] &= ~bits;
		from = end;
	}
	return n;
}

static inline uint64_t bitmap_count(const uint64_t *map, size_t n_words)
{
	uint64_t n = 0;

	for (size_t i = 0; i < n_words; i++)
		n += bitmap_count_word(map[i]);
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
