/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading files by offset, flattened ones too. Of those the records are painted onto the file
 * that is meant, from the last to the first, each where nothing is painted yet; what comes out
 * is a table of pieces that do not overlap, in which every read is a binary search.
 */
#include "dumpfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "bytes.h"
#include "err.h"
#include "io.h"

#define NAME "file"
#define SIGNATURE "makedumpfile\0\0\0"	/* 16 bytes with the last NUL */
#define HEADER_LEN 4096
#define RECORD_LEN 16
#define MAX_RECORDS (4u << 20)	/* of 64 KiB, as makedumpfile writes them: 256 GiB */

/* ---- records ---------------------------------------------------------------- */

static uint64_t get_be64(const uint8_t *at)
{
	return __builtin_bswap64(get_u64(at));
}

/* One record, and where the next one is. False at the end, the right one or not. */
static bool next_record(struct dumpfile *f, uint64_t *at, struct dumpfile_piece *out,
			struct err *e)
{
	uint8_t raw[RECORD_LEN];

	e->code = 0;
	if (f->stored_len - *at < RECORD_LEN)
		return f->is_cut = true, false;
	if (!pread_all(f->fd, raw, sizeof(raw), *at, NAME, e))
		return false;
	out->off = get_be64(raw);
	out->len = get_be64(raw + 8);
	out->at = *at + RECORD_LEN;
	if (out->off == UINT64_MAX && out->len == UINT64_MAX)
		return false;
	if (!out->len || out->off > INT64_MAX || out->len > INT64_MAX - out->off)
		return fail(e, EINVAL, "flattened, and its record at %llu, %llu bytes at %llu, "
			    "is not possible", (unsigned long long)*at,
			    (unsigned long long)out->len, (unsigned long long)out->off);
	f->is_cut = out->len > f->stored_len - out->at;
	out->len = min_u64(out->len, f->stored_len - out->at);
	*at = out->at + out->len;
	return out->len;
}

/* Counts them, or with to != NULL writes them down, in the order of the file. */
static bool read_records(struct dumpfile *f, struct dumpfile_piece *to, size_t *n,
			 struct err *e)
{
	struct dumpfile_piece record;
	uint64_t at = HEADER_LEN;
	size_t i = 0;

	for (; next_record(f, &at, &record, e); i++) {
		if (i == (to ? *n : MAX_RECORDS))
			return fail(e, ENOMEM, "flattened, into more than %zu records", i);
		if (to)
			to[i] = record;
	}
	*n = i;
	return !e->code;
}

/* ---- painting --------------------------------------------------------------- */

/* Stretches between all offsets where a record begins or ends. */
struct canvas {
	const struct dumpfile_piece *records;
	size_t n_records;
	uint64_t *edges;	/* n + 1 of them, ascending */
	uint32_t *owner;	/* which record has it, counted from 1; 0: none */
	uint32_t *bare;		/* the first that is not painted, from this one on, or nearer */
	size_t n;
};

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static bool canvas_init(struct canvas *c, struct arena *arena, struct err *e)
{
	const struct dumpfile_piece *records = c->records;
	size_t n = c->n_records, n_edges = 0;

	c->edges = arena_take(arena, 2 * n, sizeof(c->edges[0]), "records", e);
	c->owner = arena_take(arena, 2 * n, sizeof(c->owner[0]), "records", e);
	c->bare = arena_take(arena, 2 * n, sizeof(c->bare[0]), "records", e);
	if (!c->edges || !c->owner || !c->bare)
		return false;
	for (size_t i = 0; i < n; i++) {
		c->edges[2 * i] = records[i].off;
		c->edges[2 * i + 1] = records[i].off + records[i].len;
	}
	qsort(c->edges, 2 * n, sizeof(c->edges[0]), by_number);
	for (size_t i = 0; i < 2 * n; i++)
		if (!n_edges || c->edges[n_edges - 1] != c->edges[i])
			c->edges[n_edges++] = c->edges[i];
	for (size_t i = 0; i < n_edges; i++)
		c->bare[i] = i;
	c->n = n_edges - 1;
	return true;
}

/* The last edge stands for "none", and is never painted. */
static size_t first_bare(struct canvas *c, size_t i)
{
	while (c->bare[i] != i) {
		c->bare[i] = c->bare[c->bare[i]];
		i = c->bare[i];
	}
	return i;
}

