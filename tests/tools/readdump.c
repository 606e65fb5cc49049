/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * readdump: reads kdump-compressed files, written from the description of the format
 * and from nothing else; it shares no code with agent/. It is strict where readers are
 * lenient: what it does not like, it calls broken and exits 2.
 *
 *   readdump header DUMP               facts of header and sub header, key = value
 *   readdump kept DUMP [FROM TO]       pfn ranges that have a descriptor
 *   readdump ram DUMP                  pfn ranges of the first bitmap
 *   readdump dropped DUMP [FROM TO]    pfn ranges that are RAM and not kept
 *   readdump pages DUMP [FROM TO]      pfn, codec, stored size, sharing, crc, first bytes
 *   readdump page DUMP PFN             the page, in raw form, to stdout
 *   readdump stream DUMP               each page: pfn in 8 bytes, then its raw form
 *   readdump vmcoreinfo DUMP           that text
 *   readdump whole DUMP                every page decodes, or is missing; counts
 *   readdump compare DUMP DUMP2        contents of pages in both, pfns only in one
 *   readdump compare DUMP --core CORE  the same against an ELF core's bytes
 * Exit: 0 fine or equal, 1 contents differ, 2 broken or misused, 3 only the sets differ.
 */
#include "readdump.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void range_of(char **argv, int argc, const struct dump *d, uint64_t *from,
		     uint64_t *to)
{
	*from = argc > 3 ? strtoull(argv[3], NULL, 0) : 0;
	*to = argc > 4 ? strtoull(argv[4], NULL, 0) : d->max_mapnr;
	if (*to > d->max_mapnr)
		*to = d->max_mapnr;
}

static int show_header(struct dump *d)
{
	static const char *const names[] = {
		"sysname", "nodename", "release", "version", "machine", "domainname",
	};

	for (int i = 0; i < 6; i++)
		printf("%s = %.65s\n", names[i], (const char *)d->f.at + 12 + 65 * i);
	printf("seconds = %lu\nmicroseconds = %lu\n", num(d, 408, 8), num(d, 416, 8));
	printf("status = %#lx\nblock_size = %lu\n", num(d, 424, 4), d->block);
	printf("sub_hdr_size = %lu\nbitmap_blocks = %lu\n", num(d, 432, 4), num(d, 436, 4));
	printf("nr_cpus = %lu\n", num(d, 460, 4));
	printf("phys_base = %ld\n", (long)num(d, d->sub_off, 8));
	printf("dump_level = %lu\nsplit = %lu\n", num(d, d->sub_off + 8, 4),
	       num(d, d->sub_off + 12, 4));
	printf("note_size = %lu\nvmcoreinfo_size = %lu\n", d->note_size, d->info_size);
	printf("eraseinfo = %lu %lu\n", num(d, d->sub_off + 64, 8),
	       num(d, d->sub_off + 72, 8));
	printf("max_mapnr = %#lx\nkept = %lu\n", d->max_mapnr, d->n_desc);
	return 0;
}

static bool is_zero(const uint8_t *page, uint64_t len)
{
	return page[0] == 0 && memcmp(page, page + 1, len - 1) == 0;
}

static int show_pages(struct dump *d, uint64_t from, uint64_t to)
{
	int bad = 0;

	for (uint64_t pfn = from; pfn < to; pfn++) {
		struct desc desc;
		const char *why;

		if (!bit(d->bitmap2, pfn))
			continue;
		desc = desc_of(d, pfn);
		why = page_read(d, pfn, d->page);
		if (why) {
			printf("%#lx broken: %s\n", pfn, why);
			bad = 2;
			continue;
		}
		printf("%#lx %s %s %08lx", pfn,
		       desc.flags == 1 ? "zlib" : desc.flags == 0x20 ? "zstd" : "raw",
		       is_zero(d->page, d->block) ? "zero" : "data",
		       crc32(0, d->page, d->block));
		for (int i = 0; i < 8; i++)
			printf("%s%02x", i ? "" : " ", d->page[i]);
		putchar('\n');
	}
	return bad;
}

