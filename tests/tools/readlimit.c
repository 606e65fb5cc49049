/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * readlimit FILE OFF PIECES SECTIONS [WINDOW]: how fast one core can read the struct pages
 * of a core that mkcore made with `scale =`, and do nothing with them.
 *
 * Sections are read in order, 2 MiB each, section n from piece n % PIECES at OFF. Without
 * WINDOW the pieces stay mapped and are touched beforehand, so what is measured is memory
 * alone; with it the file is mapped WINDOW bytes at a time, as a reader of /proc/vmcore
 * has to, and the time of mmap() counts. Prints the seconds of CPU time.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#define PIECE (2UL << 20)

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* Four sums, so that no addition waits for the one before. */
static uint64_t sum(const uint64_t *words, uint64_t len)
{
	uint64_t a = 0, b = 0, c = 0, d = 0;

	for (uint64_t i = 0; i < len / 8; i += 8) {
		__builtin_prefetch(words + i + 256);
		a += words[i] + words[i + 4];
		b += words[i + 1] + words[i + 5];
		c += words[i + 2] + words[i + 6];
		d += words[i + 3] + words[i + 7];
	}
	return a + b + c + d;
}

static const void *map(int fd, uint64_t off, uint64_t len)
{
	void *at = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, off);

	if (at == MAP_FAILED) {
		perror("readlimit: mmap");
		exit(1);
	}
	return at;
}

int main(int argc, char **argv)
{
	uint64_t v[4] = { 0 }, total = 0;
	const uint8_t *all = NULL;
	double began;
	int fd;

	for (int i = 0; i < 4 && i + 2 < argc; i++)
		v[i] = strtoull(argv[i + 2], NULL, 0);
	if (argc < 5 || !v[1] || (fd = open(argv[1], O_RDONLY)) < 0) {
		fprintf(stderr, "usage: readlimit FILE OFF PIECES SECTIONS [WINDOW]\n");
		return 2;
	}
	if (!v[3]) {
		all = map(fd, v[0], v[1] * PIECE);
		total += sum((const uint64_t *)all, v[1] * PIECE);
	}
	began = now();
	for (uint64_t n = 0; n < v[2]; n++) {
		uint64_t off = n % v[1] * PIECE;

		if (all)
			total += sum((const uint64_t *)(all + off), PIECE);
		for (uint64_t at = 0; v[3] && at < PIECE; at += v[3]) {
			const void *window = map(fd, v[0] + off + at, v[3]);

			total += sum(window, v[3]);
			munmap((void *)window, v[3]);
		}
	}
	printf("%.4f\n", now() - began);
	return total == 1;
}
