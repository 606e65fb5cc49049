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
#include <elf.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

struct file {
	const char *path;
	const uint8_t *at;
	uint64_t size;
};

struct dump {
	struct file f;
	uint64_t block, sub_off, note_off, note_size, info_off, info_size;
	uint64_t max_mapnr, bitmap_bytes, n_desc;
	const uint8_t *bitmap1, *bitmap2, *desc;
	uint64_t *rank;		/* pages before each group of 4096 pfns */
	uint8_t *page, *page_b;
};

struct core {
	struct file f;
	const Elf64_Phdr *phdr;
	int n;
	uint64_t end;		/* highest physical address, page rounded, in pages */
};

__attribute__((noreturn, format(printf, 2, 3)))
static void broken(const char *path, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "readdump: %s: ", path);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}

static struct file map_file(const char *path)
{
	struct file f = { .path = path };
	struct stat st;
	int fd = open(path, O_RDONLY);

	if (fd < 0 || fstat(fd, &st) != 0 || st.st_size == 0)
		broken(path, "cannot open, or empty");
	f.size = st.st_size;
	f.at = mmap(NULL, f.size, PROT_READ, MAP_SHARED, fd, 0);
	if (f.at == MAP_FAILED)
		broken(path, "cannot map %lu bytes", f.size);
	close(fd);
	return f;
}

static uint64_t num(const struct dump *d, uint64_t off, int size)
{
	uint64_t value = 0;

	if (off > d->f.size || d->f.size - off < (uint64_t)size)
		broken(d->f.path, "offset %#lx is past the end of %#lx bytes", off,
		       d->f.size);
	memcpy(&value, d->f.at + off, size);
	return value;
}

static bool bit(const uint8_t *map, uint64_t pfn)
{
	return map[pfn >> 3] >> (pfn & 7) & 1;
}

static void check_bits(const struct dump *d, const uint8_t *map, const char *name)
{
	for (uint64_t pfn = d->max_mapnr; pfn < d->bitmap_bytes * 8; pfn++)
		if (bit(map, pfn))
			broken(d->f.path, "%s has pfn %#lx, past max_mapnr %#lx", name, pfn,
			       d->max_mapnr);
}

static void dump_open(struct dump *d, const char *path)
{
	uint64_t blocks, at;

	*d = (struct dump){ .f = map_file(path) };
	if (d->f.size < 8192 || memcmp(d->f.at, "KDUMP   ", 8) != 0)
		broken(path, "no KDUMP signature");
	if (num(d, 8, 4) != 6)
		broken(path, "header version %lu, not 6", num(d, 8, 4));
	d->block = num(d, 428, 4);
	if (d->block < 4096 || d->block > 65536 || d->block & (d->block - 1))
		broken(path, "block size %lu", d->block);
	d->sub_off = d->block;
	d->max_mapnr = num(d, d->sub_off + 96, 8);
	d->note_off = num(d, d->sub_off + 48, 8);
	d->note_size = num(d, d->sub_off + 56, 8);
	d->info_off = num(d, d->sub_off + 32, 8);
	d->info_size = num(d, d->sub_off + 40, 8);
	blocks = num(d, 436, 4);
	at = (1 + num(d, 432, 4)) * d->block;
	if (d->note_off + d->note_size > at || d->info_off + d->info_size > at)
		broken(path, "notes end past the sub header");
	d->bitmap_bytes = blocks / 2 * d->block;
	if (blocks % 2 ||
	    d->bitmap_bytes != (d->max_mapnr + 8 * d->block - 1) / (8 * d->block) * d->block)
		broken(path, "%lu bitmap blocks for max_mapnr %#lx", blocks, d->max_mapnr);
	if (num(d, 440, 4) != (d->max_mapnr < 0xffffffff ? d->max_mapnr : 0xffffffff))
		broken(path, "max_mapnr of header and sub header differ");
	num(d, at + 2 * d->bitmap_bytes - 1, 1);
	d->bitmap1 = d->f.at + at;
	d->bitmap2 = d->bitmap1 + d->bitmap_bytes;
	check_bits(d, d->bitmap1, "bitmap 1");
	check_bits(d, d->bitmap2, "bitmap 2");
	d->rank = calloc(d->bitmap_bytes * 8 / 4096 + 2, 8);
	for (uint64_t pfn = 0; pfn < d->bitmap_bytes * 8; pfn++) {
		if (pfn % 4096 == 0)
			d->rank[pfn / 4096] = d->n_desc;
		d->n_desc += bit(d->bitmap2, pfn);
		if (bit(d->bitmap2, pfn) && !bit(d->bitmap1, pfn))
			broken(path, "pfn %#lx is kept but is not RAM", pfn);
	}
	d->desc = d->bitmap2 + d->bitmap_bytes;
	if (d->n_desc)
		num(d, (d->desc - d->f.at) + d->n_desc * 24 - 1, 1);
	d->page = malloc(d->block);
	d->page_b = malloc(d->block);
}

struct desc {
	uint64_t off, page_flags;
	uint32_t size, flags;
};

static struct desc desc_of(const struct dump *d, uint64_t pfn)
{
	uint64_t idx = d->rank[pfn / 4096];
	struct desc desc;
	const uint8_t *at;

	for (uint64_t i = pfn / 4096 * 4096; i < pfn; i++)
		idx += bit(d->bitmap2, i);
	at = d->desc + idx * 24;
	memcpy(&desc.off, at, 8);
	memcpy(&desc.size, at + 8, 4);
	memcpy(&desc.flags, at + 12, 4);
	memcpy(&desc.page_flags, at + 16, 8);
	return desc;
}

/* NULL and a reason when the page cannot be had. */
static const char *page_read(const struct dump *d, uint64_t pfn, uint8_t *page)
{
	struct desc desc = desc_of(d, pfn);
	const uint8_t *in = d->f.at + desc.off;
	uLongf len = d->block;

	if (desc.off == 0)
		return "descriptor offset 0";
	if (desc.size > d->block || desc.off > d->f.size || d->f.size - desc.off < desc.size)
		return "descriptor outside of the file";
	if (desc.off < (uint64_t)(d->desc - d->f.at) + d->n_desc * 24)
		return "data before the end of the descriptors";
	switch (desc.flags) {
	case 0:
		if (desc.size != d->block)
			return "raw page of a wrong size";
		memcpy(page, in, d->block);
		return NULL;
	case 1:
		if (uncompress(page, &len, in, desc.size) != Z_OK || len != d->block)
			return "zlib page does not decode";
		return NULL;
	case 0x20:
		if (ZSTD_decompress(page, d->block, in, desc.size) != d->block)
			return "zstd page does not decode";
		return NULL;
	}
	return "unknown codec";
}

static void range_of(char **argv, int argc, const struct dump *d, uint64_t *from,
		     uint64_t *to)
{
	*from = argc > 3 ? strtoull(argv[3], NULL, 0) : 0;
	*to = argc > 4 ? strtoull(argv[4], NULL, 0) : d->max_mapnr;
	if (*to > d->max_mapnr)
		*to = d->max_mapnr;
}

/* Prints runs of pfns for which in(pfn) holds; returns how many pfns that are. */
static uint64_t print_runs(const char *prefix, const uint8_t *map, const uint8_t *not,
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

static int compare_core(struct dump *d, const char *path)
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

static int compare_dumps(struct dump *a, const char *path)
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
