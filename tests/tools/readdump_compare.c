/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares dumps for readdump: with another one, or with an ELF core's bytes. */
#include "readdump.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct core {
	struct file f;
	const Elf64_Phdr *phdr;
	int n;
	uint64_t end;		/* highest physical address, page rounded, in pages */
};

/* Prints runs of pfns for which in(pfn) holds; returns how many pfns that are. */
uint64_t print_runs(const char *prefix, const uint8_t *map, const uint8_t *not,
			   uint64_t from, uint64_t to)
{
	uint64_t n = 0, start = 0;
	bool open = false;

	for (uint64_t pfn = from; pfn <= to; pfn++) {
		bool now = pfn < to && bit(map, pfn) && !(not && bit(not, pfn));

		n += now;
		if (now && !open)
			start = pfn;
		if (!now && open && pfn - start == 1)
			printf("%s%#lx\n", prefix, start);
		else if (!now && open)
			printf("%s%#lx-%#lx\n", prefix, start, pfn - 1);
		open = now;
	}
	return n;
}

static void core_open(struct core *c, const char *path, uint64_t page_size)
{
	const Elf64_Ehdr *e;

	*c = (struct core){ .f = map_file(path) };
	e = (const Elf64_Ehdr *)c->f.at;
	if (c->f.size < sizeof(*e) || memcmp(e->e_ident, ELFMAG, SELFMAG) != 0)
		broken(path, "not an ELF file");
	c->n = e->e_phnum;
	c->phdr = (const Elf64_Phdr *)(c->f.at + e->e_phoff);
	for (int i = 0; i < c->n; i++)
		if (c->phdr[i].p_type == PT_LOAD) {
			uint64_t end = c->phdr[i].p_paddr + c->phdr[i].p_memsz;

			end = (end + page_size - 1) / page_size;
			if (end > c->end)
				c->end = end;
		}
}

/* A whole page of an ELF core: /proc/vmcore rounds its ranges to pages. */
static const uint8_t *core_page(const struct core *c, uint64_t pfn, uint64_t size)
{
	for (int i = 0; i < c->n; i++) {
		const Elf64_Phdr *p = &c->phdr[i];
		uint64_t first = p->p_paddr / size * size;
		uint64_t end = (p->p_paddr + p->p_memsz + size - 1) / size * size;
		uint64_t off = p->p_offset - (p->p_paddr - first) + (pfn * size - first);

		if (p->p_type == PT_LOAD && p->p_memsz && pfn * size >= first &&
		    pfn * size < end && off + size <= c->f.size)
			return c->f.at + off;
	}
	return NULL;
}

int compare_core(struct dump *d, const char *path)
{
	uint64_t n_same = 0, n_different = 0, n_ram = 0;
	struct core c;

	core_open(&c, path, d->block);
	if (c.end != d->max_mapnr)
		printf("max_mapnr %#lx, core ends at %#lx\n", d->max_mapnr, c.end);
	for (uint64_t pfn = 0; pfn < d->max_mapnr; pfn++) {
		const uint8_t *raw = core_page(&c, pfn, d->block);
		const char *why;

		if (bit(d->bitmap1, pfn) != (raw != NULL)) {
			printf("ram %#lx only in %s\n", pfn, raw ? "core" : "dump");
			n_ram++;
		}
		if (!bit(d->bitmap2, pfn))
			continue;
		why = page_read(d, pfn, d->page);
		if (!why && raw && memcmp(d->page, raw, d->block) == 0) {
			n_same++;
			continue;
		}
		printf("different %#lx%s%s\n", pfn, why ? " " : "", why ? why : "");
		n_different++;
	}
	printf("same = %lu\ndifferent = %lu\nram_differs = %lu\n", n_same, n_different,
	       n_ram);
	return n_different ? 1 : n_ram || c.end != d->max_mapnr ? 3 : 0;
}

int compare_dumps(struct dump *a, const char *path)
{
	uint64_t n_same = 0, n_different = 0, only_1, only_2, max;
	uint8_t *map_a, *map_b;
	struct dump b;

	dump_open(&b, path);
	max = a->bitmap_bytes > b.bitmap_bytes ? a->bitmap_bytes : b.bitmap_bytes;
	map_a = calloc(max, 1);
	map_b = calloc(max, 1);
	memcpy(map_a, a->bitmap2, a->bitmap_bytes);
	memcpy(map_b, b.bitmap2, b.bitmap_bytes);
	for (uint64_t pfn = 0; pfn < max * 8; pfn++) {
		const char *why_a, *why_b;

		if (!bit(map_a, pfn) || !bit(map_b, pfn))
			continue;
		why_a = page_read(a, pfn, a->page);
		why_b = page_read(&b, pfn, a->page_b);
		if (!why_a && !why_b && memcmp(a->page, a->page_b, a->block) == 0) {
			n_same++;
			continue;
		}
		printf("different %#lx %s %s\n", pfn, why_a ? why_a : "", why_b ? why_b : "");
		n_different++;
	}
	only_1 = print_runs("only-1 ", map_a, map_b, 0, max * 8);
	only_2 = print_runs("only-2 ", map_b, map_a, 0, max * 8);
	printf("same = %lu\ndifferent = %lu\nonly_1 = %lu\nonly_2 = %lu\n", n_same,
	       n_different, only_1, only_2);
	return n_different ? 1 : only_1 || only_2 ? 3 : 0;
}
