/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a dump back. One pass, two sums. The sink is asked by one thread at a time, as one
 * with a server behind it answers one question after the other; while it is waited for, the
 * other thread has what came before to hash.
 */
#include "readback.h"

#include <errno.h>
#include <pthread.h>
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
	struct reading *of;
	uint64_t off, len, sum;
	uint8_t *bytes;
	bool is_hole;		/* bytes are none of it */
	bool failed;
	struct err why;
};

/* One range on its way. */
struct reading {
	struct readback *r;
	pthread_mutex_t asking;		/* the sink */
	uint64_t next, *off, end;	/* to be read, and behind what was counted in */
	uint8_t *bytes;
	size_t piece_len;
	struct err stop;		/* why next_piece() gave up, code 0: it did not */
};

/* In pieces that are blocks of file and memory, if the buffer has that many. */
static void cut_buffer(struct reading *now, size_t n_pieces)
{
	const struct readback *r = now->r;
	size_t pad = round_up((uintptr_t)r->buf, OUT_BLOCK) - (uintptr_t)r->buf;

	now->bytes = r->buf + pad;
	now->piece_len = r->buf_len > pad ? (r->buf_len - pad) / n_pieces / OUT_BLOCK *
					    OUT_BLOCK : 0;
	if (now->piece_len)
		return;
	now->bytes = r->buf;
	now->piece_len = r->buf_len / n_pieces / 8 * 8;
}

static bool next_piece(void *ctx, void *batch)
{
	struct reading *now = ctx;
	const struct readback *r = now->r;
	struct piece *p = batch;
	uint64_t left = now->end - now->next;

	if (!left || now->stop.code)
		return false;
	if (r->give_up && monotonic_seconds() >= r->give_up) {
		fail(&now->stop, ETIMEDOUT, "the deadline came before it was read back");
		return false;
	}
	p->off = now->next;
	p->failed = false;
	p->len = min_u64(hole_at(r->holes, p->off), left);
	p->is_hole = p->len;
	if (p->is_hole)
		p->len = min_u64(p->len, MAX_HOLE_PIECE);
	else if (now->piece_len >= OUT_BLOCK)	/* the next one begins with a block */
		p->len = min_u64(now->piece_len - p->off % OUT_BLOCK, left);
	else
		p->len = min_u64(now->piece_len, left);
	now->next += p->len;
	return true;
}

static void read_piece(void *worker, void *batch)
{
	struct piece *p = batch;
	const struct readback *r = p->of->r;

	(void)worker;
	p->sum = 0;
	if (p->is_hole)
		return;
	pthread_mutex_lock(&p->of->asking);
	p->failed = !r->out->ops->reread(r->out, p->off, p->bytes, p->len, &p->why);
	pthread_mutex_unlock(&p->of->asking);
	if (p->failed)
		return;
	if (r->word_off >= p->off && r->word_off + 8 <= p->off + p->len)
		put_u64(p->bytes + (r->word_off - p->off), r->word);
	p->sum = word_sum(p->off, p->bytes, p->len);
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
	struct reading *now = ctx;
	struct readback *r = now->r;
	struct piece *p = batch;

	if (p->failed) {
		*e = p->why;
		return within(e, "reading back");
	}
	if (p->is_hole)
		hash_zeroes(&r->sha, p->len);
	else
		sha256_update(&r->sha, p->len, p->bytes);
	r->sum += p->sum;
	r->n_read += p->len;
	__atomic_store_n(now->off, p->off + p->len, __ATOMIC_RELAXED);
	if (r->done)
		__atomic_store_n(r->done, r->n_read, __ATOMIC_RELAXED);
	return true;
}

static const struct pipeline_ops ops = {
	.next = next_piece, .work = read_piece, .emit = hash_piece,
};

void readback_begin(struct readback *r)
{
	r->n_read = r->sum = 0;
	sha256_init(&r->sha);
}

bool readback_range(struct readback *r, uint64_t *off, uint64_t end, struct err *e)
{
	size_t n = r->n_threads ? READBACK_PIECES : 1;
	struct reading now = { .r = r, .asking = PTHREAD_MUTEX_INITIALIZER, .next = *off,
			       .off = off, .end = end };
	struct piece pieces[READBACK_PIECES];
	void *batches[READBACK_PIECES], *workers[2] = { NULL, NULL };
	const struct pipeline p = {
		.ops = &ops, .ctx = &now, .batches = batches, .n_batches = n,
		.workers = workers, .n_threads = min_u64(r->n_threads, 1),
	};

	cut_buffer(&now, n);
	if (!now.piece_len || *off > end)
		return fail(e, EINVAL, "a read-back buffer of %zu bytes, from %llu to %llu",
			    r->buf_len, (unsigned long long)*off, (unsigned long long)end);
	for (size_t i = 0; i < n; i++) {
		pieces[i] = (struct piece){ .of = &now,
					    .bytes = now.bytes + i * now.piece_len };
		batches[i] = &pieces[i];
	}
	if (!pipeline_run(&p, e))
		return false;
	*e = now.stop;
	return !now.stop.code;
}

void readback_digest(struct readback *r, char hex[SHA256_HEX_LEN])
{
	uint8_t digest[SHA256_DIGEST_SIZE];

	/* Begins anew, too. */
	sha256_digest(&r->sha, sizeof(digest), digest);
	format_hex(hex, digest, sizeof(digest));
}
