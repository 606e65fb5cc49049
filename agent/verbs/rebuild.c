/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verb rebuild: a flattened dump, whole or cut, becomes one that every reader takes. */
#include "verb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/numbers.h"
#include "dump/kdumpread.h"
#include "inspect.h"

#define ARENA_LEN (4ULL << 30)	/* of addresses; what records need is used */
#define BUF_LEN (1u << 20)
#define DESCS (BUF_LEN / sizeof(struct kdump_desc))
#define STATUS_OFF offsetof(struct kdump_header, status)

struct rebuilding {
	struct kdump_reader r;
	struct arena arena;
	const char *out;
	int fd;
	uint8_t *buf;
	uint64_t n_lost;	/* pages whose data are cut off */
};

/* All that is there, but for what tells a dump, which comes at the very end. */
static bool copy_pieces(struct rebuilding *b, struct err *e)
{
	const struct dumpfile *f = &b->r.file;

	for (size_t i = 0; i < f->n_pieces; i++) {
		struct dumpfile_piece p = f->pieces[i];

		for (uint64_t n; p.len; p.off += n, p.len -= n) {
			n = min_u64(p.len, BUF_LEN);
			if (!dumpfile_read(f, b->buf, n, p.off, e))
				return false;
			if (p.off < sizeof(b->r.h.signature))
				memset(b->buf, 0, min_u64(n, sizeof(b->r.h.signature) - p.off));
			if (!pwrite_all(b->fd, b->buf, n, p.off, b->out, e))
				return false;
		}
	}
	return true;
}

/* Of a cut file: those that lead to data that are not there become those of no page. */
static bool mend_descs(struct rebuilding *b, struct err *e)
{
	struct kdump_desc *descs = (struct kdump_desc *)b->buf;
	uint64_t n = b->r.index.n_pages, len;

	for (uint64_t first = 0; first < n; first += DESCS) {
		uint64_t off = b->r.descs_off + first * sizeof(descs[0]);
		size_t in = min_u64(n - first, DESCS);

		if (!dumpfile_read(&b->r.file, descs, in * sizeof(descs[0]), off, e))
			return false;
		for (size_t i = 0; i < in; i++) {
			len = descs[i].len;
			if (len && dumpfile_has(&b->r.file, off + i * sizeof(descs[0]),
						sizeof(descs[0])) &&
			    dumpfile_has(&b->r.file, descs[i].off, len)) {
				b->r.h.status |= descs[i].flags;
				continue;
			}
			b->n_lost++;
			descs[i] = (struct kdump_desc){ 0 };
		}
		if (!pwrite_all(b->fd, descs, in * sizeof(descs[0]), off, b->out, e))
			return false;
	}
	return true;
}

/* Readers look at the status before they take a dump for whole. */
static bool seal(struct rebuilding *b, struct err *e)
{
	struct kdump_header *h = &b->r.h;

	if (kdump_is_cut(&b->r))
		h->status |= KDUMP_INCOMPLETE;
	if (!pwrite_all(b->fd, (const uint8_t *)h + STATUS_OFF, sizeof(h->status), STATUS_OFF,
			b->out, e))
		return false;
	if (fsync(b->fd))
		return fail(e, errno, "%s: not all of it reached the disk: %s", b->out,
			    strerror(errno));
	if (!pwrite_all(b->fd, h->signature, sizeof(h->signature), 0, b->out, e))
		return false;
	return !fsync(b->fd) || fail(e, errno, "%s: not all of it reached the disk: %s",
				     b->out, strerror(errno));
}

static bool lengthen(struct rebuilding *b, struct err *e)
{
	uint64_t least = b->r.descs_off + b->r.index.n_pages * sizeof(struct kdump_desc);
	struct stat st;

	if (fstat(b->fd, &st) || ((uint64_t)st.st_size < least && ftruncate(b->fd, least)))
		return fail(e, errno, "%s: cannot make it %llu bytes long: %s", b->out,
			    (unsigned long long)least, strerror(errno));
	return true;
}

static bool write_out(struct rebuilding *b, struct err *e)
{
	b->buf = arena_take(&b->arena, BUF_LEN, 1, "buffer", e);
	if (!b->buf)
		return false;
	b->fd = open(b->out, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (b->fd < 0)
		return fail(e, errno, "%s: cannot create: %s", b->out,
			    errno == EEXIST ? "it is already there" : strerror(errno));
	if (copy_pieces(b, e) && lengthen(b, e) &&
	    (!kdump_is_cut(&b->r) || mend_descs(b, e)) && seal(b, e))
		return true;
	unlink(b->out);
	return false;
}

static bool rebuild(struct rebuilding *b, const char *path, struct err *e)
{
	if (!arena_init(&b->arena, ARENA_LEN, e))
		return false;
	if (!kdump_open(&b->r, path, &b->arena, e))
		return false;
	if (!b->r.file.is_flattened)
		return fail(e, EINVAL, "%s: not flattened: it is a dump that every reader "
			    "takes as it is", path);
	return write_out(b, e);
}

static const struct option_row options[] = { OPTION_END };

static int run(int argc, char **argv)
{
	struct rebuilding b = { .r.file = DUMPFILE_CLOSED, .fd = -1 };
	struct operands words;
	char name[4096];
	struct err e;
	bool ok, is_cut;

	if (!verb_options(&verb_rebuild, NULL, argc, argv, &words))
		return 1;
	if (words.n < 1 || words.n > 2 ||
	    snprintf(name, sizeof(name), "%s-rebuilt", words.words[0]) >= (int)sizeof(name))
		return usage("rebuild takes a FILE, and where its dump goes");
	b.out = words.n == 2 ? words.words[1] : name;
	ok = rebuild(&b, words.words[0], &e);
	is_cut = ok && kdump_is_cut(&b.r);
	kdump_close(&b.r);
	if (b.fd >= 0)
		close(b.fd);
	if (!ok)
		log_info("%s", e.text);
	else if (is_cut)
		log_info("rebuilt: %s, but it was cut off: %llu pages are not in it", b.out,
			 (unsigned long long)b.n_lost);
	else
		log_info("rebuilt: %s", b.out);
	return !ok ? 1 : is_cut ? 2 : 0;
}

const struct verb verb_rebuild = {
	.name = "rebuild",
	.operands = "FILE [OUT]",
	.summary = "a plain dump out of a flattened one, also of one that was cut off",
	.options = options,
	.about =
"FILE is a dump that was written from front to back: by 'capture --stream', to a target that\n"
"only grows, by makedumpfile -F, or by QEMU. OUT, if it is not given FILE-rebuilt, is made.\n",
	.more =
"What is there of a dump that was cut off becomes one that is marked incomplete.\n"
"Exit status: 0 whole, 1 failed, 2 cut off.\n",
	.run = run,
};
