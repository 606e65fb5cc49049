/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory of the kernel's own that holds what users gave it: slab objects of all sizes,
 * pages in pipes, and zram, as a disk and as swap. All of it stays in every dump.
 */
#define _GNU_SOURCE
#include "work.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/xattr.h>
#include <unistd.h>

#define MSG_LEN (4096 - 48)	/* with its header one object of kmalloc-4k */
#define MSGS_PER_QUEUE 128

/* Inodes and names: slab objects, and a fragmented free list. */
static void many_files(unsigned n)
{
	char path[64];

	for (unsigned i = 0; i < n; i++) {
		int fd;

		snprintf(path, sizeof(path), "/tmp/crashbox-dentry-%08u", i);
		fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0 || write(fd, path, sizeof(path)) < 0)
			report_and_stop("%s: %s", path, strerror(errno));
		if (i % 3 == 0)
			unlink(path);
		close(fd);
	}
	tell("made dentry pages=%u", n - (n + 2) / 3);
}

static void messages(unsigned n)
{
	struct {
		long type;
		char text[MSG_LEN];
	} m = { .type = 1 };
	int queue = -1;

	write_text("/proc/sys/kernel/msgmnb", "1048576");
	for (unsigned i = 0; i < n; i++) {
		if (i % MSGS_PER_QUEUE == 0)
			queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
		snprintf(m.text, sizeof(m.text), "crashbox-msg-%08u", i);
		if (queue < 0 || msgsnd(queue, &m, sizeof(m.text), IPC_NOWAIT))
			report_and_stop("msg: %u messages sent: %s", i, strerror(errno));
	}
	memset(&m, 0, sizeof(m));
	tell("made msg pages=%u", n);
}

/* Values of 60 KiB each: more than a slab cache gives. */
static void attributes(unsigned n)
{
	static char value[60 * 1024];
	char path[64];

	for (unsigned i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "/tmp/x%u", i);
		close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
		for (size_t k = 0; k < sizeof(value) / PAGE; k++)
			snprintf(value + k * PAGE, 64, "crashbox-xattr-%08zu",
				 i * (sizeof(value) / PAGE) + k);
		if (setxattr(path, "trusted.crashbox", value, sizeof(value), 0))
			report_and_stop("xattr: %s: %s", path, strerror(errno));
	}
	memset(value, 0, sizeof(value));
	tell("made xattr pages=%zu", n * sizeof(value) / PAGE);
}

void make_few_files(void)
{
	many_files(600);
}

void make_slab(void)
{
	unsigned long before = number_in("/proc/meminfo", "Slab"), after;

	many_files(6000);
	messages(1024);
	attributes(32);
	after = number_in("/proc/meminfo", "Slab");
	tell("note slab before=%lu after=%lu KiB", before, after);
	if (after < before + 4096)
		report_and_stop("slab: %lu KiB before, %lu after", before, after);
}

void fill_pipes(const char *kind, unsigned n_pipes)
{
	static char page[PAGE_MAX];
	unsigned n = 0;

	for (unsigned i = 0; i < n_pipes; i++) {
		int end[2];

		if (pipe2(end, O_NONBLOCK | O_CLOEXEC))
			report_and_stop("%s: %s", kind, strerror(errno));
		for (unsigned k = 0; k < 16; k++, n++) {
			snprintf(page, sizeof(page), "crashbox-%s-%08u", kind, n);
			write_all(end[1], page, PAGE);
		}
	}
	memset(page, 0, sizeof(page));
	tell("made %s pages=%u", kind, n);
}

void make_pipe(void)
{
	fill_pipes("pipe", 32);
}

/* ---- zram ---- */

static void zram_size(unsigned id, unsigned mib)
{
	char path[64], text[32];

	snprintf(path, sizeof(path), "/sys/block/zram%u/disksize", id);
	snprintf(text, sizeof(text), "%uM", mib);
	if (!write_text(path, text))
		report_and_stop("%s: %s", path, strerror(errno));
}

static void tell_zram(const char *kind, unsigned id)
{
	char path[64], text[128] = "";

	snprintf(path, sizeof(path), "/sys/block/zram%u/mm_stat", id);
	read_text(path, text, sizeof(text));
	text[strcspn(text, "\n")] = '\0';
	tell("note %s mm_stat=%s", kind, text);
}

/*
 * A disk of 16 MiB: half of it pages that cannot be made smaller, which zram keeps as
 * they are. Written past the page cache: these are the only copies.
 */
void make_zram(void)
{
	size_t len = 8 * MIB;
	char *at = map_pages(len, MAP_PRIVATE, "zramdense", -1);
	int fd;

	zram_size(0, 16);
	fd = open("/dev/zram0", O_WRONLY | O_DIRECT | O_CLOEXEC);
	if (fd < 0)
		report_and_stop("/dev/zram0: %s", strerror(errno));
	mark_dense(at, len, "zramdense");
	write_all(fd, at, len);
	memset(at, 0, len);
	mark_pages(at, len, "zrampacked");
	write_all(fd, at, len);
	memset(at, 0, len);
	munmap(at, len);
	tell_zram("zram", 0);
	tell("made zramdense pages=%lu", len / PAGE);
	tell("made zrampacked pages=%lu", len / PAGE);
}

static unsigned zram_add(void)
{
	char text[16] = "";

	read_text("/sys/class/zram-control/hot_add", text, sizeof(text));
	if (!*text)
		report_and_stop("zram: a second one cannot be added");
	return strtoul(text, NULL, 10);
}

/* The header that mkswap writes, Linux include/linux/swap.h: union swap_header. */
static void make_swap_header(const char *path, uint32_t n_pages)
{
	static char page[PAGE_MAX];
	uint32_t info[3] = { 1, n_pages - 1, 0 };
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		report_and_stop("%s: %s", path, strerror(errno));
	memcpy(page + 1024, info, sizeof(info));
	memcpy(page + PAGE - 10, "SWAPSPACE2", 10);
	write_all(fd, page, PAGE);
	if (fsync(fd))
		report_and_stop("%s: %s", path, strerror(errno));
	close(fd);
}

/* Memory that goes out to zram; a quarter is wanted back, and is in both places then. */
void make_swap(void)
{
	size_t len = 24 * MIB, n_back = len / PAGE / 4;
	unsigned id = zram_add(), mib = 64;
	volatile char *at;
	struct facts f;
	char disk[32];

	snprintf(disk, sizeof(disk), "/dev/zram%u", id);
	zram_size(id, mib);
	make_swap_header(disk, mib * MIB / PAGE);
	if (swapon(disk, 0))
		report_and_stop("swapon %s: %s", disk, strerror(errno));
	at = map_pages(len, MAP_PRIVATE, "swapped", MADV_NOHUGEPAGE);
	for (int i = 0; i < 20; i++) {
		if (madvise((void *)at, len, MADV_PAGEOUT))
			report_and_stop("swapped: MADV_PAGEOUT: %s", strerror(errno));
		facts_of(&f, (void *)at, len);
		if (f.n_swapped >= len / PAGE * 3 / 4)
			break;
		usleep(100000);
	}
	if (f.n_swapped < len / PAGE / 2)
		report_and_stop("swapped: %lu pages of %zu went out", f.n_swapped, len / PAGE);
	for (size_t i = 0; i < n_back; i++)
		(void)at[i * PAGE];
	tell_zram("swap", id);
	made("swapped", (void *)at, len, KPF_ANON, n_back / 2);
}