static int show_whole(struct dump *d)
{
	uint64_t n_zero = 0, n_raw = 0, stored = 0, zero_off = 0, n_zero_shared = 0;
	uint64_t n_missing = 0;

	for (uint64_t pfn = 0; pfn < d->max_mapnr; pfn++) {
		struct desc desc;
		const char *why;

		if (!bit(d->bitmap2, pfn))
			continue;
		desc = desc_of(d, pfn);
		if (!desc.off && !desc.size && !desc.flags && !desc.page_flags) {
			n_missing++;	/* never written */
			continue;
		}
		why = page_read(d, pfn, d->page);
		if (why)
			broken(d->f.path, "pfn %#lx: %s", pfn, why);
		if (desc.page_flags)
			broken(d->f.path, "pfn %#lx: page_flags not 0", pfn);
		n_raw += desc.flags == 0;
		if (is_zero(d->page, d->block)) {
			n_zero_shared += n_zero && desc.off == zero_off;
			zero_off = desc.off;
			n_zero++;
		} else {
			stored += desc.size;
		}
	}
	if (n_missing && !(num(d, 424, 4) & 8))
		broken(d->f.path, "%lu pages missing, not marked incomplete", n_missing);
	printf("pages = %lu\nmissing = %lu\nzero = %lu\nzero_shared = %s\nraw = %lu\n"
	       "stored = %lu\n", d->n_desc, n_missing, n_zero,
	       n_zero && n_zero_shared == n_zero - 1 ? "yes" : "no",
	       n_raw, stored);
	return 0;
}

static int show_stream(struct dump *d)
{
	for (uint64_t pfn = 0; pfn < d->max_mapnr; pfn++) {
		const char *why = bit(d->bitmap2, pfn) ? page_read(d, pfn, d->page) : "absent";

		if (!why && (fwrite(&pfn, sizeof(pfn), 1, stdout) != 1 ||
			     fwrite(d->page, d->block, 1, stdout) != 1))
			broken("stdout", "cannot be written");
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 2 ? argv[1] : "";
	uint64_t from, to;
	struct dump d;
	const char *why;

	if (argc < 3 || argc > 5) {
		fprintf(stderr, "usage: readdump header|kept|ram|dropped|pages|page|"
				"stream|vmcoreinfo|whole|compare DUMP [...]\n");
		return 2;
	}
	dump_open(&d, argv[2]);
	range_of(argv, argc, &d, &from, &to);
	if (strcmp(verb, "header") == 0)
		return show_header(&d);
	if (strcmp(verb, "kept") == 0)
		return print_runs("", d.bitmap2, NULL, from, to), 0;
	if (strcmp(verb, "dropped") == 0)
		return print_runs("", d.bitmap1, d.bitmap2, from, to), 0;
	if (strcmp(verb, "ram") == 0)
		return print_runs("", d.bitmap1, NULL, from, to), 0;
	if (strcmp(verb, "pages") == 0)
		return show_pages(&d, from, to);
	if (strcmp(verb, "whole") == 0)
		return show_whole(&d);
	if (strcmp(verb, "stream") == 0)
		return show_stream(&d);
	if (strcmp(verb, "vmcoreinfo") == 0)
		return fwrite(d.f.at + d.info_off, d.info_size, 1, stdout) != 1;
	if (strcmp(verb, "page") == 0 && argc == 4) {
		if (from >= d.max_mapnr || !bit(d.bitmap2, from))
			broken(argv[2], "pfn %#lx is not in the dump", from);
		why = page_read(&d, from, d.page);
		if (why)
			broken(argv[2], "pfn %#lx: %s", from, why);
		return fwrite(d.page, d.block, 1, stdout) != 1;
	}
	if (strcmp(verb, "compare") == 0 && argc == 5 && strcmp(argv[3], "--core") == 0)
		return compare_core(&d, argv[4]);
	if (strcmp(verb, "compare") == 0 && argc == 4)
		return compare_dumps(&d, argv[3]);
	broken(argv[2], "no such verb or wrong arguments: %s", verb);
}
