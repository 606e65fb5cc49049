/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump/behind on a file in memory: no byte is read in front of its time, what was read there
 * and what is read in the end are all of the file once, and a byte that went wrong behind the
 * edge does not come through.
 */
#include <errno.h>

#include "base/err.h"
#include "base/io.h"
#include "base/out.h"
#include "dump/behind.h"
#include "t.h"

#define HEAD 5000u			/* where the pages begin: no block of the file */
#define STEP (1u << 20)
#define N_STEPS 24u
#define LEN (HEAD + N_STEPS * STEP + 3)
#define PATIENCE_S 60.0

struct memory {
	struct out out;			/* first, so that it is one */
	uint8_t *bytes;
	uint64_t durable;		/* reads behind it are too early */
	uint64_t bad_from;		/* cannot be read, from there on; 0: all can */
	bool early;
};

static bool mem_reread(struct out *o, uint64_t off, void *buf, size_t len, struct err *e)
{
	struct memory *m = (struct memory *)o;
	uint64_t bad = __atomic_load_n(&m->bad_from, __ATOMIC_RELAXED);

	if (off + len > __atomic_load_n(&m->durable, __ATOMIC_ACQUIRE))
		m->early = true;
	if (bad && off + len > bad)
		return fail(e, EIO, "that cannot be read");
	memcpy(buf, m->bytes + off, len);
	return true;
}

static const struct out_ops ops = { .reread = mem_reread };
static struct memory file = { .out = { &ops, "vmcore" } };
static uint8_t buf[BEHIND_BUF_LEN], last_buf[1 << 20];

static uint8_t byte_at(uint64_t off)
{
	return off * 13 ^ off >> 9;
}

static bool has_come(const uint64_t *off, uint64_t to)
{
	double until = monotonic_seconds() + PATIENCE_S;

	while (__atomic_load_n(off, __ATOMIC_RELAXED) < to)
		if (monotonic_seconds() > until)
			return false;
	return true;
}

struct row {
	const char *row;
	uint64_t flipped;	/* a byte that is not what was written; 0: none */
	uint64_t bad_from;	/* of struct memory, until all is written */
	bool may;
	uint64_t most;		/* is read meanwhile */
};

static const struct row rows[] = {
	{ "all goes well", 0, 0, true, LEN },
	{ "this is not the time", 0, 0, false, 0 },
	{ "damage in the first page", HEAD + 1, 0, true, LEN },
	{ "damage far behind the edge", HEAD + 9 * STEP, 0, true, LEN },
	{ "damage in what is read last", LEN - 1, 0, true, LEN },
	{ "what could not be read meanwhile is read in the end", 0, HEAD + 17 * STEP, true,
	  17 * STEP },
	{ "nothing could be read meanwhile", 0, HEAD + 1, true, 0 },
};

static void write_on(struct behind *b, const struct row *row)
{
	uint64_t told;

	for (unsigned i = 0; i < N_STEPS; i++) {
		uint64_t from = HEAD + i * STEP;

		for (uint64_t at = from; at < from + STEP; at++)
			file.bytes[at] = byte_at(at);
		if (row->flipped >= from && row->flipped < from + STEP)
			file.bytes[row->flipped] ^= 4;
		__atomic_store_n(&file.durable, from + STEP, __ATOMIC_RELEASE);
		behind_tell(b, from + STEP, row->may);
		told = (from + STEP) / OUT_BLOCK * OUT_BLOCK;
		if (row->may && !row->bad_from && (i + 1) * STEP > BEHIND_LEAST + OUT_BLOCK)
			T_CHECK(row->row, has_come(&b->off, told));
	}
	for (uint64_t at = HEAD + N_STEPS * STEP; at < LEN; at++)
		file.bytes[at] = byte_at(at);
	if (row->flipped == LEN - 1)
		file.bytes[row->flipped] ^= 4;
}

static void test_row(const struct row *row)
{
	const struct readback r = { .out = &file.out, .buf = buf, .buf_len = sizeof(buf),
				    .word_off = UINT64_MAX - 8 };
	char hex[SHA256_HEX_LEN], wanted[SHA256_HEX_LEN];
	static struct behind b;
	struct readback rest, all;
	uint64_t off, from = HEAD, sum = 0;
	struct err e = { .text = "" };

	file.bad_from = row->bad_from;
	file.durable = 0;
	file.early = false;
	behind_begin(&b, &r, HEAD);
	write_on(&b, row);
	behind_end(&b);
	behind_end(&b);
	T_CHECK(row->row, !file.early);
	T_CHECK(row->row, b.r.n_read == b.off - HEAD && b.r.n_read <= row->most);
	T_EQUAL(row->row, row->most == LEN, b.r.n_read >= (N_STEPS - 1) * STEP);
	file.bad_from = 0;
	file.durable = LEN;
	rest = b.r;
	rest.buf = last_buf;
	rest.buf_len = sizeof(last_buf);
	rest.n_threads = 1;
	off = b.off;
	T_CHECK(row->row, readback_range(&rest, &off, LEN, &e));
	T_EQUAL(row->row, LEN - HEAD, rest.n_read);
	for (uint64_t at = HEAD; at < LEN; at += 8) {
		uint8_t word[8];
		unsigned n = LEN - at < 8 ? LEN - at : 8;

		for (unsigned i = 0; i < n; i++)
			word[i] = byte_at(at + i);
		sum += word_sum(at, word, n);
	}
	T_EQUAL(row->row, !row->flipped, sum == rest.sum);
	all = rest;
	readback_digest(&rest, hex);
	readback_begin(&all);
	T_CHECK(row->row, readback_range(&all, &from, LEN, &e));
	readback_digest(&all, wanted);
	T_TEXT(row->row, wanted, hex);
}

int main(void)
{
	file.bytes = calloc(1, LEN);
	if (!file.bytes)
		abort();
	for (size_t i = 0; i < T_SIZE(rows); i++)
		test_row(&rows[i]);
	free(file.bytes);
	return t_done();
}
