/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies of RAM: the ways in which machines have it are tried one after the other. */
#include "ram_copy.h"

#include <elf.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"

#define RAM_LEN_MIN (16u << 20)	/* no kernel that has a VMCOREINFO starts with less */
#define PAGE 4096

/*
 * QEMU's pc and q35, Firecracker, cloud-hypervisor; QEMU's virt, Firecracker. Of rows of one
 * CPU only the first is tried that has all of it at the bottom.
 */
static const struct ram_layout layouts[] = {
	{ EM_X86_64, 0, 0xe0000000 },
	{ EM_X86_64, 0, 0xd0000000 },
	{ EM_X86_64, 0, 0xc0000000 },
	{ EM_X86_64, 0, 0xb0000000 },
	{ EM_X86_64, 0, 0x80000000 },
	{ EM_AARCH64, 0x40000000, RAM_NO_END },
	{ EM_AARCH64, 0x80000000, RAM_NO_END },
};

static bool is_ram(struct memmap *map, paddr_t paddr)
{
	vaddr_t base;
	struct err ignored;

	return memmap_base(map, memmap_pfn(map, paddr), &base, &ignored);
}

/* The kernel may be found in the right half of a file whose other half is put wrong. */
static bool lies_so(struct kernel *kn, const struct elfcore *core)
{
	for (size_t i = 0; i < core->n_ranges; i++)
		if (!is_ram(&kn->map, core->ranges[i].start) ||
		    !is_ram(&kn->map, core->ranges[i].end - PAGE))
			return false;
	return core->n_ranges == 1 || !is_ram(&kn->map, core->ranges[0].end);
}

static bool try_layout(struct crash *c, const char *path, const struct ram_layout *layout,
		       double seconds)
{
	struct err ignored;

	if (!crash_open_ram(c, path, layout, seconds, &ignored))
		return false;
	if (lies_so(&c->kernel, &c->core))
		return true;
	crash_close(c);
	memset(c, 0, sizeof(*c));
	return false;
}

bool ram_copy_open(struct crash *c, const char *path, uint64_t size, double seconds)
{
	double until = monotonic_seconds() + seconds;
	bool was_low = false;

	if (size < RAM_LEN_MIN || size % PAGE)
		return false;
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		bool again = i && was_low && layouts[i].base == layouts[i - 1].base;
		bool is_low = size <= layouts[i].low_end - layouts[i].base;

		seconds = until - monotonic_seconds();
		if (seconds <= 0)
			return false;
		if (!(again && is_low) && try_layout(c, path, &layouts[i], seconds))
			return true;
		was_low = is_low;
	}
	return false;
}