static size_t edge_at(const struct canvas *c, uint64_t off)
{
	size_t lo = 0, hi = c->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (c->edges[mid] < off)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void paint(struct canvas *c)
{
	for (size_t i = c->n_records; i-- > 0; ) {
		const struct dumpfile_piece *r = &c->records[i];
		size_t end = edge_at(c, r->off + r->len);

		for (size_t at = first_bare(c, edge_at(c, r->off)); at < end;
		     at = first_bare(c, at)) {
			c->owner[at] = i + 1;
			c->bare[at] = at + 1;
		}
	}
}

/* Stretches of one record that touch become one piece. */
static void gather(struct dumpfile *f, const struct canvas *c)
{
	for (size_t i = 0; i < c->n; i++) {
		uint64_t off = c->edges[i], len = c->edges[i + 1] - off;
		const struct dumpfile_piece *from;

		if (!c->owner[i])
			continue;
		from = &c->records[c->owner[i] - 1];
		if (i && c->owner[i] == c->owner[i - 1])
			f->pieces[f->n_pieces - 1].len += len;
		else
			f->pieces[f->n_pieces++] = (struct dumpfile_piece){
				off, len, from->at + (off - from->off) };
	}
}

static bool unflatten(struct dumpfile *f, struct arena *arena, struct err *e)
{
	struct dumpfile_piece *records;
	struct canvas canvas;
	size_t n, mark;

	f->is_flattened = true;
	if (!read_records(f, NULL, &n, e))
		return false;
	if (!n)
		return fail(e, EINVAL, "flattened, and nothing is in it");
	f->pieces = arena_take(arena, 2 * n, sizeof(records[0]), "records", e);
	mark = arena_mark(arena);
	records = arena_take(arena, n, sizeof(records[0]), "records", e);
	if (!f->pieces || !records || !read_records(f, records, &n, e))
		return false;
	canvas = (struct canvas){ .records = records, .n_records = n };
	if (!canvas_init(&canvas, arena, e))
		return false;
	paint(&canvas);
	gather(f, &canvas);
	f->size = f->is_cut ? INT64_MAX : canvas.edges[canvas.n];
	arena_release(arena, mark);
	return true;
}

/* ---- opening and reading ---------------------------------------------------- */

static bool open_file(struct dumpfile *f, const char *path, struct arena *arena, struct err *e)
{
	uint8_t header[sizeof(SIGNATURE) + 16];
	struct stat st;

	f->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (f->fd < 0)
		return fail(e, errno, "cannot open: %s", strerror(errno));
	if (fstat(f->fd, &st))
		return fail(e, errno, "cannot be looked at: %s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(e, EINVAL, "not a regular file");
	f->stored_len = f->size = st.st_size;
	if (f->size < HEADER_LEN)
		return true;
	if (!pread_all(f->fd, header, sizeof(header), 0, NAME, e))
		return false;
	if (memcmp(header, SIGNATURE, sizeof(SIGNATURE)))
		return true;
	if (get_be64(header + 16) != 1 || get_be64(header + 24) != 1)
		return fail(e, ENOTSUP, "flattened, in a way that is not known: type %llu, "
			    "version %llu", (unsigned long long)get_be64(header + 16),
			    (unsigned long long)get_be64(header + 24));
	return unflatten(f, arena, e);
}

bool dumpfile_open(struct dumpfile *f, const char *path, struct arena *arena, struct err *e)
{
	*f = DUMPFILE_CLOSED;
	if (open_file(f, path, arena, e))
		return true;
	dumpfile_close(f);
	return false;
}

void dumpfile_close(struct dumpfile *f)
{
	if (f->fd >= 0)
		close(f->fd);
	*f = DUMPFILE_CLOSED;
}

const struct dumpfile_piece *dumpfile_piece(const struct dumpfile *f, uint64_t off)
{
	size_t lo = 0, hi = f->n_pieces;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (f->pieces[mid].off + f->pieces[mid].len <= off)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < f->n_pieces ? &f->pieces[lo] : NULL;
}

bool dumpfile_read(const struct dumpfile *f, void *buf, uint64_t len, uint64_t off,
		   struct err *e)
{
	const struct dumpfile_piece *p;
	uint8_t *to = buf;
	uint64_t n;

	if (!f->is_flattened)
		return pread_all(f->fd, buf, len, off, NAME, e);
	if (off > f->size || len > f->size - off)
		return fail(e, EIO, NAME ": ends before %llu", (unsigned long long)off + len);
	for (p = dumpfile_piece(f, off); len; to += n, off += n, len -= n) {
		if (!p || off < p->off) {
			n = p ? min_u64(len, p->off - off) : len;
			memset(to, 0, n);
			continue;
		}
		n = min_u64(len, p->off + p->len - off);
		if (!pread_all(f->fd, to, n, p->at + (off - p->off), NAME, e))
			return false;
		p = ++p < f->pieces + f->n_pieces ? p : NULL;
	}
	return true;
}

bool dumpfile_has(const struct dumpfile *f, uint64_t off, uint64_t len)
{
	if (off > f->size || len > f->size - off)
		return false;
	while (f->is_flattened && len) {
		const struct dumpfile_piece *p = dumpfile_piece(f, off);
		uint64_t n;

		if (!p || off < p->off)
			return false;
		n = min_u64(len, p->off + p->len - off);
		off += n;
		len -= n;
	}
	return true;
}

uint64_t dumpfile_next(const struct dumpfile *f, uint64_t off)
{
	const struct dumpfile_piece *p;
	off_t at;

	if (f->is_flattened) {
		p = dumpfile_piece(f, off);
		return p ? max_u64(off, p->off) : f->size;
	}
	at = lseek(f->fd, off, SEEK_DATA);
	if (at < 0)
		return errno == ENXIO ? f->size : off;
	return at;
}
