/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump/kdumpfile and dump/readback on a file in memory that can be full, or go wrong in
 * one byte: what is read back is what was written or it is an error; the mark of an
 * incomplete dump stays until kdump_seal; descriptors never lead to data that is not there.
 */
#include <errno.h>
#include <nettle/sha2.h>

#include "base/arena.h"
#include "base/bitmap.h"
#include "base/err.h"
#include "base/io.h"
#include "base/out.h"
#include "dump/kdumpfile.h"
#include "dump/readback.h"
#include "t.h"

#define FILE_MAX (4u << 20)
#define MAX_PFN (PIECE_PFNS + 5000)	/* two pieces */
#define N_PAGES 700			/* set in bitmap 2: every 53rd frame */
#define STEP 53
#define PACKED 0x20u

struct memory {
	struct out out;		/* first, so that it is one */
	uint8_t *bytes;
	uint64_t len;
	unsigned n_writes;
	unsigned fail_from;	/* writes from this one on fail, 0: none */
	uint64_t full_at;	/* or those that reach beyond, 0: none; what fits is written */
};

static bool mem_write(struct out *o, uint64_t off, const void *buf, size_t len,
		      struct err *e)
{
	struct memory *m = (struct memory *)o;

	m->n_writes++;
	if (off + len > FILE_MAX)
		abort();
	if (m->fail_from && m->n_writes >= m->fail_from)
		return fail(e, EIO, "the disk is gone");
	if (m->full_at && off + len > m->full_at) {
		if (off < m->full_at)
			memcpy(m->bytes + off, buf, m->full_at - off);
		return fail(e, ENOSPC, "the disk is full");
	}
	memcpy(m->bytes + off, buf, len);
	m->len = off + len > m->len ? off + len : m->len;
	return true;
}

static bool mem_read(struct out *o, uint64_t off, void *buf, size_t len, struct err *e)
{
	struct memory *m = (struct memory *)o;

	if (off + len > m->len)
		return fail(e, EIO, "the file ends");
	memcpy(buf, m->bytes + off, len);
	return true;
}

static bool mem_lengthen(struct out *o, uint64_t len, struct err *e)
{
	struct memory *m = (struct memory *)o;

	(void)e;
	m->len = len > m->len ? len : m->len;
	return true;
}

static bool mem_reserve(struct out *o, uint64_t off, uint64_t len, struct err *e)
{
	return mem_lengthen(o, off + len, e);
}

static bool mem_sync(struct out *o, struct err *e)
{
	(void)o;
	(void)e;
	return true;
}

static const struct out_ops mem_ops = {
	.write_at = mem_write, .read_at = mem_read, .reread = mem_read,
	.lengthen = mem_lengthen, .reserve = mem_reserve, .sync = mem_sync,
};

static struct memory file = { .out = { &mem_ops, "vmcore" } };
static struct arena arena;
static uint8_t notes[777];

/* Data of the idx-th page: an odd length, bytes that tell where they belong. */
static size_t page_data(unsigned idx, uint8_t *to)
{
	size_t len = idx % 7 == 3 ? 4096 : 1 + idx * 37 % 4095;

	for (size_t i = 0; i < len; i++)
		to[i] = idx * 31 + i * 7 + 1;
	return len;
}

static bool is_zero_page(unsigned idx)
{
	return idx % 11 == 5;
}

/* Rising in three steps, so that descriptors come in runs and in strides. */
static unsigned nth(unsigned i)
{
	if (i < 200)
		return i;
	return i < 450 ? 200 + (i - 200) * 2 : i < 700 ? 201 + (i - 450) * 2 : i;
}

static bool put_pages(struct kdump_writer *w, struct err *e)
{
	uint8_t data[4096], zero[19];
	struct packed_page page = { zero, sizeof(zero), PACKED };
	bool ok;

	memset(zero, 0xe0, sizeof(zero));
	ok = kdump_set_zero_page(w, &page, e);
	for (unsigned i = 0; ok && i < N_PAGES; i++) {
		unsigned idx = nth(i);

		page = (struct packed_page){ data, page_data(idx, data), 0 };
		page.flags = page.len < 4096 ? PACKED : 0;
		ok = is_zero_page(idx) ? kdump_put_zero_page(w, idx, e)
				       : kdump_put_page(w, idx, &page, e);
	}
	return ok;
}

