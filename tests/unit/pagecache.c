/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmcore/pagecache: the bytes are the source's, a page is asked for once as long as nothing
 * takes its place, and what the source does not have is not made up.
 */
#include <errno.h>

#include "base/arena.h"
#include "base/err.h"
#include "t.h"
#include "vmcore/pagecache.h"

#define PAGE 4096u
#define N_PAGES (PAGECACHE_LEN / PAGE)
#define END (4ULL * PAGECACHE_LEN + 100)	/* of memory, in the middle of a page */
#define POISON (3ULL * PAGE)			/* a page that kills who reads it twice */

/* Memory in which each byte tells where it is. */
struct source {
	struct physmem pm;
	unsigned n_reads, n_poison;
};

static uint8_t byte_at(paddr_t paddr)
{
	return paddr ^ paddr >> 8 ^ paddr >> 16;
}

static bool source_read(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
			struct err *e)
{
	struct source *s = (struct source *)pm;

	s->n_reads++;
	if (paddr < POISON + PAGE && paddr + len > POISON) {
		s->n_poison++;
		return fail(e, EIO, "poisoned memory");
	}
	for (size_t i = 0; i < len; i++) {
		if (paddr + i >= END)
			return fail(e, EFAULT, "not in the core");
		((uint8_t *)buf)[i] = byte_at(paddr + i);
	}
	return true;
}

/* A row is a read; reads of the source are of all rows so far. */
static const struct {
	const char *row;
	paddr_t paddr;
	size_t len;
	int code;	/* 0: it is read */
	uint64_t hits, misses;
	unsigned n_reads;
} reads[] = {
	{ "a page", 16 * PAGE, 8, 0, 0, 1, 1 },
	{ "the same one", 17 * PAGE - 8, 8, 0, 1, 1, 1 },
	{ "nothing", 18 * PAGE, 0, 0, 1, 1, 1 },
	{ "across two", 17 * PAGE - 4, 8, 0, 2, 2, 2 },
	{ "three, two of which are there", 15 * PAGE + 1, 2 * PAGE + 1, 0, 4, 3, 3 },
	{ "one that has the place of the first", 16 * PAGE + PAGECACHE_LEN, 8, 0, 4, 4, 4 },
	{ "the first again", 16 * PAGE, 8, 0, 4, 5, 5 },
	{ "the page in which memory ends", END - 8, 8, 0, 4, 6, 7 },
	{ "it is not remembered", END - 8, 8, 0, 4, 7, 9 },
	{ "behind the end", END - 4, 8, EFAULT, 4, 8, 11 },
	{ "far behind it", 1ULL << 52, 8, EFAULT, 4, 9, 13 },
	{ "the last address", UINT64_MAX - 7, 8, EFAULT, 4, 10, 15 },
	{ "poison is touched once", POISON + 8, 8, EIO, 4, 11, 16 },
	{ "what fails takes the place of nobody's bytes", POISON + PAGECACHE_LEN, 8, 0,
	  4, 12, 17 },
};

static void test_reads(void)
{
	struct source source = { .pm.read = source_read };
	struct pagecache cache;
	struct arena arena;
	struct err e;

	if (!T_CHECK("arena", arena_init(&arena, 2 * PAGECACHE_LEN, &e)) ||
	    !T_CHECK("cache", pagecache_init(&cache, &source.pm, PAGE, &arena, &e)))
		return;
	for (size_t i = 0; i < T_SIZE(reads); i++) {
		uint8_t *buf = calloc(1, reads[i].len + 1);
		unsigned wrong = 0;
		bool ok;

		e.code = 0;
		ok = physmem_read(&cache.pm, reads[i].paddr, buf, reads[i].len, &e);
		T_EQUAL(reads[i].row, !reads[i].code, ok);
		T_EQUAL(reads[i].row, reads[i].code, ok ? 0 : e.code);
		for (size_t at = 0; ok && at < reads[i].len; at++)
			wrong += buf[at] != byte_at(reads[i].paddr + at);
		T_EQUAL(reads[i].row, 0, wrong);
		T_EQUAL(reads[i].row, reads[i].hits, cache.n_hits);
		T_EQUAL(reads[i].row, reads[i].misses, cache.n_misses);
		T_EQUAL(reads[i].row, reads[i].n_reads, source.n_reads);
		free(buf);
	}
	T_EQUAL("poison", 1, source.n_poison);
	arena_deinit(&arena);
}

/* A page that a failed read left half of is no page. */
static void test_half(void)
{
	struct source source = { .pm.read = source_read };
	struct pagecache cache;
	struct arena arena;
	uint8_t byte = 0;
	struct err e;

	if (!T_CHECK("arena", arena_init(&arena, 2 * PAGECACHE_LEN, &e)) ||
	    !T_CHECK("cache", pagecache_init(&cache, &source.pm, PAGE, &arena, &e)))
		return;
	T_CHECK("what will be thrown out", physmem_read(&cache.pm, 0, &byte, 1, &e));
	T_CHECK("not there", !physmem_read(&cache.pm, END, &byte, 1, &e));
	T_CHECK("again", physmem_read(&cache.pm, 0, &byte, 1, &e));
	T_EQUAL("its own byte", byte_at(0), byte);
	arena_deinit(&arena);
}

/* As a dump of a kernel with large pages has it. */
static void test_large_pages(void)
{
	struct source source = { .pm.read = source_read };
	struct pagecache cache;
	struct arena arena;
	uint8_t buf[8];
	struct err e;

	if (!T_CHECK("arena", arena_init(&arena, 2 * PAGECACHE_LEN, &e)) ||
	    !T_CHECK("cache", pagecache_init(&cache, &source.pm, 65536, &arena, &e)))
		return;
	for (paddr_t at = 65536; at < 2 * 65536; at += PAGE)
		T_CHECK("a page of 64 KiB", physmem_read(&cache.pm, at, buf, 8, &e) &&
					    buf[3] == byte_at(at + 3));
	T_EQUAL("is unpacked once", 1, source.n_reads);
	T_EQUAL("is unpacked once", 1, cache.n_misses);
	arena_deinit(&arena);
}

static void test_no_memory(void)
{
	struct source source = { .pm.read = source_read };
	struct pagecache cache;
	struct arena arena;
	struct err e;

	if (!T_CHECK("arena", arena_init(&arena, PAGECACHE_LEN, &e)))
		return;
	T_CHECK("no memory for it", !pagecache_init(&cache, &source.pm, PAGE, &arena, &e));
	T_EQUAL("no memory for it", ENOMEM, e.code);
	arena_deinit(&arena);
}

int main(void)
{
	_Static_assert(N_PAGES == 256, "as many as the rows count on");
	test_reads();
	test_half();
	test_large_pages();
	test_no_memory();
	return t_done();
}
