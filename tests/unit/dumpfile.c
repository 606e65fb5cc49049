/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/dumpfile: flattened files, read in pieces of any length, give what was painted record
 * by record into plain memory; holes are told; what cannot be true is refused, and a file that
 * stops gives what there is.
 */
#include "base/dumpfile.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "t.h"

#define FILE_LEN 5000u
#define MEANT_LEN 2000u

struct flat {
	uint8_t bytes[4096 + 64 * 1024];
	size_t len;
	uint8_t meant[MEANT_LEN], is_there[MEANT_LEN];
	size_t meant_len;
};

static void put_be64(uint8_t *to, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		to[i] = v >> (56 - 8 * i);
}

static void flat_init(struct flat *f)
{
	memset(f, 0, sizeof(*f));
	memcpy(f->bytes, "makedumpfile", 12);
	put_be64(f->bytes + 16, 1);
	put_be64(f->bytes + 24, 1);
	f->len = 4096;
}

static void put_head(struct flat *f, uint64_t off, uint64_t len)
{
	put_be64(f->bytes + f->len, off);
	put_be64(f->bytes + f->len + 8, len);
	f->len += 16;
}

/* A record of random bytes, of which the first `there` are in the file. */
static void put_record(struct flat *f, size_t off, size_t len, size_t there)
{
	put_head(f, off, len);
	for (size_t i = 0; i < there; i++) {
		f->bytes[f->len + i] = f->meant[off + i] = t_draw(256);
		f->is_there[off + i] = 1;
	}
	f->len += there;
	f->meant_len = off + there > f->meant_len ? off + there : f->meant_len;
}

static void put_end(struct flat *f)
{
	put_head(f, UINT64_MAX, UINT64_MAX);
}

/* What is opened, its error in e. */
static bool open_bytes(struct dumpfile *file, const uint8_t *bytes, size_t len,
		       struct arena *arena, struct err *e)
{
	int fd = memfd_create("flat", 0);
	char path[64];
	bool ok;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ok = write(fd, bytes, len) == (ssize_t)len && dumpfile_open(file, path, arena, e);
	close(fd);
	return ok;
}

static bool are_there(const struct flat *f, size_t off, size_t len)
{
	for (size_t i = off; i < off + len; i++)
		if (!f->is_there[i])
			return false;
	return true;
}

static void compare(const char *row, const struct dumpfile *file, const struct flat *f)
{
	uint8_t got[MEANT_LEN];
	struct err e;

	for (int i = 0; i < 300; i++) {
		size_t off = t_draw(f->meant_len), len = t_draw(f->meant_len - off + 1);
		size_t next = off;

		T_CHECK(row, dumpfile_read(file, got, len, off, &e) &&
			     !memcmp(got, f->meant + off, len));
		T_EQUAL(row, are_there(f, off, len), dumpfile_has(file, off, len));
		while (next < f->meant_len && !f->is_there[next])
			next++;
		if (next < f->meant_len)
			T_EQUAL(row, next, dumpfile_next(file, off));
	}
	T_EQUAL(row, file->size, dumpfile_next(file, f->meant_len));
}

static void test_painted(struct arena *arena)
{
	struct dumpfile file;
	static struct flat f;
	struct err e;
	char row[40];

	for (unsigned n = 1; n < 60; n++) {
		size_t mark = arena_mark(arena);

		snprintf(row, sizeof(row), "%u records", n);
		flat_init(&f);
		for (unsigned i = 0; i < n; i++) {
			size_t off = t_draw(MEANT_LEN - 1);
			size_t len = 1 + t_draw(MEANT_LEN - off) % (1 + t_draw(300));

			put_record(&f, off, len, len);
		}
		put_end(&f);
		if (!T_CHECK(row, open_bytes(&file, f.bytes, f.len, arena, &e)))
			continue;
		T_CHECK(row, file.is_flattened && !file.is_cut);
		T_EQUAL(row, f.meant_len, file.size);
		compare(row, &file, &f);
		T_CHECK(row, !dumpfile_read(&file, row, 1, f.meant_len, &e));
		dumpfile_close(&file);
		arena_release(arena, mark);
	}
}

