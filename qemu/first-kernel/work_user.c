/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that processes see: private in all sizes of pages, shared in all its ways,
 * locked, merged by KSM, and pages that were freed with what they held.
 */
#define _GNU_SOURCE
#include "work.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#define THP "/sys/kernel/mm/transparent_hugepage/"
#define KSM "/sys/kernel/mm/ksm/"

void make_anon(void)
{
	size_t len = 40 * MIB;

	made("anon", map_pages(len, MAP_PRIVATE, "anon", MADV_NOHUGEPAGE), len, KPF_ANON,
	     len / PAGE);
}

/*
 * With larger pages the huge ones have 32 or 512 MiB; then we take what comes. A machine
 * of less than 512 MiB has "never" chosen by itself.
 */
static unsigned long n_huge_wanted(size_t len)
{
	char chosen[64];

	read_text(THP "enabled", chosen, sizeof(chosen));
	if (strstr(chosen, "[never]") || number_in(THP "hpage_pmd_size", "") > 2 * MIB)
		return 0;
	return len / PAGE / 2;
}

void make_thp(void)
{
	size_t len = 32 * MIB;

	if (access(THP "enabled", F_OK)) {
		tell("skipped thp: no transparent huge pages in this kernel");
		return;
	}
	made("thp", map_pages(len, MAP_PRIVATE, "thp", MADV_HUGEPAGE), len, KPF_THP,
	     n_huge_wanted(len));
}

/* Folios of 64 KiB, Linux 19eaf44954df ("mm: thp: support allocation of anonymous
 * multi-size THP", v6.8). */
void make_mthp(void)
{
	size_t len = 8 * MIB;

	if (!write_text(THP "hugepages-64kB/enabled", "always")) {
		tell("skipped mthp: no anonymous folios of 64 KiB in this kernel");
		return;
	}
	write_text(THP "hugepages-2048kB/enabled", "never");
	made("mthp", map_pages(len, MAP_PRIVATE, "mthp", MADV_HUGEPAGE), len, KPF_TAIL,
	     len / PAGE / 2);
	write_text(THP "hugepages-2048kB/enabled", "inherit");
	write_text(THP "hugepages-64kB/enabled", "never");
}

void make_shared(void)
{
	size_t len = 4 * MIB;
	int id = shmget(IPC_PRIVATE, len, IPC_CREAT | 0600);
	char *at = id < 0 ? (char *)-1 : shmat(id, NULL, 0);
	int fd = memfd_create("workload", MFD_CLOEXEC);

	made("shared", map_pages(len, MAP_SHARED, "shared", -1), len, KPF_SWAPBACKED,
	     len / PAGE);
	if (at == (char *)-1)
		report_and_stop("sysv: shmget, shmat: %s", strerror(errno));
	mark_pages(at, len, "sysv");
	made("sysv", at, len, KPF_SWAPBACKED, len / PAGE);

	at = fd < 0 || ftruncate(fd, len) ? MAP_FAILED :
	     mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		report_and_stop("memfd: %s", strerror(errno));
	mark_pages(at, len, "memfd");
	made("memfd", at, len, KPF_SWAPBACKED, len / PAGE);
}

void make_tmpfs(void)
{
	size_t len = 12 * MIB;

	made_file("tmpfs", fill_file("/tmp/tmpfs", len, "tmpfs"), len, KPF_SWAPBACKED,
		  len / PAGE);
	mkdir("/tmp-huge", 0755);
	if (mount("tmpfs", "/tmp-huge", "tmpfs", 0, "huge=always")) {
		tell("skipped tmpfshuge: mount with huge=always: %s", strerror(errno));
		return;
	}
	made_file("tmpfshuge", fill_file("/tmp-huge/file", 8 * MIB, "tmpfshuge"), 8 * MIB,
		  KPF_THP, n_huge_wanted(8 * MIB));
}

void make_locked(void)
{
	size_t len = 4 * MIB;
	char *at = map_pages(len, MAP_PRIVATE, "locked", MADV_NOHUGEPAGE);

	if (mlock(at, len))
		report_and_stop("locked: mlock: %s", strerror(errno));
	/* Some pages may still be in a batch on their way to the list. */
	made("locked", at, len, KPF_UNEVICTABLE, len / PAGE / 2);
}

/* Every page of it the same, so that KSM keeps a few and frees the rest. */
void make_ksm(void)
{
	size_t len = 16 * MIB;
	char *at;

	if (access(KSM "run", F_OK)) {
		tell("skipped ksm: no KSM in this kernel");
		return;
	}
	at = map_pages(len, MAP_PRIVATE, "ksm", MADV_MERGEABLE);
	for (size_t i = PAGE; i < len; i += PAGE)
		memcpy(at + i, at, PAGE);
	write_text(KSM "pages_to_scan", "20000");
	write_text(KSM "sleep_millisecs", "10");
	write_text(KSM "run", "1");
	for (int i = 0; i < 100 && number_in(KSM "pages_sharing", "") < len / PAGE / 2; i++)
		usleep(100000);
	write_text(KSM "run", "0");
	if (number_in(KSM "pages_sharing", "") < len / PAGE / 2)
		report_and_stop("ksm: too few pages were merged");
	tell("note ksm pages_shared=%lu pages_sharing=%lu",
	     number_in(KSM "pages_shared", ""), number_in(KSM "pages_sharing", ""));
	made("ksm", at, len, KPF_KSM, len / PAGE / 2);
}

/* Free pages with what they held; nothing to ask about them, they are nobody's. */
void make_freed(void)
{
	size_t len = 24 * MIB;
	char *at = map_pages(len, MAP_PRIVATE, "freed", MADV_NOHUGEPAGE);

	made("freed", at, len, KPF_ANON, len / PAGE);
	munmap(at, len);
}
