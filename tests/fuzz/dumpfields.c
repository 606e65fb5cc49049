/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dump whose header is right but for one word that the input chooses, and whose bitmap,
 * descriptors and data are the input's: what is behind the header is reached. Reading page by
 * page and checking all must say the same.
 */
#include <errno.h>

#include "base/bytes.h"
#include "dump_file.h"
#include "input.h"

#define BLOCK 4096u
#define PFNS_MAX 512u
#define DATA_MAX 8192u

/* Blocks of the file, and what is in them. */
enum { HEADER, SUBHEADER, BITMAP1, BITMAP2, DESCS, DATA = DESCS + 3, FILE_BLOCKS = DATA + 2 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint32_t flags[] = { 0, KDUMP_ZLIB, KDUMP_LZO, KDUMP_SNAPPY, KDUMP_ZSTD, 0x40,
				  KDUMP_ZLIB | KDUMP_ZSTD, KDUMP_INCOMPLETE };

static uint8_t file[FILE_BLOCKS * BLOCK];

static void put_headers(struct input *in)
{
	struct kdump_header h = { .signature = KDUMP_SIGNATURE, .version = KDUMP_VERSION,
				  .uts = { "Linux", "n", "r", "v", "x86_64", "d" },
				  .block_size = BLOCK, .sub_header_blocks = 1,
				  .bitmap_blocks = 2, .n_cpus = 1 };
	struct kdump_subheader s = { .dump_level = 31 };
	uint8_t word = input_u8(in);
	uint64_t value = input_u64(in);

	memcpy(h.signature, KDUMP_SIGNATURE, sizeof(h.signature));
	h.status = flags[word >> 5];
	h.max_mapnr = s.max_mapnr = 1 + input_u16(in) % PFNS_MAX;
	memcpy(file, &h, sizeof(h));
	memcpy(file + BLOCK, &s, sizeof(s));
	/* The last word of this range is behind all that is read: nothing is changed. */
	word %= 32;
	if (word < 12)
		put_u32(file + offsetof(struct kdump_header, status) + 4 * word, value);
	else if (word < 25)
		put_u64(file + BLOCK + 8 * (word - 12), value);
}

static void put_descs(struct input *in)
{
	uint64_t n = 0;

	input_bytes(in, file + BITMAP2 * BLOCK, PFNS_MAX / 8);
	memset(file + BITMAP1 * BLOCK, 0xff, PFNS_MAX / 8);
	for (unsigned i = 0; i < PFNS_MAX; i++)
		n += file[BITMAP2 * BLOCK + i / 8] >> i % 8 & 1;
	for (uint64_t i = 0; i < n; i++) {
		uint8_t how = input_u8(in);
		struct kdump_desc d = { .flags = flags[how % 8] };

		d.off = DATA * BLOCK + input_u16(in) % DATA_MAX;
		d.len = input_u16(in) % (BLOCK + 2);
		if (how & 0x80)
			d = (struct kdump_desc){ .off = 0 };
		else if (how & 0x40)
			d.off = input_u64(in);
		else if (!d.flags)
			d.len = BLOCK;
		memcpy(file + DESCS * BLOCK + i * sizeof(d), &d, sizeof(d));
	}
}

/* Of the frames that any header here can speak of by far the most. */
static void compare(struct kdump_reader *r)
{
	struct kdump_findings found = { 0 };
	uint64_t n_read = 0, n_damaged = 0;
	const uint8_t *page;
	struct err e;

	if (!kdump_check(r, &found, &e)) {
		if (!e.text[0])
			abort();
		return;
	}
	if (found.n_read + found.n_missing + found.n_damaged != found.n_pages ||
	    !found.n_damaged != !found.first_damage[0])
		abort();
	if (r->max_pfn > PFNS_MAX)
		return;
	for (uint64_t pfn = 0; pfn < r->max_pfn; pfn++) {
		if (kdump_page(r, pfn, &page, &e))
			n_read++;
		else if (e.code == EIO)
			n_damaged++;
		else if (e.code != ENOENT && e.code != ENODATA)
			abort();
	}
	if (!r->s.split && (n_read != found.n_read || n_damaged != found.n_damaged))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };

	memset(file, 0, sizeof(file));
	put_headers(&in);
	put_descs(&in);
	input_bytes(&in, file + DATA * BLOCK, DATA_MAX);
	dump_file_try(file, sizeof(file), compare);
	return 0;
}
