/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory of every kind that a page filter has to tell apart, each page beginning with
 * the name of its kind and its number: private anonymous memory (small and huge pages),
 * locked, shared and tmpfs memory, hugetlb, page cache of a real file, freed pages that
 * still hold data. It lives in a child which sleeps until the crash takes it.
 * What the guest cannot give (no hugetlb, no target disk) is left out, not an error.
 */
#define _GNU_SOURCE
#include "fk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIB (1UL << 20)
#define PAGE 4096UL

/* Half of each page stays zero, a quarter repeats, so that codecs have work. */
static void mark_pages(char *at, size_t len, const char *kind)
{
	for (size_t i = 0; i < len / PAGE; i++) {
		uint32_t *words = (uint32_t *)(at + i * PAGE);

		for (size_t w = 256; w < 512; w++)
			words[w] = (uint32_t)(i * 2654435761U + w * 40503U) ^
				   (words[w - 1] >> 3);
		snprintf(at + i * PAGE, 64, "crashbox-%s-%08zu", kind, i);
	}
}

static char *map(size_t len, int flags, const char *kind, int advice)
{
	char *at = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | flags, -1, 0);

	if (at == MAP_FAILED)
		return NULL;
	if (advice >= 0)
		madvise(at, len, advice);
	mark_pages(at, len, kind);
	return at;
}

static void fill_file(const char *path, size_t len, const char *kind)
{
	static char chunk[MIB];
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);

	mark_pages(chunk, sizeof(chunk), kind);
	for (size_t i = 0; fd >= 0 && i < len / MIB; i++)
		if (write(fd, chunk, sizeof(chunk)) < 0)
			break;
	/* The file stays open, so that its pages stay what they are. */
}

/* Inodes and names: slab objects, and a fragmented free list. */
static void many_files(unsigned n)
{
	char path[64];

	for (unsigned i = 0; i < n; i++) {
		int fd;

		snprintf(path, sizeof(path), "/tmp/f%04u", i);
		fd = open(path, O_WRONLY | O_CREAT, 0600);
		if (fd >= 0 && write(fd, path, sizeof(path)) > 0 && i % 3 == 0)
			unlink(path);
		if (fd >= 0)
			close(fd);
	}
}

/*
 * The file system that will get the dump is also in use when the crash comes, as on a
 * real machine: its journal is dirty, and its cache holds pages with and without
 * buffers. fk.cache=0 leaves the disk alone.
 */
static void page_cache(void)
{
	unsigned long mib = setting_number("cache", 8);
	const char *type = setting("fs");
	char disk[64], file[64];

	if (!mib || !setting("target") || !find_disk("target", disk))
		return;
	mkdir("/busy", 0755);
	if (mount(disk, "/busy", type ? type : "ext4", 0, "")) {
		tell("note the target disk cannot be mounted: %s", strerror(errno));
		return;
	}
	snprintf(file, sizeof(file), "/busy/busy-file");
	fill_file(file, mib * MIB, "cache");
	sync();
	fill_file(file, mib * MIB / 2, "dirty");
}

static void live(int ready)
{
	char *freed;

	prctl(PR_SET_NAME, "workload");
	map(48 * MIB, MAP_PRIVATE, "anon", MADV_NOHUGEPAGE);
	map(32 * MIB, MAP_PRIVATE, "huge", MADV_HUGEPAGE);
	map(4 * MIB, MAP_SHARED, "shared", -1);
	if (write_text("/proc/sys/vm/nr_hugepages", "2"))
		map(4 * MIB, MAP_PRIVATE | MAP_HUGETLB, "hugetlb", -1);
	freed = map(4 * MIB, MAP_PRIVATE, "locked", MADV_NOHUGEPAGE);
	if (freed)
		mlock(freed, 4 * MIB);
	freed = map(24 * MIB, MAP_PRIVATE, "freed", MADV_NOHUGEPAGE);
	if (freed)
		munmap(freed, 24 * MIB);
	fill_file("/tmp/shmem", 12 * MIB, "shmem");
	many_files(600);
	write_all(ready, "x", 1);
	close(ready);
	for (;;)
		pause();
}

void workload_start(void)
{
	int pipe_fd[2];
	char c;

	page_cache();
	if (pipe(pipe_fd))
		report_and_stop("pipe: %s", strerror(errno));
	switch (fork()) {
	case -1:
		report_and_stop("fork: %s", strerror(errno));
	case 0:
		close(pipe_fd[0]);
		live(pipe_fd[1]);
	}
	close(pipe_fd[1]);
	if (read(pipe_fd[0], &c, 1) != 1)
		report_and_stop("the workload died before it was ready");
	close(pipe_fd[0]);
}
