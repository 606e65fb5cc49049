/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory as the machine has it: huge pages set aside at boot, several nodes, what the
 * hypervisor took back (balloon) or added (a DIMM). The host does its part when asked
 * with "please" on the channel, see qemu/qmp.
 */
#define _GNU_SOURCE
#include "work.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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
