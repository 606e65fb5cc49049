/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages with a name, and what the kernel itself says of them: physical frames from
 * /proc/self/pagemap, their flags from /proc/kpageflags. Knows no kind of memory.
 */
#define _GNU_SOURCE
#include "work.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PRESENT (1ULL << 63)
#define SWAPPED (1ULL << 62)
#define PFN_MASK ((1ULL << 55) - 1)
#define BATCH 512

/* Half of each page stays zero, a quarter repeats, so that codecs have work. */
void mark_pages(char *at, size_t len, const char *kind)
{
	for (size_t i = 0; i < len / PAGE; i++) {
		uint32_t *words = (uint32_t *)(at + i * PAGE);

		/* Read first, a page would come from the zero page, and never be huge. */
		words[0] = 1;
		for (size_t w = 256; w < 512; w++)
			words[w] = (uint32_t)(i * 2654435761U + w * 40503U) ^
				   (words[w - 1] >> 3);
		snprintf(at + i * PAGE, 64, "crashbox-%s-%08zu", kind, i);
	}
}

void mark_dense(char *at, size_t len, const char *kind)
{
	uint64_t x = 0x9e3779b97f4a7c15ULL;

	for (size_t i = 0; i < len / sizeof(x); i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		((uint64_t *)at)[i] = x;
	}
	for (size_t i = 0; i < len / PAGE; i++)
		snprintf(at + i * PAGE, 64, "crashbox-%s-%08zu", kind, i);
}

char *map_pages(size_t len, int flags, const char *kind, int advice)
{
	char *at = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | flags, -1, 0);

	if (at == MAP_FAILED)
		report_and_stop("%s: mmap of %zu MiB: %s", kind, len / MIB, strerror(errno));
	if (advice >= 0 && madvise(at, len, advice))
		report_and_stop("%s: madvise %d: %s", kind, advice, strerror(errno));
	mark_pages(at, len, kind);
	return at;
}

static int open_fact(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		report_and_stop("%s: %s", path, strerror(errno));
	return fd;
}

/* The flags of frames that lie together are read together. */
struct flag_cache {
	int fd;
	uint64_t first, n, flags[BATCH];
};

static uint64_t flags_of(struct flag_cache *c, uint64_t pfn)
{
	if (pfn - c->first >= c->n) {
		ssize_t n = pread(c->fd, c->flags, sizeof(c->flags), pfn * 8);

		if (n < 8)
			report_and_stop("/proc/kpageflags of frame %#llx: %s",
					(unsigned long long)pfn, strerror(errno));
		c->first = pfn;
		c->n = n / 8;
	}
	return c->flags[pfn - c->first];
}

static void count_frame(struct facts *f, uint64_t pfn, uint64_t flags)
{
	f->n_pages++;
	for (; flags; flags &= flags - 1)
		f->n_flag[__builtin_ctzll(flags)]++;
	if (pfn < f->lowest_pfn)
		f->lowest_pfn = pfn;
	if (pfn > f->highest_pfn)
		f->highest_pfn = pfn;
}

void facts_of(struct facts *f, const void *at, size_t len)
{
	int pagemap = open_fact("/proc/self/pagemap");
	struct flag_cache cache = { .fd = open_fact("/proc/kpageflags") };
	uint64_t entry[BATCH];
	size_t n = len / PAGE;

	*f = (struct facts){ .lowest_pfn = ~0ULL };
	for (size_t i = 0; i < n; i += BATCH) {
		size_t part = n - i < BATCH ? n - i : BATCH;

		if (pread(pagemap, entry, part * 8, ((uintptr_t)at / PAGE + i) * 8) !=
		    (ssize_t)(part * 8))
			report_and_stop("/proc/self/pagemap: %s", strerror(errno));
		for (size_t k = 0; k < part; k++) {
			uint64_t pfn = entry[k] & PFN_MASK;

			if (entry[k] & PRESENT)
				count_frame(f, pfn, flags_of(&cache, pfn));
			else if (entry[k] & SWAPPED)
				f->n_swapped++;
		}
	}
	close(pagemap);
	close(cache.fd);
}

