/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a dump back. One pass, two sums. The sink is asked by one thread only, as one
 * with a server behind it answers one question at a time.
 */
#include "readback.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "base/numbers.h"
#include "base/out.h"
#include "holes.h"
#include "pipeline.h"

#define SUMMED_TIMES 64
#define MAX_HOLE_PIECE (64u << 20)	/* so that the deadline is looked at */

static const uint8_t zeroes[4096];

/* Spreads a word and its place over 64 bits (the finishing step of splitmix64). */
static uint64_t mix(uint64_t place, uint64_t word)
{
	uint64_t x = word + place * 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

uint64_t word_sum(uint64_t off, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	uint64_t sum = 0, place = off / 8, word;

	for (; len >= 8; len -= 8, at += 8, place++) {
		word = get_u64(at);
		if (word)
			sum += mix(place, word);
	}
	if (len) {
		word = 0;
		memcpy(&word, at, len);
		if (word)
			sum += mix(place, word);
	}
	return sum;
}

double readback_seconds(void)
{
	double began = cpu_seconds(), took;
	struct sha256_ctx sha;

	sha256_init(&sha);
	for (int i = 0; i < SUMMED_TIMES; i++)
		sha256_update(&sha, sizeof(zeroes), zeroes);
	took = cpu_seconds() - began;
	return took / SUMMED_TIMES / sizeof(zeroes);
}

/* What is read at once; in the pipeline it is a batch. */
struct piece {
	uint64_t off, len, sum;
	uint8_t *bytes;
	bool is_hole;		/* bytes are none of it */
};

struct reading {
	struct out *out;
	const struct readback *want;
	uint64_t off, sum;
	size_t piece_len;
	struct sha256_ctx sha;
	struct err stop;		/* why next_piece() gave up, code 0: it did not */
};

static bool next_piece(void *ctx, void *batch)
{
	struct reading *r = ctx;
	const struct readback *want = r->want;
	struct piece *p = batch;

	if (r->off >= want->len || r->stop.code)
		return false;
	if (want->give_up && monotonic_seconds() >= want->give_up) {
		fail(&r->stop, ETIMEDOUT, "the deadline came before it was read back");
		return false;
	}
	p->off = r->off;
	p->len = hole_at(want->holes, r->off);
	p->is_hole = p->len;
	if (p->is_hole) {
		p->len = min_u64(p->len, MAX_HOLE_PIECE);
		r->off += p->len;
		return true;
	}
	p->len = min_u64(r->piece_len, want->len - r->off);
	if (!r->out->ops->read_at(r->out, p->off, p->bytes, p->len, &r->stop)) {
		within(&r->stop, "reading back");
		return false;
	}
	if (want->word_off >= p->off && want->word_off + 8 <= p->off + p->len)
		put_u64(p->bytes + (want->word_off - p->off), want->word);
	r->off += p->len;
	return true;
}

static void sum_piece(void *worker, void *batch)
{
	struct piece *p = batch;

	(void)worker;
	p->sum = p->is_hole ? 0 : word_sum(p->off, p->bytes, p->len);
}

static void hash_zeroes(struct sha256_ctx *sha, uint64_t len)
{
	for (uint64_t n; len; len -= n) {
		n = min_u64(len, sizeof(zeroes));
		sha256_update(sha, n, zeroes);
	}
}

/* The hash is of one byte after the other; this is the only part that no thread can share. */
static bool hash_piece(void *ctx, void *batch, struct err *e)
{
	struct reading *r = ctx;
	struct piece *p = batch;

	(void)e;
	if (p->is_hole)
		hash_zeroes(&r->sha, p->len);
	else
		sha256_update(&r->sha, p->len, p->bytes);
	r->sum += p->sum;
	__atomic_store_n(r->want->done, p->off + p->len, __ATOMIC_RELAXED);
	return true;
}

static const struct pipeline_ops ops = {
	.next = next_piece, .work = sum_piece, .emit = hash_piece,
};

bool readback(struct out *o, const struct readback *want, char hex[SHA256_HEX_LEN],
	      struct err *e)
{
	struct reading r = { .out = o, .want = want,
			     .piece_len = want->buf_len / READBACK_PIECES / 8 * 8 };
	struct piece pieces[READBACK_PIECES];
	void *batches[READBACK_PIECES], *workers[2] = { NULL, NULL };
	const struct pipeline p = {
		.ops = &ops, .ctx = &r, .batches = batches, .n_batches = READBACK_PIECES,
		.workers = workers, .n_threads = min_u64(want->n_threads, 1),
	};
	uint8_t digest[SHA256_DIGEST_SIZE];

	if (!r.piece_len)
		return fail(e, EINVAL, "a read-back buffer of %zu bytes", want->buf_len);
	sha256_init(&r.sha);
	for (size_t i = 0; i < READBACK_PIECES; i++) {
		pieces[i] = (struct piece){ .bytes = want->buf + i * r.piece_len };
		batches[i] = &pieces[i];
	}
	if (!pipeline_run(&p, e))
		return false;
	if (r.stop.code) {
		*e = r.stop;
		return false;
	}
	if (r.sum != want->sum)
		return fail(e, EIO, "%s: read back, it is not what was written", o->name);
	sha256_digest(&r.sha, sizeof(digest), digest);
	format_hex(hex, digest, sizeof(digest));
	return true;
}
