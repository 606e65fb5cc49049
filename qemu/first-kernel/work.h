/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the makers of memory share. A maker leaves behind memory of one kind, each page
 * beginning with "crashbox-KIND-NUMBER", asks the kernel (/proc/kpageflags) whether it
 * became what it was meant to be, and says so on the channel:
 *	made KIND pages=N FLAG=N...	what there is now, by the kernel's own account
 *	skipped KIND: REASON		this kernel or machine has no such thing
 * Anything else is an error, and ends the run.
 */
#ifndef WORK_H
#define WORK_H

#include <unistd.h>

#include "fk.h"

#define MIB (1UL << 20)
#define PAGE ((size_t)sysconf(_SC_PAGESIZE))
#define PAGE_MAX 65536

/* Bits of /proc/kpageflags, Linux include/uapi/linux/kernel-page-flags.h. */
enum {
	KPF_DIRTY = 4, KPF_LRU = 5, KPF_SLAB = 7, KPF_BUDDY = 10, KPF_MMAP = 11,
	KPF_ANON = 12, KPF_SWAPCACHE = 13, KPF_SWAPBACKED = 14, KPF_HEAD = 15,
	KPF_TAIL = 16, KPF_HUGE = 17, KPF_UNEVICTABLE = 18, KPF_HWPOISON = 19,
	KPF_KSM = 21, KPF_THP = 22, KPF_OFFLINE = 23, KPF_PRIVATE = 35,
	KPF_NONE = 63,
};

struct facts {
	unsigned long n_pages, n_swapped, n_flag[64];
	uint64_t lowest_pfn, highest_pfn;
};

/* mark.c */
void mark_pages(char *at, size_t len, const char *kind);
void mark_dense(char *at, size_t len, const char *kind);	/* cannot be compressed */
char *map_pages(size_t len, int flags, const char *kind, int advice);
void facts_of(struct facts *f, const void *at, size_t len);
/* Says what lies at `at`, and fails unless at least n_least of its pages have flag. */
void made(const char *kind, const void *at, size_t len, int flag, unsigned long n_least);
unsigned long number_in(const char *path, const char *key);	/* 0 when not there */
/* Every page of a file that is in the page cache, as made() has it. */
void made_file(const char *kind, int fd, size_t len, int flag, unsigned long n_least);
int fill_file(const char *path, size_t len, const char *kind);

/* work_kernel.c: 16 pages in each of n pipes. */
void fill_pipes(const char *kind, unsigned n);

/* The makers, by file. */
void make_anon(void);		/* work_user.c */
void make_thp(void);
void make_mthp(void);
void make_shared(void);
void make_tmpfs(void);
void make_locked(void);
void make_ksm(void);
void make_freed(void);
void make_target_cache(void);	/* work_files.c */
void make_ext4(void);
void make_xfs(void);
void make_few_files(void);	/* work_kernel.c */
void make_slab(void);
void make_pipe(void);
void make_zram(void);
void make_swap(void);
void make_few_hugetlb(void);	/* work_machine.c */
void make_hugetlb(void);
void make_hvo(void);
void make_nodes(void);
void make_threads(void);	/* work_threads.c */
void make_balloon(void);
void make_hotplug(void);
void make_hotplug_refreshed(void);
void make_poison(void);		/* work_poison.c */
void make_odd_log(void);	/* work_log.c */
void make_wrapped_log(void);

#endif
