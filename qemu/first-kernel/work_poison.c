/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages that the kernel was told are broken: private, of a huge page, of a file, of a
 * hugetlb page, taken away softly, and one inside a slab, which the kernel cannot take
 * out of use. Nothing is really wrong with them, but a dump must not touch them.
 */
#define _GNU_SOURCE
#include "work.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

#define MAX_FRAMES 64
#define INJECT "/sys/kernel/debug/hwpoison/corrupt-pfn"

static uint64_t flags_of(uint64_t pfn)
{
	int fd = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	uint64_t flags = 0;

	if (fd < 0 || pread(fd, &flags, sizeof(flags), pfn * 8) != sizeof(flags))
		report_and_stop("/proc/kpageflags: %s", strerror(errno));
	close(fd);
	return flags;
}

static uint64_t frame_of(const void *at)
{
	struct facts f;

	facts_of(&f, at, PAGE);
	return f.lowest_pfn;
}

/* Poisons n pages that lie step pages apart; n_least of them must be marked as such. */
static void poison(const char *kind, char *at, size_t n, size_t step, int advice)
{
	uint64_t frame[MAX_FRAMES];
	size_t n_poison = 0;

	for (size_t i = 0; i < n; i++) {
		char *page = at + i * step * PAGE;

		snprintf(page, 64, "crashbox-%s-%08zu", kind, i);
		frame[i] = frame_of(page);
		if (madvise(page, PAGE, advice))
			report_and_stop("%s: madvise %d of page %zu: %s", kind, advice, i,
					strerror(errno));
	}
	for (size_t i = 0; i < n; i++)
		n_poison += flags_of(frame[i]) >> KPF_HWPOISON & 1;
	tell("made %s pages=%zu hwpoison=%zu", kind, n, n_poison);
	if (n_poison < n)
		report_and_stop("%s: %zu of %zu frames are poisoned", kind, n_poison, n);
}

static void poison_file(void)
{
	int fd = fill_file("/tmp/poison", MIB, "poisonrest");
	char *at = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (at == MAP_FAILED)
		report_and_stop("poisonfile: mmap: %s", strerror(errno));
	poison("poisonfile", at, 8, 16, MADV_HWPOISON);
}

static void poison_hugetlb(void)
{
	uint64_t head;
	char *at;

	write_text("/proc/sys/vm/nr_hugepages", "4");
	at = map_pages(4 * MIB, MAP_PRIVATE | MAP_HUGETLB, "poisonrest", -1);
	snprintf(at + 7 * PAGE, 64, "crashbox-poisonhugetlb-%08u", 0);
	head = frame_of(at);
	if (madvise(at + 7 * PAGE, PAGE, MADV_HWPOISON))
		report_and_stop("poisonhugetlb: madvise: %s", strerror(errno));
	tell("made poisonhugetlb pages=1 frame=%#llx head's flags=%#llx tail's flags=%#llx",
	     (unsigned long long)head + 7, (unsigned long long)flags_of(head),
	     (unsigned long long)flags_of(head + 7));
}

/* Some slab's frame that is not its first. */
static void poison_slab(void)
{
	uint64_t want = 1ULL << KPF_SLAB | 1ULL << KPF_TAIL, flags[512], frame = 0;
	int fd = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	char text[32];
	ssize_t n;

	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, "");
	while (!frame && (n = read(fd, flags, sizeof(flags))) > 0)
		for (ssize_t i = 0; i < n / 8 && !frame; i++)
			if ((flags[i] & want) == want)
				frame = lseek(fd, 0, SEEK_CUR) / 8 - n / 8 + i;
	close(fd);
	if (!frame)	/* some kernels show the tails of a slab only as tails */
		report_and_stop("poisonslab: /proc/kpageflags shows no slab of two pages");
	snprintf(text, sizeof(text), "%#llx", (unsigned long long)frame);
	/* Since nothing can be done about it, the write fails; the mark stays. */
	write_text(INJECT, text);
	tell("made poisonslab pages=1 frame=%s hwpoison=%d", text,
	     (int)(flags_of(frame) >> KPF_HWPOISON & 1));
	if (!(flags_of(frame) >> KPF_HWPOISON & 1))
		report_and_stop("poisonslab: frame %s took no poison", text);
}

static void told(int number)
{
	(void)number;
}

void make_poison(void)
{
	char *at;

	/* Forced on whoever has the page, so that ignoring it would not do. */
	signal(SIGBUS, told);
	at = map_pages(4 * MIB, MAP_PRIVATE, "poisonrest", MADV_NOHUGEPAGE);

	poison("poisonanon", at, MAX_FRAMES, 3, MADV_HWPOISON);
	poison("poisonsoft", at + 2 * MIB, 16, 2, MADV_SOFT_OFFLINE);
	at = map_pages(8 * MIB, MAP_PRIVATE, "poisonrest", MADV_HUGEPAGE);
	poison("poisonthp", at + 3 * MIB, 2, 600, MADV_HWPOISON);
	poison_file();
	poison_hugetlb();
	poison_slab();
	tell("note HardwareCorrupted=%lu KiB",
	     number_in("/proc/meminfo", "HardwareCorrupted"));
}
