/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The symbol table of kernels before 6.0. Linux scripts/kallsyms.c, 4.20 to 5.19, wrote,
 * each part aligned to 8 bytes:
 *
 *	offsets u32[n] | relative_base u64 | num_syms u32 | names |
 *	markers u32[(n + 255) / 256] | token_table | token_index u16[256]
 *
 * A token of one letter keeps that letter's code as its number, and digits are in all
 * kernels' names: so "0", "1" ... "9" stand in the token table side by side. From there
 * the index is found behind, the markers and the rest in front.
 */
#include "symsearch.h"

#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "vmcore/space.h"
#include "vmcore/stream.h"
#include "vmcore/vmcoreinfo.h"

#define IMAGE_MAX (256u << 20)
#define STEP 8192u
#define DIGITS "0\0001\0002\0003\0004\0005\0006\0007\0008\0009"
#define DIGITS_LEN 20u
#define TOKENS_MAX 4096u	/* bytes of the token table */
#define MARKERS_MAX 16384u	/* four million symbols */
#define NAME_MAX_LEN 129u	/* bytes of a name in the table, with its length */
#define PER_MARKER 256u
#define TRIES_MAX 256u		/* digits in a row; each costs a search of its own */

/* The image from _stext on, as offsets; all parts are found as such. */
struct search {
	struct stream image;
	uint64_t digits, tokens, index;
	uint64_t markers, n_markers, last_marker, first_marker_len;
	uint64_t names;
	uint32_t n_symbols;
};

static bool u32_at(struct search *s, uint64_t off, uint32_t *ret)
{
	const uint8_t *raw = stream_at(&s->image, off, 4);

	if (raw)
		*ret = get_u32(raw);
	return raw;
}

/* An index whose entry for '0' leads to the digits makes the table begin there. */
static bool is_index(struct search *s, uint64_t off)
{
	const uint8_t *raw = stream_at(&s->image, off, 512);
	uint16_t zero, before = 0;

	if (!raw || get_u16(raw))
		return false;
	for (unsigned i = 1; i < 256; i++) {
		uint16_t at = get_u16(raw + 2 * i);

		if (at < before + 2 || at >= TOKENS_MAX)
			return false;
		before = at;
	}
	zero = get_u16(raw + 2 * '0');
	if (zero > s->digits || get_u16(raw + 2 * '9') != zero + 18)
		return false;
	s->tokens = s->digits - zero;
	return s->tokens % 8 == 0 && off > s->tokens + before &&
	       off - (s->tokens + before) < NAME_MAX_LEN;
}

static bool find_index(struct search *s)
{
	uint64_t first = (s->digits + DIGITS_LEN + 7) / 8 * 8;

	for (s->index = first; s->index < first + TOKENS_MAX; s->index += 8)
		if (is_index(s, s->index))
			return true;
	return false;
}

/* Backwards from the token table: they fall to the first, which is 0. */
static bool find_markers(struct search *s)
{
	uint64_t off = s->tokens - 4;
	uint32_t value, next;

	if (s->tokens < 16 || !u32_at(s, off, &value))
		return false;
	if (!value && !u32_at(s, off -= 4, &value))	/* the gap of an odd number */
		return false;
	s->last_marker = value;
	for (s->n_markers = 1; s->n_markers < MARKERS_MAX && off >= 4; s->n_markers++) {
		next = value;
		off -= 4;
		if (!u32_at(s, off, &value) || value >= next ||
		    next - value > PER_MARKER * NAME_MAX_LEN)
			return false;
		if (!value) {
			s->first_marker_len = next;
			s->markers = off;
			s->n_markers++;
			return off % 8 == 0;
		}
	}
	return false;
}

/* Do the first PER_MARKER names take as much room as the second marker says? */
static bool are_names(struct search *s, uint64_t off)
{
	uint64_t at = off;

	for (unsigned i = 0; i < PER_MARKER; i++) {
		const uint8_t *len = stream_at(&s->image, at, 1);

		if (!len || !*len)
			return false;
		at += 1 + *len;
	}
	return at - off == s->first_marker_len;
}

/* How long the names after the last marker are is not told, but num_syms is in front. */
static bool find_names(struct search *s)
{
	uint64_t last = s->markers - s->last_marker;

	if (s->last_marker > s->markers)
		return false;
	last -= last % 8;
	for (uint64_t back = 0; back <= PER_MARKER * NAME_MAX_LEN; back += 8) {
		uint32_t n, gap;

		if (last < back + 8)
			return false;
		s->names = last - back;
		if (u32_at(s, s->names - 8, &n) && u32_at(s, s->names - 4, &gap) && !gap &&
		    (n + PER_MARKER - 1ULL) / PER_MARKER == s->n_markers &&
		    are_names(s, s->names)) {
			s->n_symbols = n;
			return true;
		}
	}
	return false;
}

/* The next place of the digits from *off on. */
static bool find_digits(struct search *s, struct space *space, paddr_t image, uint64_t *off)
{
	uint8_t buf[STEP + DIGITS_LEN];
	struct err ignored;

	for (; *off < s->image.len; *off += STEP) {
		uint64_t len = min_u64(sizeof(buf), s->image.len - *off);
		const uint8_t *hit;

		if (!physmem_read(space->pm, image + *off, buf, len, &ignored))
			continue;
		hit = memmem(buf, len, DIGITS, DIGITS_LEN);
		if (hit) {
			*off += hit - buf;
			return true;
		}
	}
	return false;
}

static void tell(const struct search *s, struct symbol_table *table)
{
	vaddr_t image = s->image.start, base = image + s->names - 16;

	*table = (struct symbol_table){
		.names = image + s->names,
		.num_syms = image + s->names - 8,
		.relative_base = base,
		.offsets = base - round_up(s->n_symbols * 4ULL, 8),
		.token_table = image + s->tokens,
		.token_index = image + s->index,
		.short_names = true,
	};
}

bool symsearch(struct symbol_table *table, struct space *space, struct err *e)
{
	const struct kinfo *k = space->k;
	paddr_t image;
	struct search s;

	if (!has(k->stext))
		return fail(e, ENOENT, "VMCOREINFO has no SYMBOL(_stext)");
	image = space->arch->image(k, k->stext);
	stream_open(&s.image, space, k->stext, IMAGE_MAX);
	for (uint64_t off = 0, tries = 0;
	     tries < TRIES_MAX && find_digits(&s, space, image, &off); off++, tries++) {
		s.digits = off;
		if (find_index(&s) && find_markers(&s) && find_names(&s) &&
		    s.names >= 16 + round_up(s.n_symbols * 4ULL, 8)) {
			tell(&s, table);
			return true;
		}
	}
	return fail(e, ENOENT, "the kernel's symbol table is not to be found");
}
