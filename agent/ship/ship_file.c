/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of a crash, listed and read by way of their store. */
#include "ship_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "base/jsonread.h"
#include "base/numbers.h"
#include "crash_record.h"
#include "targets/store.h"

#define PIECE (256u << 10)

/* What tells most in the least comes first. */
static const enum crash_file order[] = {
	CRASH_REPORT_JSON, CRASH_REPORT, CRASH_DMESG, CRASH_KMSG, CRASH_MANIFEST, CRASH_DUMP,
	CRASH_EARLIER,
};

_Static_assert(sizeof(order) / sizeof(order[0]) == N_CRASH_FILES, "each has its place");

struct listing {
	struct ship_files *files;
	unsigned rank[SHIP_FILES_MAX];
};

/* Behind those that go before it. */
static void put(struct listing *l, const struct store_file *f, unsigned rank)
{
	struct ship_files *files = l->files;
	unsigned i;

	if (files->n == SHIP_FILES_MAX)
		return;
	for (i = files->n++; i && l->rank[i - 1] > rank; i--) {
		files->at[i] = files->at[i - 1];
		l->rank[i] = l->rank[i - 1];
	}
	l->rank[i] = rank;
	files->at[i] = (struct ship_file){ .len = f->len,
					   .is_dump = crash_files[order[rank]].has_pages };
	snprintf(files->at[i].name, sizeof(files->at[i].name), "%s", f->name);
}

static void take_file(void *to, const struct store_file *f)
{
	char part[SINK_NAME_MAX], plain[SINK_NAME_MAX];

	if (f->is_folder || strlen(f->name) >= SINK_NAME_MAX)
		return;
	crash_file_plain(f->name, plain, sizeof(plain));
	for (unsigned rank = 0; rank < N_CRASH_FILES; rank++) {
		const struct crash_file_row *row = &crash_files[order[rank]];

		sink_part_name(row->name, part);
		if (!strcmp(plain, row->name) || (!strcmp(plain, part) && row->has_pages))
			put(to, f, rank);
	}
}

bool ship_files_list(struct ship_files *f, struct store *s, const char *folder, struct err *e)
{
	struct listing l = { .files = f };
	const struct store_visitor taker = { take_file, &l };

	f->n = 0;
	if (!s->ops->list(s, folder, &taker, e))
		return false;
	for (unsigned i = 0; i < f->n; i++) {
		f->at[i].store = s;
		f->at[i].folder = folder;
	}
	return true;
}

/* ---- reading ---------------------------------------------------------------- */

void ship_digest(struct sha256_ctx *ctx, char sha[SHIP_SHA_LEN])
{
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_digest(ctx, sizeof(digest), digest);
	format_hex(sha, digest, sizeof(digest));
}

void ship_sum(const void *at, size_t len, char sha[SHIP_SHA_LEN])
{
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, len, at);
	ship_digest(&ctx, sha);
}

void ship_reader_slow(struct ship_reader *r, unsigned rate_kib)
{
	r->rate_kib = rate_kib;
	if (rate_kib)
		r->began = monotonic_seconds() - (double)r->off / 1024 / rate_kib;
}

void ship_reader_begin(struct ship_reader *r, const struct ship_file *file, unsigned rate_kib,
		       uint64_t *alive)
{
	*r = (struct ship_reader){ .file = file, .alive = alive };
	sha256_init(&r->sha);
	ship_reader_slow(r, rate_kib);
}

/* Waits until so much may have gone. */
static void keep_to_rate(const struct ship_reader *r)
{
	double until = r->began + (double)r->off / 1024 / r->rate_kib;

	while (monotonic_seconds() < until) {
		double left = until - monotonic_seconds();

		__atomic_fetch_add(r->alive, 1, __ATOMIC_RELAXED);
		pause_seconds(left < 0.25 ? left : 0.25);
	}
}

bool ship_read(struct ship_reader *r, void *buf, size_t len, struct err *e)
{
	const struct ship_file *f = r->file;

	for (size_t done = 0; done < len;) {
		struct store_piece piece = {
			.folder = f->folder, .file = f->name, .off = r->off,
			.buf = (char *)buf + done, .len = min_u64(len - done, PIECE),
		};
		size_t want = piece.len;

		if (!f->store->ops->read(f->store, &piece, e)) {
			e->code = EILSEQ;
			return false;
		}
		if (piece.len < want)
			return fail(e, EILSEQ, "%s/%s: has become shorter", f->folder,
				    f->name);
		__atomic_fetch_add(r->alive, 1, __ATOMIC_RELAXED);
		sha256_update(&r->sha, want, (const uint8_t *)buf + done);
		done += want;
		r->off += want;
		if (r->rate_kib)
			keep_to_rate(r);
	}
	return true;
}

