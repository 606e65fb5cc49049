/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dump is written, its pages in any order, onto a file that fails at a write, at a sync or
 * for want of room, once or for good: what is in it then is no damage, a page reads back as it
 * was put or is missing, and only a dump without any error looks whole.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/bitmap.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "base/out.h"
#include "dump/codec.h"
#include "dump/kdumpfile.h"
#include "dump/kdumpread.h"
#include "input.h"

#define PAGE 4096u
#define N_MAX 96u
#define STRIDE_MAX 1500u	/* frames: over five pieces of bitmap */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct plan {
	unsigned n, stride;	/* pages, and frames from one to the next */
	unsigned first_bad, n_bad;	/* of its operations, those that fail */
	uint64_t room;		/* bytes, 0: enough */
	bool by_halves;		/* half of what fails is written */
};

struct target {
	struct out out;		/* first, so that it is one */
	const struct plan *plan;
	int fd;
	unsigned n_ops;
	bool failed;
	bool ended;		/* without an error: all of it is there, but for the seal */
};

static bool is_bad(struct target *t, uint64_t end)
{
	unsigned nr = ++t->n_ops;
	bool bad = (nr >= t->plan->first_bad && nr - t->plan->first_bad < t->plan->n_bad) ||
		   (t->plan->room && end > t->plan->room);

	t->failed |= bad;
	return bad;
}

static bool to_write(struct out *o, uint64_t off, const void *buf, size_t len, struct err *e)
{
	struct target *t = (struct target *)o;

	if (is_bad(t, off + len)) {
		if (t->plan->by_halves && pwrite(t->fd, buf, len / 2, off) < 0)
			abort();
		return fail(e, EIO, "a write fails");
	}
	if (pwrite(t->fd, buf, len, off) != (ssize_t)len)
		abort();
	return true;
}

static bool to_read(struct out *o, uint64_t off, void *buf, size_t len, struct err *e)
{
	struct target *t = (struct target *)o;

	return pread_all(t->fd, buf, len, off, "memory", e);
}

static bool to_lengthen(struct out *o, uint64_t len, struct err *e)
{
	struct target *t = (struct target *)o;

	if (is_bad(t, len))
		return fail(e, ENOSPC, "no room");
	if ((uint64_t)lseek(t->fd, 0, SEEK_END) < len && ftruncate(t->fd, len))
		abort();
	return true;
}

static bool to_reserve(struct out *o, uint64_t off, uint64_t len, struct err *e)
{
	return to_lengthen(o, off + len, e);
}

static bool to_sync(struct out *o, struct err *e)
{
	return !is_bad((struct target *)o, 0) || fail(e, EIO, "a sync fails");
}

static const struct out_ops ops = {
	.write_at = to_write, .read_at = to_read, .reread = to_read,
	.lengthen = to_lengthen, .reserve = to_reserve, .sync = to_sync,
};

/* A few kinds of page, so that some come again. */
static void fill(unsigned idx, uint8_t kind, uint8_t page[PAGE])
{
	memset(page, kind % 4 ? kind : 0, PAGE);
	if (kind & 0x80)
		for (unsigned i = 0; i < PAGE; i += 8)
			put_u64(page + i, (uint64_t)idx << 32 | i * 2654435761u);
}

static bool put_bitmaps(struct kdump_writer *w, const struct plan *p, struct err *e)
{
	static uint64_t bits[PIECE_WORDS];
	uint64_t n_pieces = (p->n * p->stride + PIECE_PFNS - 1) / PIECE_PFNS;

	for (uint64_t piece = 0; piece < n_pieces; piece++) {
		memset(bits, 0, sizeof(bits));
		for (unsigned i = 0; i < p->n; i++)
			if (i * p->stride / PIECE_PFNS == piece)
				bitmap_set(bits, i * p->stride % PIECE_PFNS);
		if (!kdump_put_bitmaps(w, piece, bits, bits, e))
			return false;
	}
	return true;
}

