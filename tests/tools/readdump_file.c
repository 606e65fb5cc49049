/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens a dump for readdump, and finds and decodes its pages. */
#include "readdump.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

void broken(const char *path, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "readdump: %s: ", path);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}

struct file map_file(const char *path)
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

uint64_t num(const struct dump *d, uint64_t off, int size)
{
	uint64_t value = 0;

	if (off > d->f.size || d->f.size - off < (uint64_t)size)
		broken(d->f.path, "offset %#lx is past the end of %#lx bytes", off,
		       d->f.size);
	memcpy(&value, d->f.at + off, size);
	return value;
}

static void check_bits(const struct dump *d, const uint8_t *map, const char *name)
{
	for (uint64_t pfn = d->max_mapnr; pfn < d->bitmap_bytes * 8; pfn++)
		if (bit(map, pfn))
			broken(d->f.path, "%s has pfn %#lx, past max_mapnr %#lx", name, pfn,
			       d->max_mapnr);
}

void dump_open(struct dump *d, const char *path)
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

struct desc desc_of(const struct dump *d, uint64_t pfn)
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
const char *page_read(const struct dump *d, uint64_t pfn, uint8_t *page)
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
