/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/vmcore, or a copy of it: which physical memory is in the file and where.
 * Knows ELF headers (through libelf) and nothing of what the memory means.
 */
#ifndef VMCORE_ELFCORE_H
#define VMCORE_ELFCORE_H

#include "base/dumpfile.h"
#include "physmem.h"

struct arena;

/* One stretch of physical memory; ranges are sorted and never overlap. */
struct ram_range {
	paddr_t start, end;	/* [start, end) that the file can give */
	uint64_t off;		/* of start in the file */
};

struct elfcore {
	struct dumpfile file;		/* flattened or not */
	uint64_t size;			/* bytes in the file that is meant */
	bool is_memory;			/* it is /proc/vmcore, what is read is RAM */
	uint16_t e_machine;
	struct ram_range *ranges;
	size_t n_ranges;
	/*
	 * Memory that the machine has and the file has not (p_filesz < p_memsz), where no range
	 * is: zeroes, or what a filter left out; off means nothing. /proc/vmcore has none.
	 */
	struct ram_range *holes;
	size_t n_holes;
	/* The kernel image's PT_LOAD as advised by the header; end == start if none. */
	vaddr_t text_vaddr;
	paddr_t text_start, text_end;
	uint8_t *notes;			/* merged, device dumps left out */
	size_t notes_len;
	uint64_t device_dumps_len;	/* bytes of device dumps left out */
	uint64_t missing_len;		/* bytes of PT_LOADs beyond the end of the file */
	char damage[160];		/* what is wrong with the notes, "" nothing */
};

#define ELFCORE_CLOSED ((struct elfcore){ .file = DUMPFILE_CLOSED })

/*
 * Opens a 64-bit little-endian ELF core, also a flattened one (base/dumpfile). Tables and
 * notes come from the arena. EINVAL: not such a core; ENOMEM: absurdly large headers.
 */
bool elfcore_open(struct elfcore *core, const char *path, struct arena *arena,
		  struct err *e);
/*
 * Opens a copy of a machine's RAM with no header around it: what lies at [base, low_end) of
 * its addresses comes first, what does not fit goes on at 4 GiB. EINVAL: not whole pages.
 */
struct ram_layout {
	uint16_t e_machine;
	paddr_t base, low_end;
};

#define RAM_NO_END (1ULL << 52)

bool elfcore_open_ram(struct elfcore *core, const char *path, const struct ram_layout *layout,
		      struct arena *arena, struct err *e);
void elfcore_close(struct elfcore *core);

/* The first of n sorted ranges that ends behind paddr; n: none does. */
size_t ranges_behind(const struct ram_range *ranges, size_t n, paddr_t paddr);

/* Bytes from paddr on, where no range is, that are a hole. */
uint64_t elfcore_hole(const struct elfcore *core, paddr_t paddr);

/* Bytes of physical memory in the file. */
uint64_t elfcore_ram_len(const struct elfcore *core);
/* One past the highest address, 0 for an empty core. */
paddr_t elfcore_end(const struct elfcore *core);

#endif