static bool put_pages(struct kdump_writer *w, struct input *in, const struct plan *p,
		      uint8_t kinds[N_MAX], struct err *e)
{
	uint8_t order[N_MAX], page[PAGE] = { 0 };
	struct packed_page packed = { page, PAGE, 0 };
	bool has_zero = input_u8(in) & 1;

	if (has_zero && !kdump_set_zero_page(w, &packed, e))
		return false;
	for (unsigned i = 0; i < p->n; i++)
		order[i] = i;
	for (unsigned i = 0; i < p->n; i++) {
		unsigned with = i + input_u8(in) % (p->n - i), idx = order[with];

		order[with] = order[i];
		kinds[idx] = input_u8(in);
		fill(idx, kinds[idx], page);
		if (kinds[idx] % 16 == 1 && !kdump_settle(w, e))
			return false;
		if (has_zero && !(kinds[idx] & 0x83) ? !kdump_put_zero_page(w, idx, e)
						     : !kdump_put_page(w, idx, &packed, e))
			return false;
	}
	return true;
}

static bool dump(struct target *t, struct kdump_writer *w, struct arena *arena,
		 struct input *in, uint8_t kinds[N_MAX])
{
	const struct plan *p = t->plan;
	const struct kdump_info info = { .block_size = PAGE, .n_cpus = 1,
					 .uts = { "Linux", "n", "r", "v", "x86_64", "" },
					 .max_pfn = p->n * p->stride };
	bool ok;
	struct err e;

	if (!kdump_begin(w, &t->out, &info, arena, &e))
		return false;
	ok = put_bitmaps(w, p, &e) && kdump_begin_pages(w, &e);
	if (!ok)
		return false;
	ok = put_pages(w, in, p, kinds, &e);
	t->ended = kdump_end(w, &e) && ok;
	return kdump_seal(w, t->ended, &e) && t->ended;
}

/* A seal that was written and not synced may be there or not. */
static void judge(struct kdump_reader *r, const struct target *t, const uint8_t kinds[N_MAX],
		  bool whole)
{
	const struct plan *p = t->plan;
	struct kdump_findings found = { 0 };
	uint8_t expected[PAGE];
	const uint8_t *page;
	struct err e;

	if (kdump_is_cut(r) ? whole : !t->ended)
		abort();
	if (!kdump_check(r, &found, &e))
		return;
	if (found.n_damaged || (whole && (found.n_missing || found.n_read != p->n)))
		abort();
	for (unsigned i = 0; i < p->n; i++) {
		if (!kdump_page(r, i * p->stride, &page, &e)) {
			if (whole)
				abort();
			continue;
		}
		fill(i, kinds[i], expected);
		if (memcmp(page, expected, PAGE))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct kdump_writer w;
	static struct arena arena;
	struct input in = { data, size };
	struct plan p = { .n = 1 + input_u8(&in) % N_MAX };
	struct target t = { .out = { .ops = &ops, .name = "vmcore" }, .plan = &p,
			    .fd = memfd_create("dump", 0) };
	uint8_t kinds[N_MAX] = { 0 };
	struct kdump_reader r;
	size_t mark;
	char path[64];
	struct err e;
	bool ok;

	p.stride = 1 + input_u16(&in) % STRIDE_MAX;
	p.first_bad = input_u8(&in);
	p.n_bad = input_u8(&in);
	p.room = input_u16(&in) * 16ULL;
	p.by_halves = input_u8(&in) & 1;
	if (t.fd < 0 || (!arena.base && !arena_init(&arena, 32 << 20, &e)))
		abort();
	mark = arena_mark(&arena);
	ok = dump(&t, &w, &arena, &in, kinds);
	if (ok && t.failed)
		abort();	/* nobody was told */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", t.fd);
	if (kdump_open(&r, path, &arena, &e)) {
		judge(&r, &t, kinds, ok);
		kdump_close(&r);
	} else if (ok) {
		abort();
	}
	arena_release(&arena, mark);
	close(t.fd);
	return 0;
}
