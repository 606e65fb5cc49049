/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds pstore's records. Their first line, "Panic#2 Part1", is fs/pstore/platform.c's; a name
 * of EFI's has the second of the crash in its digits (drivers/firmware/efi/efi-pstore.c).
 */
#include "pstore_records.h"

#include <dirent.h>
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
#include "host/whole_file.h"
#include "machine/efi_log.h"

#define DEPTH_MAX 3
#define RECORD_LEN_MAX (1u << 20)
#define LOG_LEN_MAX (16u << 20)
#define HEAD_MAX 64
#define ONE_CRASH_S 120		/* an oops and the panic that it led to */
#define EFI_DIGITS 15		/* ten of the second, two of the part, three of a count */

/*
 * "Panic#2 Part1\n", `off` bytes into the file: what it counts, from 1, and where the line
 * ends. False: it is none, and stays where it is.
 */
static bool read_head(struct pstore_record *r, int fd, unsigned off)
{
	char head[HEAD_MAX + 1], nr[10], part[10];
	ssize_t len = pread(fd, head, HEAD_MAX, off);
	char *end;

	if (len <= 0)
		return false;
	head[len] = '\0';
	end = memchr(head, '\n', len);
	if (!end)
		return false;
	*end = '\0';
	r->head_len = off + (end + 1 - head);
	/* Digits: a sign would be one to %u. */
	if (sscanf(head, "%*[A-Za-z ]#%9[0-9] Part%9[0-9]", nr, part) != 2)
		return false;
	r->nr = strtoul(nr, NULL, 10);
	r->part = strtoul(part, NULL, 10);
	return r->nr;
}

/* dmesg-efi-171234567801001: the first ten of its digits are the second. */
static int64_t time_of(const char *name, const struct stat *st)
{
	const char *digits = strrchr(name, '-');
	size_t n = digits ? strspn(++digits, "0123456789") : 0;
	char second[EFI_DIGITS - 4];

	if (n < EFI_DIGITS || digits[n])
		return st->st_mtime;
	snprintf(second, sizeof(second), "%s", digits);
	return strtoll(second, NULL, 10);
}

/* With a variable's name, which is not its file's, for the time that is in it; else NULL. */
static bool add(struct pstore_records *all, const char *folder, const char *name,
		const char *variable, struct err *e)
{
	struct pstore_record *r = &all->at[all->n];
	cleanup_fd int fd = -1;
	struct stat st;

	if (all->n == PSTORE_RECORDS_MAX) {
		all->n_more++;
		return true;
	}
	if (snprintf(r->path, sizeof(r->path), "%s/%s", folder, name) >= (int)sizeof(r->path))
		return fail(e, ENAMETOOLONG, "%s/%s: too long a name", folder, name);
	fd = open(r->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && (errno == ELOOP || errno == ENOENT))
		return true;	/* a link is nobody's record */
	if (fd < 0 || fstat(fd, &st))
		return fail(e, errno, "%s: %s", r->path, strerror(errno));
	r->is_variable = variable;
	if (!S_ISREG(st.st_mode) || !read_head(r, fd, variable ? EFI_LOG_ATTRIBUTES : 0)) {
		all->n_packed += has_ending(name, ".enc.z");
		return true;
	}
	r->when = time_of(variable ? variable : name, &st);
	all->n++;
	return true;
}

/* A folder, and which of its records are known already. */
struct search {
	struct pstore_records *all;
	const char *taken;
};

static bool find(const struct search *s, const char *folder, unsigned depth, struct err *e)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	bool ok = true;

	if (!dir)
		return fail(e, errno, "%s: %s", folder, strerror(errno));
	while (ok && (entry = readdir(dir))) {
		char below[PSTORE_PATH_MAX];

		if (snprintf(below, sizeof(below), "%s/%s", folder, entry->d_name) >=
		    (int)sizeof(below))
			continue;
		if (!strncmp(entry->d_name, "dmesg-", 6))
			ok = pstore_is_taken(s->taken, below) ||
			     add(s->all, folder, entry->d_name, NULL, e);
		else if (entry->d_type == DT_DIR && entry->d_name[0] != '.' &&
			 depth < DEPTH_MAX)
			ok = find(s, below, depth + 1, e);
	}
	closedir(dir);
	return ok;
}

bool pstore_is_taken(const char *taken, const char *path)
{
	struct blob rest = { (uint8_t *)taken, strlen(taken) }, line;

	while (file_line(&rest, &line))
		if (blob_is(&line, path))
			return true;
	return false;
}

bool pstore_find(struct pstore_records *all, const char *folder, struct err *e)
{
	return find(&(struct search){ all, "" }, folder, 0, e);
}

bool pstore_find_archived(struct pstore_records *all, const char *folder, const char *taken,
			  struct err *e)
{
	unsigned n = all->n;

	if (!find(&(struct search){ all, taken }, folder, 0, e))
		return e->code == ENOENT;
	for (unsigned i = n; i < all->n; i++)
		all->at[i].is_archived = true;
	return true;
}

