/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Several files that are one dump: a reader for each, and the frames say which is asked. */
#include "kdumpset.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"

static int by_frames(const void *a, const void *b)
{
	const struct kdump_reader *x = *(struct kdump_reader *const *)a;
	const struct kdump_reader *y = *(struct kdump_reader *const *)b;

	if (x->first_pfn != y->first_pfn)
		return x->first_pfn < y->first_pfn ? -1 : 1;
	return x->end_pfn < y->end_pfn ? -1 : x->end_pfn > y->end_pfn;
}

static bool belongs(const struct kdump_reader *r, const struct kdump_reader *first,
		    struct err *e)
{
	if (!r->s.split)
		return fail(e, EINVAL, "no part of a split dump, so it is to be named alone");
	if (r->max_pfn != first->max_pfn || r->h.block_size != first->h.block_size ||
	    r->h.time_sec != first->h.time_sec ||
	    memcmp(r->h.uts, first->h.uts, sizeof(r->h.uts)))
		return fail(e, EINVAL, "part of another dump than the first file");
	return true;
}

/* Each frame is in just one of them. */
static bool check_frames(const struct kdump_set *set, struct err *e)
{
	uint64_t at = 0, max_pfn = set->parts[0]->max_pfn;

	for (unsigned i = 0; i <= set->n; i++) {
		uint64_t next = i < set->n ? set->parts[i]->first_pfn : max_pfn;

		if (next > at)
			return fail(e, EINVAL, "of this split dump the file with the page "
				    "frames 0x%llx to 0x%llx is missing: name all of them",
				    (unsigned long long)at, (unsigned long long)next);
		if (next < at)
			return fail(e, EINVAL, "of this split dump two files have page frame "
				    "0x%llx", (unsigned long long)next);
		at = i < set->n ? set->parts[i]->end_pfn : at;
	}
	return true;
}

static bool open_parts(struct kdump_set *set, const struct kdump_paths *files,
		       struct arena *arena, struct err *e)
{
	struct kdump_reader *readers;

	if (files->n > KDUMP_PARTS_MAX)
		return fail(e, EINVAL, "%u files: more than %u", files->n, KDUMP_PARTS_MAX);
	readers = arena_take(arena, files->n, sizeof(readers[0]), "dump", e);
	if (!readers)
		return false;
	for (; set->n < files->n; set->n++) {
		set->parts[set->n] = &readers[set->n];
		if (!kdump_open(&readers[set->n], files->paths[set->n], arena, e))
			return false;
		if (files->n > 1 && !belongs(&readers[set->n], &readers[0], e)) {
			set->n++;
			return within(e, "%s", files->paths[set->n - 1]);
		}
	}
	qsort(set->parts, set->n, sizeof(set->parts[0]), by_frames);
	return check_frames(set, e) || within(e, "%s", files->paths[0]);
}

bool kdump_set_open(struct kdump_set *set, const struct kdump_paths *files,
		    struct arena *arena, struct err *e)
{
	*set = (struct kdump_set){ .n = 0 };
	if (open_parts(set, files, arena, e))
		return true;
	kdump_set_close(set);
	return false;
}

void kdump_set_close(struct kdump_set *set)
{
	for (; set->n; set->n--)
		kdump_close(set->parts[set->n - 1]);
}

bool kdump_set_page(struct kdump_set *set, uint64_t pfn, const uint8_t **page_ret,
		    struct err *e)
{
	unsigned i = 0;

	while (i + 1 < set->n && pfn >= set->parts[i]->end_pfn)
		i++;
	return kdump_page(set->parts[i], pfn, page_ret, e);
}

bool kdump_set_is_cut(const struct kdump_set *set)
{
	for (unsigned i = 0; i < set->n; i++)
		if (kdump_is_cut(set->parts[i]))
			return true;
	return false;
}

bool kdump_set_check(struct kdump_set *set, struct kdump_findings *found, struct err *e)
{
	*found = (struct kdump_findings){ 0 };
	for (unsigned i = 0; i < set->n; i++)
		if (!kdump_check(set->parts[i], found, e))
			return false;
	return true;
}

uint64_t kdump_set_len(const struct kdump_set *set)
{
	uint64_t len = 0;

	for (unsigned i = 0; i < set->n; i++)
		len += set->parts[i]->file.stored_len;
	return len;
}

uint64_t kdump_set_n_pages(const struct kdump_set *set)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < set->n; i++)
		n += set->parts[i]->index.n_pages;
	return n;
}

static bool is_part(const char *path)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct kdump_subheader s;
	struct kdump_header h;
	struct err ignored;

	return fd >= 0 && pread_all(fd, &h, sizeof(h), 0, path, &ignored) &&
	       !memcmp(h.signature, KDUMP_SIGNATURE, sizeof(h.signature)) &&
	       pread_all(fd, &s, sizeof(s), h.block_size, path, &ignored) && s.split;
}

unsigned kdump_set_count(const struct kdump_paths *files)
{
	unsigned n = 0;

	while (n < files->n && is_part(files->paths[n]))
		n++;
	return n ? n : 1;
}