void ship_reader_sum(struct ship_reader *r, char sha[SHIP_SHA_LEN])
{
	struct sha256_ctx so_far = r->sha;

	ship_digest(&so_far, sha);
}

bool ship_reader_agrees(struct ship_reader *r, struct err *e)
{
	const struct ship_file *f = r->file;
	char sha[SHIP_SHA_LEN];

	ship_reader_sum(r, sha);
	return (r->off == f->len && !strcmp(sha, f->sha)) ||
	       fail(e, EILSEQ, "%s/%s: has changed while it was sent", f->folder, f->name);
}

/* What a manifest says of its dump: of all of it, or of its pages and what is before them. */
struct said {
	char whole[SHIP_SHA_LEN], head[SHIP_SHA_LEN], pages[SHIP_SHA_LEN];
	uint64_t head_len;
};

static void take_said(const struct ship_file *f, const struct json_value *manifest,
		      struct said *said)
{
	char plain[SINK_NAME_MAX];

	*said = (struct said){ .head_len = 0 };
	crash_file_plain(f->name, plain, sizeof(plain));
	if (!manifest || strcmp(plain, crash_files[CRASH_DUMP].name))
		return;
	json_text(manifest, "sha256", said->whole, sizeof(said->whole));
	json_text(manifest, "sha256_head", said->head, sizeof(said->head));
	json_text(manifest, "sha256_pages", said->pages, sizeof(said->pages));
	said->head_len = json_count(manifest, "bytes.head");
	/* One of them alone says nothing. */
	if (!said->head[0] || !said->pages[0] || !said->head_len) {
		said->head[0] = said->pages[0] = '\0';
		said->head_len = 0;
	}
}

static bool is_said(const struct ship_file *f, const char *sha, const char *said, struct err *e)
{
	return !said[0] || !strcmp(said, sha) ||
	       fail(e, EILSEQ, "%s/%s: is not what its manifest says (SHA-256 %.12s..., and "
		    "not %.12s...); it is not sent", f->folder, f->name, sha, said);
}

bool ship_file_sum(struct ship_file *f, const struct json_value *manifest, uint64_t *alive,
		   struct err *e)
{
	char buf[PIECE], head[SHIP_SHA_LEN] = "", pages[SHIP_SHA_LEN];
	struct sha256_ctx of_pages;
	struct ship_reader r;
	struct said said;

	take_said(f, manifest, &said);
	sha256_init(&of_pages);
	ship_reader_begin(&r, f, 0, alive);
	while (r.off < f->len) {
		bool in_head = r.off < said.head_len;
		size_t n = min_u64(sizeof(buf), (in_head ? min_u64(said.head_len, f->len)
							 : f->len) - r.off);

		if (!ship_read(&r, buf, n, e))
			return false;
		if (in_head && r.off == said.head_len)
			ship_reader_sum(&r, head);
		if (!in_head && said.pages[0])
			sha256_update(&of_pages, n, (const uint8_t *)buf);
	}
	ship_reader_sum(&r, f->sha);
	ship_digest(&of_pages, pages);
	return is_said(f, f->sha, said.whole, e) && is_said(f, head, said.head, e) &&
	       is_said(f, pages, said.pages, e);
}

static const char *sum_of(struct ship_files *files, enum crash_file which, uint64_t *alive)
{
	struct err ignored;

	for (unsigned i = 0; i < files->n; i++)
		if (!strcmp(files->at[i].name, crash_files[which].name) &&
		    ship_file_sum(&files->at[i], NULL, alive, &ignored))
			return files->at[i].sha;
	return "-";
}

void ship_files_own(struct ship_files *f, struct crash_record *r, uint64_t *alive)
{
	char of[RECORD_OF];

	snprintf(of, sizeof(of), "crash %s %s", sum_of(f, CRASH_MANIFEST, alive),
		 sum_of(f, CRASH_DMESG, alive));
	crash_record_be_of(r, of);
}
