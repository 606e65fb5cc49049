/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys that go into memory only. The kernel takes no file that somebody has open for writing
 * (deny_write_access() in Linux fs/kernel_read_file.c), so it is opened anew to be read.
 */
#include "volume_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "base/numbers.h"
#include "config/config.h"
#include "cpio.h"
#include "volume_freeze.h"

#define PIECE (64u << 10)
#define ARCHIVE_MAX (VOLUMES_TEXT + (16u << 10))

void volume_keys_sum(const struct volume_freeze *f, char sum[KEYS_SHA256])
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx sha;

	sum[0] = '\0';
	if (!f->keys_len)
		return;
	sha256_init(&sha);
	sha256_update(&sha, f->keys_len, (const uint8_t *)f->keys);
	sha256_digest(&sha, sizeof(digest), digest);
	format_hex(sum, digest, sizeof(digest));
}

/* An archive begins at a multiple of four. */
static bool copy_file(int to, const char *path, struct err *e)
{
	cleanup_fd int from = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t piece[PIECE];
	size_t len = 0;
	ssize_t n = -1;

	while (from >= 0 && (n = read(from, piece, sizeof(piece))) > 0) {
		if (!write_all(to, piece, n, "the image in memory", e))
			return false;
		len += n;
	}
	if (n < 0)
		return fail(e, errno, "image %s: %s", path, strerror(errno));
	memset(piece, 0, 4);
	return write_all(to, piece, round_up(len, 4) - len, "the image in memory", e);
}

/* What is known of the volumes now goes with the keys, as those have its names. */
static bool write_keys(int to, const struct volume_freeze *f, struct err *e)
{
	const struct cpio_file files[] = {
		{ .name = VOLUMES_FILE, .mode = S_IFREG | 0600,
		  .data = { (uint8_t *)f->text, f->len } },
		{ .name = VOLUMES_KEYS, .mode = S_IFREG | 0600,
		  .data = { (uint8_t *)f->keys, f->keys_len } },
	};
	uint8_t archive[ARCHIVE_MAX];
	struct cpio c;
	bool ok;

	cpio_init(&c, archive, sizeof(archive));
	ok = cpio_add(&c, &files[0], e) && cpio_add(&c, &files[1], e) && cpio_end(&c, e) &&
	     write_all(to, archive, c.len, "the image in memory", e);
	explicit_bzero(archive, sizeof(archive));
	return ok;
}

static bool make(struct keyed_image *k, const struct volume_freeze *f, const char *image,
		 struct err *e)
{
	cleanup_fd int to = memfd_create("crashbox image", MFD_CLOEXEC);
	struct stat st;

	if (to < 0)
		return fail(e, errno, "no image in memory: %s", strerror(errno));
	snprintf(k->path, sizeof(k->path), "/proc/self/fd/%d", to);
	/* A program that loads it finds it under the same number. */
	k->fd = open(k->path, O_RDONLY);
	if (k->fd < 0)
		return fail(e, errno, "%s: %s", k->path, strerror(errno));
	snprintf(k->path, sizeof(k->path), "/proc/self/fd/%d", k->fd);
	if (!copy_file(to, image, e) || fstat(to, &st) || ftruncate(to, st.st_size +
								    ARCHIVE_MAX) ||
	    mmap(NULL, st.st_size + ARCHIVE_MAX, PROT_READ, MAP_SHARED | MAP_LOCKED, k->fd,
		 0) == MAP_FAILED)
		return fail(e, errno ? errno : EIO, "the image cannot be held in memory: %s",
			    strerror(errno));
	return write_keys(to, f, e);
}

bool keyed_image_make(struct keyed_image *k, const struct config *c, const char *image,
		      struct err *e)
{
	struct volume_freeze f = { .root = "", .with_keys = true };
	bool ok;

	*k = (struct keyed_image){ .fd = -1 };
	/* The stack, on which keys are for a while. */
	mlockall(MCL_CURRENT | MCL_FUTURE);
	ok = volume_freeze_config(&f, c, e);
	volume_keys_sum(&f, k->sum);
	if (ok && f.keys_len)
		ok = make(k, &f, image, e);
	explicit_bzero(&f, sizeof(f));
	if (!ok)
		keyed_image_wipe(k);
	return ok;
}

void keyed_image_wipe(struct keyed_image *k)
{
	uint8_t zeroes[4096] = { 0 };
	struct stat st;
	struct err ignored;
	int to = -1;

	if (k->fd >= 0 && !fstat(k->fd, &st)) {
		to = open(k->path, O_WRONLY | O_CLOEXEC);
		for (off_t at = 0; to >= 0 && at < st.st_size; at += sizeof(zeroes))
			pwrite_all(to, zeroes, min_u64(sizeof(zeroes), st.st_size - at), at,
				   "", &ignored);
	}
	if (to >= 0)
		close(to);
	if (k->fd >= 0)
		close(k->fd);
	k->fd = -1;
	munlockall();
}
