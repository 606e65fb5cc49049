/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory as the machine has it: huge pages set aside at boot, several nodes, what the
 * hypervisor took back (balloon) or added (a DIMM). The host does its part when asked
 * with "please" on the channel, see qemu/qmp.
 */
#define _GNU_SOURCE
#include "work.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SIZE_2M (21 << 26)	/* MAP_HUGE_2MB, MAP_HUGE_1GB of linux/mman.h */
#define SIZE_1G (30 << 26)
#define BIND 2			/* MPOL_BIND of linux/mempolicy.h */
#define NODE_OF_ADDR 3		/* MPOL_F_NODE | MPOL_F_ADDR */
#define BLOCKS "/sys/devices/system/memory"
#define HVO "/proc/sys/vm/hugetlb_optimize_vmemmap"

/* Two, where there is room: for the plain cases, whose subject is something else. */
void make_few_hugetlb(void)
{
	char *at;

	if (!write_text("/proc/sys/vm/nr_hugepages", "2"))
		return;
	at = mmap(NULL, 4 * MIB, PROT_READ | PROT_WRITE,
		  MAP_ANONYMOUS | MAP_PRIVATE | MAP_HUGETLB, -1, 0);
	if (at != MAP_FAILED)
		mark_pages(at, 4 * MIB, "hugetlb");
}

/* Half of those of 2 MiB stay in the pool: taken from the system, used by nobody. */
void make_hugetlb(void)
{
	size_t len = 32 * MIB, gig = 1024 * MIB;
	char *at = map_pages(len, MAP_PRIVATE | MAP_HUGETLB | SIZE_2M, "hugetlb2m", -1);

	made("hugetlb2m", at, len, KPF_HUGE, len / PAGE);
	at = mmap(NULL, gig, PROT_READ | PROT_WRITE,
		  MAP_ANONYMOUS | MAP_SHARED | MAP_HUGETLB | SIZE_1G, -1, 0);
	if (at == MAP_FAILED)
		report_and_stop("hugetlb1g: mmap: %s", strerror(errno));
	for (size_t i = 0; i < gig / PAGE; i++)
		snprintf(at + i * PAGE, 64, "crashbox-hugetlb1g-%08zu", i);
	made("hugetlb1g", at, gig, KPF_HUGE, gig / PAGE);
	tell("note hugetlb pool: %lu pages of 2 MiB, %lu of them free",
	     number_in("/proc/meminfo", "HugePages_Total"),
	     number_in("/proc/meminfo", "HugePages_Free"));
}

void make_hvo(void)
{
	if (number_in(HVO, "") != 1)
		report_and_stop("hvo: %s is not 1", HVO);
	tell("note hvo is on");
	make_hugetlb();
}

/* ---- nodes ---- */

static void bind_to(unsigned node, char *at, size_t len)
{
	unsigned long nodes = 1UL << node;

	if (syscall(SYS_mbind, at, len, BIND, &nodes, 64, 0))
		report_and_stop("mbind to node %u: %s", node, strerror(errno));
}

static void make_on_node(const char *kind, unsigned node, size_t len)
{
	char *at = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE,
			-1, 0);

	if (at == MAP_FAILED)
		report_and_stop("%s: mmap: %s", kind, strerror(errno));
	bind_to(node, at, len);
	mark_pages(at, len, kind);
	for (size_t i = 0; i < len; i += MIB) {
		int got = -1;

		if (syscall(SYS_get_mempolicy, &got, NULL, 0, at + i, NODE_OF_ADDR) ||
		    got != (int)node)
			report_and_stop("%s: page %zu is on node %d", kind, i / PAGE, got);
	}
	made(kind, at, len, KPF_ANON, len / PAGE);
}

void make_nodes(void)
{
	make_on_node("node0", 0, 16 * MIB);
	make_on_node("node1", 1, 16 * MIB);
}

/* ---- the hypervisor's ---- */

void make_balloon(void)
{
	unsigned long before = number_in("/proc/vmstat", "balloon_inflate");
	unsigned long n_least = 192 * MIB / PAGE, n = 0;

	ask_host("balloon 768");
	for (int i = 0; i < 100 && n < n_least; i++) {
		n = number_in("/proc/vmstat", "balloon_inflate") - before;
		usleep(100000);
	}
	if (n < n_least)
		report_and_stop("balloon: %lu pages, %lu wanted", n, n_least);
	tell("made balloon pages=%lu", n);
}

/* Brings offline blocks of memory online; the number of those that are. */
static unsigned online_blocks(void)
{
	DIR *dir = opendir(BLOCKS);
	unsigned n = 0;
	struct dirent *d;

	while (dir && (d = readdir(dir))) {
		char path[320], state[32];

		if (strncmp(d->d_name, "memory", 6))
			continue;
		snprintf(path, sizeof(path), BLOCKS "/%s/state", d->d_name);
		read_text(path, state, sizeof(state));
		if (!strncmp(state, "offline", 7))
			write_text(path, "online");
		n += !strncmp(state, "online", 6);
	}
	if (dir)
		closedir(dir);
	return n;
}

/* A DIMM of 256 MiB on a node of its own, used by processes and by the kernel. */
void make_hotplug(void)
{
	unsigned before = online_blocks(), n = 0;
	unsigned long nodes = 1UL << 2;

	ask_host("dimm 256 2");
	for (int i = 0; i < 100 && (n = online_blocks()) < before + 2; i++)
		usleep(100000);
	if (n < before + 2)
		report_and_stop("hotplug: %u blocks of memory, %u before", n, before);
	make_on_node("hotadded", 2, 48 * MIB);
	if (syscall(SYS_set_mempolicy, BIND, &nodes, 64))
		report_and_stop("hotplug: set_mempolicy: %s", strerror(errno));
	fill_pipes("hotpipe", 16);
	syscall(SYS_set_mempolicy, 0, NULL, 0);
}

/* Only where the first kernel itself brings the capture kernel's headers up to date. */
void make_hotplug_refreshed(void)
{
	if (number_in(BLOCKS "/crash_hotplug", "") != 1)
		report_and_stop("hotplug: %s is not 1", BLOCKS "/crash_hotplug");
	make_hotplug();
}