bool pstore_find_variables(struct pstore_records *all, const char *folder, struct err *e)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char name[64];
	bool ok = true;

	if (!dir)
		return errno == ENOENT || fail(e, errno, "%s: %s", folder, strerror(errno));
	while (ok && (entry = readdir(dir)))
		if (efi_log_is_ours(entry->d_name, name))
			ok = add(all, folder, entry->d_name, name, e);
	closedir(dir);
	return ok;
}

bool pstore_remove(const struct pstore_record *r, struct err *e)
{
	if (r->is_variable)
		return efi_log_remove(r->path, e);
	return !unlink(r->path) || errno == ENOENT ||
	       fail(e, errno, "%s: cannot be removed: %s", r->path, strerror(errno));
}

static int by_time(const void *a, const void *b)
{
	const struct pstore_record *x = a, *y = b;

	if (x->when != y->when)
		return x->when < y->when ? -1 : 1;
	return strcmp(x->path, y->path);
}

void pstore_sort(struct pstore_records *all)
{
	qsort(all->at, all->n, sizeof(all->at[0]), by_time);
}

/* Is the record at i of the crash that c is so far? Another boot counts its dumps from 1. */
static bool is_of_crash(const struct pstore_records *all, const struct pstore_crash *c,
			unsigned i)
{
	const struct pstore_record *r = &all->at[i];

	if (r->when - all->at[i - 1].when > ONE_CRASH_S)
		return false;
	for (unsigned k = c->first; k < i; k++)
		if (all->at[k].nr > r->nr ||
		    (all->at[k].nr == r->nr && all->at[k].part == r->part))
			return false;
	return true;
}

bool pstore_next(const struct pstore_records *all, struct pstore_crash *c)
{
	c->first += c->n;
	if (c->first >= all->n)
		return false;
	for (c->n = 1; c->first + c->n < all->n; c->n++)
		if (!is_of_crash(all, c, c->first + c->n))
			break;
	c->when = all->at[c->first + c->n - 1].when;
	return true;
}

/* The piece of the dump nr that comes before the part `before`; NULL: none is left. */
static const struct pstore_record *piece(const struct pstore_record *of, unsigned n,
					 unsigned nr, unsigned before)
{
	const struct pstore_record *next = NULL;

	for (unsigned i = 0; i < n; i++)
		if (of[i].nr == nr && of[i].part < before &&
		    (!next || of[i].part > next->part))
			next = &of[i];
	return next;
}

static bool add_piece(const struct pstore_record *r, char *text, size_t *len, struct err *e)
{
	cleanup_fd int fd = open(r->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	size_t most = LOG_LEN_MAX - 2 - *len;
	ssize_t n;

	if (fd < 0)
		return fail(e, errno, "%s: %s", r->path, strerror(errno));
	most = most < RECORD_LEN_MAX ? most : RECORD_LEN_MAX;
	n = pread(fd, text + *len, most, r->head_len);
	if (n < 0)
		return fail(e, errno, "%s: %s", r->path, strerror(errno));
	/* What is cut would be lost with the record. */
	if ((size_t)n == most)
		return fail(e, EFBIG, "%s: too long for a record", r->path);
	*len += n;
	return true;
}

/* The lowest number of a dump above nr; 0: there is none. */
static unsigned next_dump(const struct pstore_record *of, unsigned n, unsigned nr)
{
	unsigned next = 0;

	for (unsigned i = 0; i < n; i++)
		if (of[i].nr > nr && (!next || of[i].nr < next))
			next = of[i].nr;
	return next;
}

/*
 * A dump that begins at `from` goes on where the text before it has its first line, if all
 * from there on is the same: a later dump of one log has the end of it once more.
 */
static void join(char *text, size_t from, size_t *len)
{
	size_t line = 0, same;
	char *at;

	/* All of what came before may be in it. */
	if (from && memmem(text + from, *len - from, text, from)) {
		memmove(text, text + from, *len - from);
		*len -= from;
		return;
	}
	while (from + line < *len && text[from + line] != '\n')
		line++;
	at = line ? memmem(text, from, text + from, line) : NULL;
	if (!at)
		return;
	same = from - (at - text);
	if (same > *len - from || memcmp(at, text + from, same))
		return;
	memmove(at, text + from, *len - from);
	*len -= same;
}

bool pstore_log(const struct pstore_records *all, const struct pstore_crash *c,
		struct arena *arena, char **text_ret, size_t *len_ret, struct err *e)
{
	const struct pstore_record *of = &all->at[c->first], *next;
	char *text = arena_take(arena, LOG_LEN_MAX, 1, "the log of pstore", e);
	size_t len = 0;

	if (!text)
		return false;
	for (unsigned nr = 0; (nr = next_dump(of, c->n, nr));) {
		unsigned before = UINT32_MAX;
		size_t from = len;

		while ((next = piece(of, c->n, nr, before))) {
			if (!add_piece(next, text, &len, e))
				return false;
			before = next->part;
		}
		if (len && text[len - 1] != '\n')
			text[len++] = '\n';
		join(text, from, &len);
	}
	/* A NUL in it is not the kernel's. */
	for (size_t i = 0; i < len; i++)
		if (!text[i])
			text[i] = '?';
	*text_ret = text;
	*len_ret = len;
	return true;
}
