/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For unit programs: a row of a table has a name that is the piece of a sentence; a
 * failing row prints it. Exit code of main: t_done(). Buffers that end at a page that
 * nobody may touch, so that a parser that reads one byte too far dies at once.
 */
#ifndef UNIT_T_H
#define UNIT_T_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static unsigned t_n_checks, t_n_failed;

#define T_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* row: what is tested, condition: what should hold. */
#define T_CHECK(row, condition) \
	t_check((row), (condition), #condition, __FILE__, __LINE__)

#define T_EQUAL(row, wanted, got) \
	t_equal((row), (long long)(wanted), (long long)(got), #got, __FILE__, __LINE__)

#define T_TEXT(row, wanted, got) \
	t_text((row), (wanted), (got), #got, __FILE__, __LINE__)

static inline bool t_check(const char *row, bool ok, const char *what, const char *file,
			   int line)
{
	t_n_checks++;
	if (ok)
		return true;
	t_n_failed++;
	printf("%s:%d: %s: %s does not hold\n", file, line, row, what);
	return false;
}

static inline bool t_equal(const char *row, long long wanted, long long got,
			   const char *what, const char *file, int line)
{
	t_n_checks++;
	if (wanted == got)
		return true;
	t_n_failed++;
	printf("%s:%d: %s: %s is %lld (%#llx), wanted %lld (%#llx)\n", file, line, row, what,
	       got, (unsigned long long)got, wanted, (unsigned long long)wanted);
	return false;
}

static inline bool t_text(const char *row, const char *wanted, const char *got,
			  const char *what, const char *file, int line)
{
	t_n_checks++;
	if (got && strcmp(wanted, got) == 0)
		return true;
	t_n_failed++;
	printf("%s:%d: %s: %s is \"%s\", wanted \"%s\"\n", file, line, row, what,
	       got ? got : "(null)", wanted);
	return false;
}

/* A number below `below`: the same ones in every run (xorshift). */
static inline uint64_t t_draw(uint64_t below)
{
	static uint64_t seed = 88172645463325252UL;

	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % below;
}

static inline int t_done(void)
{
	printf("%u checks, %u failed\n", t_n_checks, t_n_failed);
	return t_n_failed ? 1 : 0;
}

/* A copy of len bytes directly before a page without access; freed by t_unguard. */
static inline void *t_guard(const void *data, size_t len)
{
	size_t pages = (len + 4095) / 4096 * 4096;
	uint8_t *map = mmap(NULL, pages + 4096, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED || mprotect(map + pages, 4096, PROT_NONE) != 0)
		abort();
	if (len)
		memcpy(map + pages - len, data, len);
	return map + pages - len;
}

static inline void t_unguard(void *at, size_t len)
{
	size_t pages = (len + 4095) / 4096 * 4096;

	munmap((uint8_t *)at + len - pages, pages + 4096);
}

#endif
