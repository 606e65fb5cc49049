/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of pstore: the input is files one behind the other, each begun by a line "=NAME".
 * They lie in a folder that is there only meanwhile. Each record that is found belongs to one
 * crash, and all that it says is in the log that comes of it: for then it is removed.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "verbs/pstore_records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILES_MAX 24
#define NAME_SIZE 64
#define INPUT_MAX 65536u

struct files {
	const char *folder;
	char paths[FILES_MAX][2 * NAME_SIZE];
	unsigned n;
};

static void make_file(struct files *f, const char *name, const uint8_t *bytes, size_t len)
{
	struct err e;
	int fd;

	snprintf(f->paths[f->n], sizeof(f->paths[0]), "%s/%s", f->folder, name);
	fd = open(f->paths[f->n], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return;		/* its name comes twice, or is none */
	if (!write_all(fd, bytes, len, name, &e))
		abort();
	futimens(fd, (struct timespec[2]){ { 1764500000, 0 }, { 1764500000, 0 } });
	close(fd);
	f->n++;
}

/* A line "=NAME", and what is behind it up to the next one. */
static void make_files(struct files *f, const uint8_t *data, size_t size)
{
	const uint8_t *at = data, *end = data + size;

	while (at < end && f->n < FILES_MAX) {
		const uint8_t *line = memchr(at, '\n', end - at), *next;
		char name[NAME_SIZE] = "";
		size_t len = line ? (size_t)(line - at) : (size_t)(end - at);

		if (*at != '=' || !line)
			return;
		memcpy(name, at + 1, len - 1 < NAME_SIZE ? len - 1 : NAME_SIZE - 1);
		for (char *c = name; *c; c++)
			*c = *c == '/' ? '_' : *c;
		next = memmem(line, end - line, "\n=", 2);
		next = next ? next + 1 : end;
		make_file(f, name, line + 1 < next ? line + 1 : next,
			  line + 1 < next ? next - line - 1 : 0);
		at = next;
	}
}

static void remove_files(struct files *f)
{
	for (unsigned i = 0; i < f->n; i++)
		unlink(f->paths[i]);
	if (rmdir(f->folder))
		abort();
}

/* What stands behind its first line is in the log, its NULs as question marks. */
static void check_record(const struct pstore_record *r, const char *log, size_t len)
{
	static char text[INPUT_MAX];
	int fd = open(r->path, O_RDONLY | O_CLOEXEC);
	ssize_t n = pread(fd, text, sizeof(text), r->head_len);

	if (fd < 0 || n < 0)
		abort();
	close(fd);
	for (ssize_t i = 0; i < n; i++)
		if (!text[i])
			text[i] = '?';
	if (n && !memmem(log, len, text, n))
		abort();
}

static void check(struct pstore_records *all, struct arena *arena)
{
	struct pstore_crash c = { .n = 0 };
	unsigned n = 0;
	struct err e;

	while (pstore_next(all, &c)) {
		size_t mark = arena_mark(arena), len;
		char *log;

		if (!c.n || c.first != n || c.first + c.n > all->n)
			abort();
		n += c.n;
		if (!pstore_log(all, &c, arena, &log, &len, &e))
			abort();
		if (memchr(log, 0, len))
			abort();
		for (unsigned i = 0; i < c.n; i++)
			check_record(&all->at[c.first + i], log, len);
		arena_release(arena, mark);
	}
	if (n != all->n)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pstore_records all;
	static struct arena arena;
	char folder[] = "/tmp/fuzz-pstore-XXXXXX";
	struct files f = { .folder = folder };
	struct err e;

	if (size > INPUT_MAX || (!arena.base && !arena_init(&arena, 64u << 20, &e)))
		return 0;
	if (!mkdtemp(folder))
		abort();
	make_files(&f, data, size);
	memset(&all, 0, sizeof(all));
	if (!pstore_find(&all, f.folder, &e))
		abort();
	pstore_sort(&all);
	check(&all, &arena);
	remove_files(&f);
	return 0;
}
