/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/slabs: is an address memory's that was only unmapped, as debug_pagealloc does? */
#include "triage/slabs.h"

#include "flat.h"
#include "kernel/memmap.h"
#include "t.h"

#define SECTION (128ULL << 20)
#define N_SECTIONS 8u
#define MAPPED (SECTION + 0x3000)
#define IN_USE 6u	/* it has a memory map, and is online */

/* One mem_section each, of one word; the second and the third are there. */
static uint64_t sections[N_SECTIONS] = { 0, IN_USE, IN_USE };

int main(void)
{
	static const struct {
		const char *row;
		vaddr_t vaddr;
		bool is_memory;
	} rows[] = {
		{ "the next page", MAPPED + 0x1000, true },
		{ "a page of the other section", 2 * SECTION + 0x5008, true },
		{ "in front of all memory", 0x1000, false },
		{ "behind it", 3 * SECTION, false },
		{ "with a high bit changed", MAPPED ^ 1ULL << 62, false },
		{ "none", 0, false },
	};
	struct flat f;
	struct memmap map = { .space = &f.space, .n_sections = N_SECTIONS, .page_shift = 12,
			      .pages_per_section = SECTION >> 12, .per_root = 1 };
	struct slabs s = { .space = &f.space, .map = &map };

	flat_open(&f, sections, sizeof(sections));
	f.k.mem_section = FLAT_BASE;
	f.k.size_mem_section = sizeof(sections[0]);
	f.k.section_mem_map = 0;
	for (size_t i = 0; i < T_SIZE(rows); i++)
		T_EQUAL(rows[i].row, rows[i].is_memory,
			slabs_has_page_as(&s, MAPPED, rows[i].vaddr));
	s.map = NULL;
	T_CHECK("without a map of memory", !slabs_has_page_as(&s, MAPPED, MAPPED));
	return t_done();
}