/* A whole file but for the seal. */
static bool write_dump(struct kdump_writer *w, struct err *e)
{
	static uint64_t bits[2][PIECE_WORDS], present[PIECE_WORDS];
	struct kdump_info info = {
		.block_size = 4096, .uts = { "Linux", "host", "6.1", "#1", "x86_64", "" },
		.time_sec = 1700000000, .n_cpus = 2, .phys_base = 0x1000, .level = 31,
		.codec_flag = PACKED, .notes = notes, .notes_len = sizeof(notes),
		.max_pfn = MAX_PFN,
	};
	struct err first;
	bool ok;

	memset(file.bytes, 0, FILE_MAX);
	file.len = file.n_writes = 0;
	memset(arena.base, 0, arena.used);
	arena.used = 0;
	memset(bits, 0, sizeof(bits));
	memset(present, 0xff, sizeof(present));
	for (unsigned i = 0; i < N_PAGES; i++)
		bitmap_set(bits[i * STEP / PIECE_PFNS], i * STEP % PIECE_PFNS);
	if (!kdump_begin(w, &file.out, &info, &arena, e) ||
	    !kdump_put_bitmaps(w, 0, present, bits[0], e) ||
	    !kdump_put_bitmaps(w, 1, present, bits[1], e) || !kdump_begin_pages(w, e))
		return false;
	ok = put_pages(w, e);
	first = *e;
	if (!kdump_end(w, e))
		ok = false;
	else if (!ok)
		*e = first;
	return ok;
}

static bool read_back(const struct kdump_writer *w, bool whole, double give_up,
		      size_t buf_len, char *hex, struct err *e)
{
	static uint8_t buf[1 << 20];
	uint64_t done = 0;
	uint64_t off = 0;
	struct readback r = {
		.out = &file.out, .word_off = kdump_seal_off(),
		.word = kdump_seal_word(w, whole), .give_up = give_up, .buf = buf,
		.buf_len = buf_len, .n_threads = buf_len % 2, .done = &done,
	};

	readback_begin(&r);
	if (!readback_range(&r, &off, w->data_end, e))
		return false;
	T_EQUAL("progress at the end", w->data_end, done);
	if (r.sum != kdump_seal_sum(w, whole))
		return fail(e, EIO, "something else");
	readback_digest(&r, hex);
	return true;
}

static uint32_t status_in_file(void)
{
	return ((struct kdump_header *)file.bytes)->status;
}

