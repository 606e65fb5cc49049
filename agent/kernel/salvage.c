/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log, searched for in memory. In the ring (Linux kernel/printk/printk_ringbuffer.c)
 * each block of text is 8-byte aligned, begins with the 62-bit number of its record, and
 * the next block's number is one more. Sixteen in a row do not happen by chance. A ring
 * that has wrapped gives two chains; the lower numbers are the older ones. How long a
 * text is stands elsewhere, so a line may have two bytes of what was there before behind
 * it: better than to cut one.
 */
#include "salvage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "panic_reason.h"
#include "vmcore/elfcore.h"

#define BUF_LEN (64u << 10)
#define REACH 2304u		/* number, the longest text a record has, padding */
#define CHAIN_MIN 16
#define MAX_EMPTY 4		/* numbers that one step may cover */
#define MAX_GAP 4096	/* records that may be lost between two chains of one ring */
#define BLOCK_LEN (1ull << 30)
#define ID_MASK ((1ULL << 62) - 1)
#define MOST_DESCS (1ULL << 27)		/* in a ring */
#define MOST_RECORDS (1ULL << 40)	/* since the kernel began */

static bool is_text(uint8_t c)
{
	return (c >= ' ' && c < 127) || c == '\t' || c >= 0x80;
}

/* Numbers have 62 bits and go round. */
static uint64_t ahead(uint64_t from, uint64_t to)
{
	return (to - from) & ID_MASK;
}

/* Nearly all records begin with letters; other things that are numbered do not. */
static bool begins_with_words(const uint8_t *p)
{
	for (int i = 8; i < 12; i++)
		if (p[i] < ' ' || p[i] >= 127)
			return false;
	return true;
}

/*
 * Could a record's block start here? Cheap, for it is asked at each eighth byte, and looking
 * for the next block is not. A ring of 2^N records begins with number -2^N; pointers of
 * programs and of the kernel are farther from 0.
 */
static bool looks_like_block(const uint8_t *p)
{
	uint64_t id = get_u64(p);

	return id && id >> 62 == 0 && ahead(0 - MOST_DESCS, id) < MOST_RECORDS &&
	       begins_with_words(p);
}

/*
 * Bytes from the block at p to the next, whose number *id becomes; 0 if there is none.
 * Records without text have numbers, but no blocks.
 */
static size_t next_block(const uint8_t *p, size_t left, uint64_t *id)
{
	for (size_t n = 16; n + 16 <= left && n <= REACH; n += 8) {
		uint64_t next = get_u64(p + n);

		if (next >> 62 == 0 && ahead(*id + 1, next) < MAX_EMPTY) {
			*id = next;
			return n;
		}
	}
	return 0;
}

/*
 * How many blocks follow one another from paddr on, 0 if what is in them is no log; *id
 * becomes the last one's, *end_ret is behind it.
 */
static uint64_t follow(struct salvage *s, paddr_t paddr, uint64_t *id, paddr_t end,
		       paddr_t *end_ret)
{
	uint64_t n = 1, n_words = 0;
	struct err ignored;

	for (; n % 1024 || monotonic_seconds() < s->until;) {
		uint8_t part[REACH + 16];
		size_t len = min_u64(sizeof(part), end - paddr), step;

		if (len < 32 || !physmem_read(s->pm, paddr, part, len, &ignored))
			break;
		step = next_block(part, len, id);
		if (!step)
			break;
		n_words += begins_with_words(part);
		paddr += step;
		n++;
		__atomic_fetch_add(s->alive, 1, __ATOMIC_RELAXED);
	}
	*end_ret = paddr + 8;
	return n_words >= n / 2 ? n : 0;
}

/* Of chains that lie over one another, one began at a place that was none. */
static void keep_chain(struct salvage *s, struct salvage_chain c)
{
	unsigned shortest = 0;

	for (unsigned i = 0; i < s->n_chains; i++) {
		struct salvage_chain *other = &s->chains[i];

		if (c.paddr >= other->end || other->paddr >= c.end)
			continue;
		if (other->n < c.n)
			*other = c;
		return;
	}
	if (s->n_chains < SALVAGE_CHAINS) {
		s->chains[s->n_chains++] = c;
		return;
	}
	for (unsigned i = 1; i < SALVAGE_CHAINS; i++)
		if (s->chains[i].n < s->chains[shortest].n)
			shortest = i;
	if (s->chains[shortest].n < c.n)
		s->chains[shortest] = c;
}

/* Chains that begin in [start, to); memory goes on up to end. */
static void search(struct salvage *s, paddr_t start, paddr_t to, paddr_t end)
{
	struct err ignored;

	start = round_up(start, 8);
	while (start < to && start + 16 < end && monotonic_seconds() < s->until) {
		size_t len = min_u64(BUF_LEN, end - start);
		/* What begins in the last REACH of a buffer ends in the next one. */
		paddr_t next = start + len - (len < BUF_LEN ? 16 : REACH);

		__atomic_fetch_add(s->alive, 1, __ATOMIC_RELAXED);
		if (!physmem_read(s->pm, start, s->buf, len, &ignored)) {
			start += len;
			continue;
		}
		for (paddr_t at = start; at < next; at += 8) {
			const uint8_t *p = s->buf + (at - start);
			uint64_t id = get_u64(p), last = id, n;
			paddr_t behind;

			if (!looks_like_block(p) || !next_block(p, start + len - at, &last))
				continue;
			last = id;
			n = follow(s, at, &last, end, &behind);
			if (n >= CHAIN_MIN)
				keep_chain(s, (struct salvage_chain){ at, behind, id, last,
								      n, 0 });
			/* Behind it there may be another, inside of it there is none. */
			at = round_up(behind, 8) - 8;
			next = max_u64(next, at + 8);
		}
		start = round_up(next, 8);
	}
}

