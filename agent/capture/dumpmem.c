/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading memory out of a dump, and the stretches of it that there are. */
#include "dumpmem.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/bitmap.h"
#include "base/bytes.h"
#include "base/err.h"
#include "kernel/kernel.h"
#include "vmcore/arch.h"

#define RANGES_MAX (4u << 20)	/* of a filtered dump each gap is one */

static bool dumpmem_read(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
			 struct err *e)
{
	struct dumpmem *m = (struct dumpmem *)pm;
	uint64_t page_size = kdump_set_any(&m->set)->h.block_size;
	uint8_t *to = buf;

	while (len) {
		size_t n = min_u64(len, page_size - paddr % page_size);
		const uint8_t *page;

		if (!kdump_set_page(&m->set, paddr / page_size, &page, e))
			return false;
		memcpy(to, page + paddr % page_size, n);
		paddr += n;
		to += n;
		len -= n;
	}
	return true;
}

bool dumpmem_open(struct dumpmem *m, const struct kdump_paths *files, struct arena *arena,
		  struct err *e)
{
	*m = (struct dumpmem){ .pm.read = dumpmem_read };
	return kdump_set_open(&m->set, files, arena, e);
}

void dumpmem_close(struct dumpmem *m)
{
	kdump_set_close(&m->set);
}

/* Frames as they come, joined to ranges; which are only counted while there is no room. */
struct joiner {
	struct ram_range *ranges;
	size_t n;
	uint64_t page_size, end;	/* of the last one */
};

static void join(struct joiner *j, uint64_t pfn)
{
	uint64_t start = pfn * j->page_size;

	if (!j->n || start != j->end) {
		if (j->ranges)
			j->ranges[j->n].start = start;
		j->n++;
	}
	j->end = start + j->page_size;
	if (j->ranges)
		j->ranges[j->n - 1].end = j->end;
}

static bool join_part(struct joiner *j, struct page_index *x, struct err *e)
{
	for (uint64_t piece = index_next_piece(x, 0); piece < index_n_pieces(x);
	     piece = index_next_piece(x, piece + 1)) {
		uint64_t n = min_u64(PIECE_PFNS, x->max_pfn - piece * PIECE_PFNS);

		if (!index_load(x, piece, e))
			return false;
		for (uint64_t bit = bitmap_next(x->bits, n, 0); bit < n;
		     bit = bitmap_next(x->bits, n, bit + 1))
			join(j, piece * PIECE_PFNS + bit);
		if (j->n > RANGES_MAX)
			return fail(e, E2BIG, "its memory is in more than %u pieces",
				    RANGES_MAX);
	}
	return true;
}

/* Each file has its own frames, and they come in their order. */
static bool join_all(struct joiner *j, const struct kdump_set *set, struct err *e)
{
	for (unsigned i = 0; i < set->n; i++)
		if (!join_part(j, &set->parts[i]->index, e))
			return false;
	return true;
}

static uint16_t machine_of(const struct kdump_reader *r)
{
	char machine[KDUMP_UTS_LEN];
	const struct arch *arch;

	memcpy(machine, r->h.uts[MACHINE], sizeof(machine));
	machine[sizeof(machine) - 1] = '\0';
	arch = arch_named(machine);
	return arch ? arch->e_machine : EM_NONE;
}

bool dumpmem_core(struct dumpmem *m, struct elfcore *core, struct arena *arena, struct err *e)
{
	const struct kdump_reader *r = kdump_set_any(&m->set);

	*core = ELFCORE_CLOSED;
	core->ranges = arena_take(arena, 1, sizeof(core->ranges[0]), "ranges", e);
	if (!core->ranges)
		return false;
	core->ranges[0] = (struct ram_range){ 0, r->max_pfn * r->h.block_size, 0 };
	core->n_ranges = 1;
	core->e_machine = machine_of(r);
	core->notes = r->notes;
	core->notes_len = r->s.notes_len;
	return true;
}

bool dumpmem_ranges(struct dumpmem *m, struct elfcore *core, struct arena *arena,
		    struct err *e)
{
	struct joiner j = { .page_size = kdump_set_any(&m->set)->h.block_size };
	size_t n;

	if (!join_all(&j, &m->set, e))
		return false;
	n = j.n;
	j.ranges = arena_take(arena, n + 1, sizeof(j.ranges[0]), "ranges", e);
	j.n = 0;
	if (!j.ranges || !join_all(&j, &m->set, e))
		return false;
	core->ranges = j.ranges;
	core->n_ranges = n;
	return true;
}
