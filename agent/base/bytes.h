/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Little-endian numbers in memory that nobody vouches for, and a cursor over
 * it. The cores we read and the machines we run on are both little-endian; the
 * loads below are single instructions.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "little-endian hosts only");

static inline uint16_t get_u16(const void *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint32_t get_u32(const void *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint64_t get_u64(const void *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline void put_u32(void *p, uint32_t v)
{
	memcpy(p, &v, sizeof(v));
}

static inline void put_u64(void *p, uint64_t v)
{
	memcpy(p, &v, sizeof(v));
}

struct cursor {
	const uint8_t *at;
	const uint8_t *end;
};

static inline size_t cursor_left(const struct cursor *c)
{
	return c->end - c->at;
}

/* On false nothing moved and *out is untouched. */
static inline bool cursor_take(struct cursor *c, size_t len, const uint8_t **out)
{
	if (len > cursor_left(c))
		return false;
	*out = c->at;
	c->at += len;
	return true;
}

static inline uint64_t round_up(uint64_t v, uint64_t to)
{
	return (v + to - 1) / to * to;
}

static inline uint64_t min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline uint64_t max_u64(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Foreign text on its way to a terminal or a manifest: ASCII that can be printed, or '?'. */
static inline char printable(char c)
{
	return c >= ' ' && c <= '~' ? c : '?';
}

/* Does the name end so, with something before it? */
static inline bool has_ending(const char *name, const char *ending)
{
	size_t len = strlen(name), ending_len = strlen(ending);

	return len > ending_len && !strcmp(name + len - ending_len, ending);
}

static inline bool is_power_of_two(uint64_t v)
{
	return v && !(v & (v - 1));
}

#endif