/* From the lower number to the higher; the kernel's own begin below 0 and go round. */
static int by_id(const void *a, const void *b)
{
	const struct salvage_chain *x = a, *y = b;

	return x->id == y->id ? 0 : ahead(x->id, y->id) < ID_MASK / 2 ? -1 : 1;
}

/*
 * The longest chain is the ring's; others stay only if their numbers lead up to it or
 * follow it without much of a gap.
 */
static void keep_one_ring(struct salvage *s)
{
	struct salvage_chain ring = s->chains[0];
	unsigned n = 0;

	for (unsigned i = 1; i < s->n_chains; i++)
		if (s->chains[i].n > ring.n)
			ring = s->chains[i];
	for (unsigned i = 0; i < s->n_chains; i++) {
		struct salvage_chain c = s->chains[i];

		if (c.paddr == ring.paddr || ahead(ring.last, c.id) < MAX_GAP ||
		    ahead(c.last, ring.id) < MAX_GAP)
			s->chains[n++] = c;
	}
	s->n_chains = n;
	qsort(s->chains, n, sizeof(s->chains[0]), by_id);
	/* A block that did not fit at the end of the ring left its number there. */
	for (unsigned i = 0; i + 1 < n; i++)
		s->chains[i].n_void = s->chains[i].last == s->chains[i + 1].id;
}

static void begin_chain(struct salvage *s)
{
	s->at = s->chains[s->chain].paddr;
	s->id = s->chains[s->chain].id;
	s->left = s->chains[s->chain].n;
}

void salvage_rewind(struct salvage *s)
{
	s->chain = 0;
	begin_chain(s);
}

/*
 * Does what was found say why the kernel died? In the image there may be only the beginning:
 * a larger ring, which is allocated at boot, has a copy of it and all that came later.
 */
static bool tells_why(struct salvage *s)
{
	struct salvage found = *s;
	struct panic_reason why = { .panic = "" };
	char text[REACH + 1];
	size_t len;

	if (!found.n_chains)
		return false;
	keep_one_ring(&found);
	salvage_rewind(&found);
	while (salvage_next(&found, text, sizeof(text), &len)) {
		__atomic_fetch_add(s->alive, 1, __ATOMIC_RELAXED);
		panic_reason_feed(&why, text, len);
	}
	return panic_reason_line(&why)[0];
}

/* Rings that are allocated at boot come from the top of memory. */
static void search_down(struct salvage *s, const struct elfcore *core)
{
	uint64_t since = 0;	/* bytes looked at since something was found */

	for (size_t i = core->n_ranges; i > 0; i--) {
		paddr_t start = core->ranges[i - 1].start, end = core->ranges[i - 1].end;

		for (paddr_t to = end, from; to > start; to = from) {
			from = to - min_u64(to - start, BLOCK_LEN);
			/* Two parts of a ring may lie on both sides of a border. */
			if (since > BLOCK_LEN || monotonic_seconds() >= s->until)
				return;
			search(s, from, to, end);
			since += s->n_chains ? to - from : 0;
		}
	}
}

bool salvage_open(struct salvage *s, const struct elfcore *core, struct arena *arena,
		  struct err *e)
{
	*s = (struct salvage){ .pm = s->pm, .alive = s->alive, .until = s->until };
	s->buf = arena_take(arena, BUF_LEN, 1, "search buffer", e);
	if (!s->buf)
		return false;
	search(s, core->text_start, core->text_end, core->text_end);
	if (!tells_why(s))
		search_down(s, core);
	if (!s->n_chains)
		return fail(e, ENOENT, "nothing in memory looks like a log");
	keep_one_ring(s);
	salvage_rewind(s);
	return true;
}

bool salvage_next(struct salvage *s, char *buf, size_t size, size_t *len_ret)
{
	uint8_t part[REACH + 16];
	struct err ignored;
	size_t step = 0, n = 0;
	uint64_t id;

	while (s->left <= s->chains[s->chain].n_void) {
		if (s->chain + 1 >= s->n_chains)
			return false;
		s->chain++;
		begin_chain(s);
	}
	/* The last one of a chain has nobody behind it: it ends where its text does. */
	id = s->id;
	for (size_t len = sizeof(part); len >= 32 && !step; len /= 2)
		if (physmem_read(s->pm, s->at, part, len, &ignored))
			step = s->left > 1 ? next_block(part, len, &id) : len;
	s->left--;
	for (size_t i = 8; i < step && part[i] && n + 2 < size; i++) {
		if (!is_text(part[i]) && part[i] != '\n')
			break;
		buf[n++] = part[i];
	}
	n -= n && buf[n - 1] == '\n';
	buf[n++] = '\n';
	*len_ret = n;
	if (!step)
		s->left = 0;	/* unreadable all of a sudden */
	s->at += step;
	s->id = id;
	return true;
}