static void tell_facts(const char *kind, const struct facts *f)
{
	static const struct {
		int bit;
		const char *name;
	} names[] = {
		{ KPF_LRU, "lru" }, { KPF_ANON, "anon" }, { KPF_SWAPBACKED, "swapbacked" },
		{ KPF_SWAPCACHE, "swapcache" }, { KPF_DIRTY, "dirty" },
		{ KPF_PRIVATE, "private" }, { KPF_HEAD, "head" }, { KPF_TAIL, "tail" },
		{ KPF_THP, "thp" }, { KPF_HUGE, "hugetlb" }, { KPF_KSM, "ksm" },
		{ KPF_UNEVICTABLE, "unevictable" }, { KPF_HWPOISON, "hwpoison" },
	};
	char line[300];
	int n = snprintf(line, sizeof(line), "made %s pages=%lu", kind, f->n_pages);

	if (f->n_swapped)
		n += snprintf(line + n, sizeof(line) - n, " swapped=%lu", f->n_swapped);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (f->n_flag[names[i].bit])
			n += snprintf(line + n, sizeof(line) - n, " %s=%lu", names[i].name,
				      f->n_flag[names[i].bit]);
	if (f->n_pages)
		snprintf(line + n, sizeof(line) - n, " pfn=%#llx..%#llx",
			 (unsigned long long)f->lowest_pfn,
			 (unsigned long long)f->highest_pfn);
	tell("%s", line);
}

void made(const char *kind, const void *at, size_t len, int flag, unsigned long n_least)
{
	struct facts f;
	unsigned long n;

	/* Without CONFIG_PROC_PAGE_MONITOR nobody can tell what frames they are. */
	if (access("/proc/self/pagemap", F_OK)) {
		tell("note %s pages=%zu, the kernel has no pagemap", kind, len / PAGE);
		return;
	}
	facts_of(&f, at, len);
	tell_facts(kind, &f);
	n = flag == KPF_NONE ? f.n_pages : f.n_flag[flag];
	if (n < n_least)
		report_and_stop("%s: %lu pages have flag %d of /proc/kpageflags, %lu wanted",
				kind, n, flag, n_least);
}

/* The mapping is only for the questions: the pages' flags stay what they were. */
void made_file(const char *kind, int fd, size_t len, int flag, unsigned long n_least)
{
	volatile char *at = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, 0);

	if (at == MAP_FAILED)
		report_and_stop("%s: mmap of the file: %s", kind, strerror(errno));
	for (size_t i = 0; i < len; i += PAGE)
		(void)at[i];
	made(kind, (const void *)at, len, flag, n_least);
	munmap((void *)at, len);
}

/* The file stays open, so that its pages stay what they are. */
int fill_file(const char *path, size_t len, const char *kind)
{
	static char chunk[MIB];
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0)
		report_and_stop("%s: %s", path, strerror(errno));
	mark_pages(chunk, sizeof(chunk), kind);
	for (size_t i = 0; i < len / MIB; i++) {
		for (size_t k = 0; k < MIB / PAGE; k++)
			snprintf(chunk + k * PAGE, 64, "crashbox-%s-%08zu", kind,
				 i * (MIB / PAGE) + k);
		write_all(fd, chunk, sizeof(chunk));
	}
	memset(chunk, 0, sizeof(chunk));
	return fd;
}

/* "KEY: N kB" of /proc/meminfo and its kin, or "KEY N", or a file that is one number. */
unsigned long number_in(const char *path, const char *key)
{
	static char text[65536];
	size_t len = strlen(key);
	char *rest = text, *line;

	read_text(path, text, sizeof(text));
	if (!len)
		return strtoul(text, NULL, 0);
	while ((line = strsep(&rest, "\n")))
		if (!strncmp(line, key, len) && strchr(": \t", line[len]))
			return strtoul(line + len + 1, NULL, 0);
	return 0;
}