static void sha_of_file(uint64_t len, char *hex)
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx sha;

	sha256_init(&sha);
	sha256_update(&sha, len, file.bytes);
	sha256_digest(&sha, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

static void test_unchanged(bool whole)
{
	static const size_t buf_lens[] = { 8 * READBACK_PIECES, 4096 + 3, 100000, 1 << 20 };
	char hex[SHA256_HEX_LEN], sealed[SHA256_HEX_LEN];
	const char *row = whole ? "a whole dump" : "one with pages missing";
	struct kdump_writer w;
	struct err e = { .text = "" };

	T_CHECK(row, write_dump(&w, &e));
	T_EQUAL("a file of a length that no word divides", 1, w.data_end % 8 != 0);
	T_EQUAL("its end", w.data_end, file.len);
	T_CHECK("no mark before the seal", status_in_file() & KDUMP_INCOMPLETE);
	for (size_t i = 0; i < T_SIZE(buf_lens); i++) {
		memset(hex, 0, sizeof(hex));
		if (!T_CHECK(row, read_back(&w, whole, 0, buf_lens[i], hex, &e)))
			printf("%zu bytes at a time: %s\n", buf_lens[i], e.text);
	}
	T_CHECK("reading changes nothing", status_in_file() & KDUMP_INCOMPLETE);
	T_CHECK(row, kdump_seal(&w, whole, &e));
	T_EQUAL(row, whole ? PACKED : PACKED | KDUMP_INCOMPLETE, status_in_file());
	sha_of_file(w.data_end, sealed);
	T_TEXT(row, sealed, hex);
	T_CHECK("a deadline to come", read_back(&w, whole, monotonic_seconds() + 100, 4096,
						hex, &e));
	T_CHECK("a deadline gone by", !read_back(&w, whole, monotonic_seconds() - 1, 4096,
						 hex, &e));
	T_EQUAL("a deadline gone by", ETIMEDOUT, e.code);
}

/* Every `step`-th byte of [from, to), each with another bit. */
static void flip_some(const struct kdump_writer *w, const char *row, uint64_t from,
		      uint64_t to, uint64_t step)
{
	unsigned n = 0;

	for (uint64_t at = from; at < to; at += step, n++) {
		uint8_t was = file.bytes[at];
		char hex[SHA256_HEX_LEN] = "";
		struct err e = { .code = 0 };

		/* That word is written once more, so what is there does not count. */
		if (at / 8 == kdump_seal_off() / 8)
			continue;
		file.bytes[at] ^= 1 << n % 8;
		if (!T_CHECK(row, !read_back(w, true, 0, 1 << 20, hex, &e)) ||
		    !T_EQUAL(row, EIO, e.code)) {
			printf("byte %llu\n", (unsigned long long)at);
			return;
		}
		T_CHECK(row, !hex[0]);
		file.bytes[at] = was;
	}
	T_CHECK(row, n > 0);
}

static void test_flipped(void)
{
	char hex[SHA256_HEX_LEN];
	struct kdump_writer w;
	struct err e;

	T_CHECK("to be damaged", write_dump(&w, &e));
	flip_some(&w, "a byte of the header", 0, sizeof(struct kdump_header), 7);
	flip_some(&w, "a byte of nothing behind the header", sizeof(struct kdump_header), 4096,
		  601);
	flip_some(&w, "a byte of the sub-header", 4096, 4096 + 104, 3);
	flip_some(&w, "a byte of the notes", 4096 + 104, 4096 + 104 + sizeof(notes), 31);
	flip_some(&w, "a byte of bitmap 1", w.bitmap1_off, w.bitmap2_off, 333);
	flip_some(&w, "a byte of bitmap 2", w.bitmap2_off, w.descs_off, 333);
	flip_some(&w, "a byte of the descriptors", w.descs_off, w.data_off, 311);
	flip_some(&w, "a byte of the data", w.data_off, w.data_end, 60013);
	flip_some(&w, "the last byte", w.data_end - 1, w.data_end, 1);
	T_CHECK("all mended", read_back(&w, true, 0, 4096, hex, &e));
	memcpy(file.bytes + w.data_off + 8000, file.bytes + w.data_off, 4000);
	T_CHECK("data in a second place", !read_back(&w, true, 0, 4096, hex, &e));
	T_CHECK("to be cut", write_dump(&w, &e));
	file.len--;
	T_CHECK("one byte too short", !read_back(&w, true, 0, 4096, hex, &e));
}

/* What was never written is not asked for, and counts as zeroes. */
static void test_hole(void)
{
	const uint64_t len = 3u << 20, hole = (1u << 20) + 24, hole_len = 1u << 20;
	uint64_t first = 0x1122334455667788, last = 0x99aabbccddeeff00, done = 0, off = 0;
	uint64_t sum = word_sum(0, &first, 8) + word_sum(len - 8, &last, 8);
	char hex[SHA256_HEX_LEN] = "", wanted[SHA256_HEX_LEN];
	struct holes holes = { .n = 0 };
	static uint8_t buf[64 << 10];
	struct readback r = { .out = &file.out, .word = first, .holes = &holes, .buf = buf,
			      .buf_len = sizeof(buf), .done = &done };
	struct err e;

	memset(file.bytes, 0, FILE_MAX);
	memcpy(file.bytes, &first, 8);
	memcpy(file.bytes + len - 8, &last, 8);
	file.len = len;
	sha_of_file(len, wanted);
	holes_add(&holes, hole, hole_len);
	file.bytes[hole + hole_len - 8] = 1;
	readback_begin(&r);
	T_CHECK("a hole", readback_range(&r, &off, len, &e));
	T_EQUAL("a hole", sum, r.sum);
	readback_digest(&r, hex);
	T_TEXT("a hole", wanted, hex);
	T_EQUAL("a hole", len, done);
	r.holes = NULL;
	off = 0;
	readback_begin(&r);
	T_CHECK("none", readback_range(&r, &off, len, &e) && r.sum != sum);
	T_EQUAL("in front of it", 0, hole_at(&holes, hole - 1));
	T_EQUAL("at its end", 1, hole_at(&holes, hole + hole_len - 1));
	T_EQUAL("behind it", 0, hole_at(&holes, hole + hole_len));
	for (unsigned i = 0; i < 2 * MAX_HOLES; i++)
		holes_add(&holes, (i + 10ULL) << 30, LEAST_HOLE + i);
	T_EQUAL("the longest ones stay", hole_len, hole_at(&holes, hole));
	T_EQUAL("a long one that comes late", LEAST_HOLE + 2 * MAX_HOLES - 1,
		hole_at(&holes, (2 * MAX_HOLES + 9ULL) << 30));
	T_EQUAL("a short one", 0, hole_at(&holes, 10ULL << 30));
}

/* Each descriptor is nobody's, or its data are in the file; the mark is there. */
static unsigned check_unfinished(const char *row, const struct kdump_writer *w)
{
	const struct kdump_desc *desc = (void *)(file.bytes + w->descs_off);
	unsigned n_written = 0;
	uint8_t data[4096];

	T_CHECK(row, status_in_file() & KDUMP_INCOMPLETE);
	for (unsigned i = 0; i < N_PAGES; i++) {
		size_t len = page_data(i, data);

		if (!desc[i].off && !desc[i].len && !desc[i].flags)
			continue;
		n_written++;
		if (is_zero_page(i))
			memset(data, 0xe0, len = 19);
		if (!T_EQUAL(row, len, desc[i].len) ||
		    !T_CHECK(row, desc[i].off + len <= file.len) ||
		    !T_CHECK(row, !memcmp(file.bytes + desc[i].off, data, len))) {
			printf("descriptor %u\n", i);
			break;
		}
	}
	return n_written;
}

static void test_failing(void)
{
	unsigned n_writes, n_some = 0;
	uint64_t from, to;
	struct kdump_writer w;
	char row[100];
	struct err e;

	T_CHECK("all goes well", write_dump(&w, &e));
	n_writes = file.n_writes;
	from = w.data_off;
	to = w.data_end;
	for (unsigned at = 1; at <= n_writes; at++) {
		snprintf(row, sizeof(row), "gone from write %u of %u on", at, n_writes);
		file.fail_from = at;
		T_CHECK(row, !write_dump(&w, &e));
		T_EQUAL(row, EIO, e.code);
		file.fail_from = 0;
		if (at > 5)	/* the header is in the file by then */
			check_unfinished(row, &w);
	}
	for (uint64_t full = from + 1; full < to; full += (to - from) / 23 + 1) {
		unsigned n;

		snprintf(row, sizeof(row), "full at %llu", (unsigned long long)full);
		file.full_at = full;
		T_CHECK(row, !write_dump(&w, &e));
		T_EQUAL(row, ENOSPC, e.code);
		file.full_at = 0;
		T_CHECK(row, w.data_end <= full);
		n = check_unfinished(row, &w);
		n_some += n > 0 && n < N_PAGES;
	}
	T_CHECK("a disk that is full late keeps what came early", n_some > 0);
}

/* The sum does not depend on the order nor on the pieces. */
static void test_word_sum(void)
{
	uint8_t bytes[4099];
	uint64_t sum = 0;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = i * 13 ^ i >> 3;
	for (size_t at = 4096; at != (size_t)-512; at -= 512)
		sum += word_sum(80 + at, bytes + at, at == 4096 ? 3 : 512);
	T_EQUAL("in pieces, backwards", word_sum(80, bytes, sizeof(bytes)), sum);
	T_CHECK("the place counts", word_sum(80, bytes, 8) != word_sum(88, bytes, 8));
	memset(bytes, 0, sizeof(bytes));
	T_EQUAL("zeroes add nothing", 0, word_sum(8, bytes, sizeof(bytes)));
}

int main(void)
{
	struct err e;

	file.bytes = malloc(FILE_MAX);
	for (size_t i = 0; i < sizeof(notes); i++)
		notes[i] = 1 + i % 250;
	if (!file.bytes || !arena_init(&arena, 16 << 20, &e))
		abort();
	test_word_sum();
	test_unchanged(true);
	test_unchanged(false);
	test_flipped();
	test_hole();
	test_failing();
	free(file.bytes);
	return t_done();
}