/* Where a file may stop: in a head, in data, before the end. */
static void test_cut(struct arena *arena)
{
	struct dumpfile file;
	static struct flat f;
	uint8_t byte = 1;
	struct err e;

	flat_init(&f);
	put_record(&f, 100, 50, 50);
	put_record(&f, 300, 100, 40);
	if (T_CHECK("cut in data", open_bytes(&file, f.bytes, f.len, arena, &e))) {
		T_CHECK("cut in data", file.is_cut && file.size == INT64_MAX);
		compare("cut in data", &file, &f);
		T_CHECK("beyond a cut", dumpfile_read(&file, &byte, 1, 1 << 30, &e) && !byte);
		T_CHECK("beyond a cut", !dumpfile_has(&file, 340, 1));
		dumpfile_close(&file);
	}
	for (size_t len = f.len - 40 - 16; len <= f.len - 40; len++) {
		bool ok = open_bytes(&file, f.bytes, len, arena, &e);

		T_CHECK("cut in a head", ok && file.is_cut && file.n_pieces == 1);
		dumpfile_close(&file);
	}
}

static const struct {
	const char *row;
	uint64_t off, len;
	const char *says;
} refused[] = {
	{ "no bytes", 0, 0, "record at 4096, 0 bytes at 0, is not possible" },
	{ "at minus two", -2, 8, "is not possible" },
	{ "of minus two bytes", 8, -2, "is not possible" },
	{ "past 2^63", INT64_MAX, 1, "is not possible" },
	{ "nothing but the end", -1, -1, "nothing is in it" },
};

static void test_refused(struct arena *arena)
{
	struct dumpfile file;
	static struct flat f;
	struct err e;

	for (size_t i = 0; i < T_SIZE(refused); i++) {
		flat_init(&f);
		put_head(&f, refused[i].off, refused[i].len);
		f.len += 64;
		T_CHECK(refused[i].row, !open_bytes(&file, f.bytes, f.len, arena, &e));
		T_CHECK(refused[i].row, strstr(e.text, refused[i].says) != NULL);
		T_EQUAL(refused[i].row, EINVAL, e.code);
	}
	flat_init(&f);
	T_CHECK("a header alone", !open_bytes(&file, f.bytes, f.len, arena, &e));
	put_be64(f.bytes + 24, 2);
	put_record(&f, 0, 8, 8);
	T_CHECK("version 2", !open_bytes(&file, f.bytes, f.len, arena, &e));
	T_EQUAL("version 2", ENOTSUP, e.code);
}

/* A file that is not flattened is read as it is. */
static void test_plain(struct arena *arena)
{
	static uint8_t bytes[FILE_LEN], got[FILE_LEN];
	struct dumpfile file;
	struct err e;

	memcpy(bytes, "makedumpfile is not all", 23);
	bytes[FILE_LEN - 1] = 9;
	if (!T_CHECK("plain", open_bytes(&file, bytes, FILE_LEN, arena, &e)))
		return;
	T_CHECK("plain", !file.is_flattened && file.size == FILE_LEN);
	T_CHECK("plain", dumpfile_read(&file, got, FILE_LEN, 0, &e) &&
			 !memcmp(got, bytes, FILE_LEN));
	T_CHECK("plain", dumpfile_has(&file, 0, FILE_LEN) && !dumpfile_has(&file, 1, FILE_LEN));
	T_CHECK("past its end", !dumpfile_read(&file, got, 2, FILE_LEN - 1, &e));
	dumpfile_close(&file);
	T_CHECK("closed", file.fd < 0);
}

int main(void)
{
	struct arena arena;
	struct err e;

	if (!T_CHECK("arena", arena_init(&arena, 64 << 20, &e)))
		return t_done();
	test_painted(&arena);
	test_cut(&arena);
	test_refused(&arena);
	test_plain(&arena);
	arena_deinit(&arena);
	return t_done();
}
