/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of kdump-compressed files. The place of a page's descriptor is the number of
 * bits before it in bitmap 2; the index knows it. What a descriptor says is checked when
 * it is used.
 */
#include "kdumpread.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/bitmap.h"
#include "base/bytes.h"
#include "base/err.h"
#include "codec.h"

#define MEMORY_MAX (1ULL << 52)	/* bytes; no CPU we know addresses more */
#define MAX_NOTES (32u << 20)
#define DESC_BATCH 1024

/* ---- opening ---------------------------------------------------------------- */

static bool check_header(struct kdump_reader *r, struct err *e)
{
	struct kdump_header *h = &r->h;
	uint64_t block = h->block_size, size = r->file.size;

	if (!memcmp(h->signature, "\177ELF", 4))
		return fail(e, EMEDIUMTYPE, "an ELF core, not a kdump-compressed dump");
	if (!memcmp(h->signature, "age-encr", 8))
		return fail(e, EINVAL, "encrypted: `crashbox decrypt -i KEY` opens it");
	if (memcmp(h->signature, KDUMP_SIGNATURE, 8))
		return fail(e, EINVAL, "not a kdump-compressed dump");
	if (h->version < KDUMP_VERSION || h->version > 16)
		return fail(e, EINVAL, "header version %u, %u to 16 are what can be read",
			    h->version, KDUMP_VERSION);
	if (!is_power_of_two(block) || block < 4096 || block > 65536)
		return fail(e, EINVAL, "block size %u is not possible", h->block_size);
	if (!h->sub_header_blocks || h->sub_header_blocks > size / block)
		return fail(e, EINVAL, "sub-header of %u blocks in a file of %llu bytes",
			    h->sub_header_blocks, (unsigned long long)size);
	if (h->bitmap_blocks % 2 || !h->bitmap_blocks || h->bitmap_blocks > size / block)
		return fail(e, EINVAL, "bitmaps of %u blocks in a file of %llu bytes",
			    h->bitmap_blocks, (unsigned long long)size);
	return true;
}

static bool inside(const struct kdump_reader *r, uint64_t off, uint64_t len)
{
	return off <= r->file.size && len <= r->file.size - off;
}

/* The architecture is told by them. QEMU's dumps name no system. */
static bool check_names(const struct kdump_reader *r, struct err *e)
{
	for (int i = 0; i < 6; i++)
		if (!memchr(r->h.uts[i], '\0', KDUMP_UTS_LEN))
			return fail(e, EINVAL, "a name in the header has no end");
	if ((r->h.uts[0][0] && strcmp(r->h.uts[0], "Linux")) || !r->h.uts[4][0])
		return fail(e, EINVAL, "the header says that it is of a '%s' on '%s'",
			    r->h.uts[0], r->h.uts[4]);
	return true;
}

static bool check_subheader(struct kdump_reader *r, struct err *e)
{
	uint64_t block = r->h.block_size, half = r->h.bitmap_blocks / 2 * block;

	r->max_pfn = r->s.max_mapnr ? r->s.max_mapnr : r->h.max_mapnr;
	if (r->max_pfn > MEMORY_MAX / block)
		return fail(e, EINVAL, "%llu page frames of %llu bytes are more than a CPU can "
			    "address", (unsigned long long)r->max_pfn,
			    (unsigned long long)block);
	if (!r->max_pfn || round_up(round_up(r->max_pfn, 8) / 8, block) != half)
		return fail(e, EINVAL, "bitmaps of %llu bytes do not fit %llu page frames",
			    (unsigned long long)half, (unsigned long long)r->max_pfn);
	r->first_pfn = r->s.split ? r->s.start_pfn_64 : 0;
	r->end_pfn = r->s.split ? r->s.end_pfn_64 : r->max_pfn;
	if (r->first_pfn > r->end_pfn || r->end_pfn > r->max_pfn)
		return fail(e, EINVAL, "part of a split dump: pages %#llx to %#llx of %#llx",
			    (unsigned long long)r->first_pfn, (unsigned long long)r->end_pfn,
			    (unsigned long long)r->max_pfn);
	if (!inside(r, r->s.notes_off, r->s.notes_len) || r->s.notes_len > MAX_NOTES)
		return fail(e, EINVAL, "notes of %llu bytes at %llu are not in the file",
			    (unsigned long long)r->s.notes_len,
			    (unsigned long long)r->s.notes_off);
	if (!inside(r, r->s.vmcoreinfo_off, r->s.vmcoreinfo_len))
		return fail(e, EINVAL, "VMCOREINFO of %llu bytes at %llu is not in the file",
			    (unsigned long long)r->s.vmcoreinfo_len,
			    (unsigned long long)r->s.vmcoreinfo_off);
	r->bitmap1_off = block * (1 + r->h.sub_header_blocks);
	r->bitmap2_off = r->bitmap1_off + half;
	r->descs_off = r->bitmap2_off + half;
	if (!inside(r, r->descs_off, 0))
		return fail(e, EINVAL, "the bitmaps are cut off: %llu bytes, %llu expected",
			    (unsigned long long)r->file.size, (unsigned long long)r->descs_off);
	return true;
}

/*
 * Bits past the last frame would be pages without a place, and those of other parts have
 * theirs elsewhere; they are not counted.
 */
static void cut_piece(const struct kdump_reader *r, uint64_t piece, uint64_t *bitmap)
{
	uint64_t start = piece * PIECE_PFNS, before = max_u64(start, r->first_pfn) - start;

	bitmap_clear_range(bitmap, 0, min_u64(before, PIECE_PFNS));
	bitmap_clear_range(bitmap, max_u64(start, r->end_pfn) - start, PIECE_PFNS);
}

static bool read_piece(struct kdump_reader *r, uint64_t off, uint64_t piece,
		       uint64_t *bitmap, struct err *e)
{
	if (!dumpfile_read(&r->file, bitmap, PIECE_LEN, off + piece * PIECE_LEN, e))
		return within(e, "bitmap");
	cut_piece(r, piece, bitmap);
	return true;
}

static bool load_bitmap2(void *ctx, uint64_t piece, uint64_t *bits, struct err *e)
{
	struct kdump_reader *r = ctx;

	return read_piece(r, r->bitmap2_off, piece, bits, e);
}

/* The first piece, this one or one behind it, of which the file has anything. */
static uint64_t next_piece(const struct kdump_reader *r, uint64_t piece)
{
	uint64_t off = piece * PIECE_LEN;
	uint64_t first = dumpfile_next(&r->file, r->bitmap1_off + off) - r->bitmap1_off;
	uint64_t second = dumpfile_next(&r->file, r->bitmap2_off + off) - r->bitmap2_off;

	return min_u64(first, second) / PIECE_LEN;
}

static bool build_index(struct kdump_reader *r, struct err *e)
{
	struct page_index *x = &r->index;

	*x = (struct page_index){ .max_pfn = r->max_pfn, .load = load_bitmap2, .ctx = r };
	if (!index_init(x, r->arena, e))
		return false;
	for (uint64_t piece = 0; piece < index_n_pieces(x); piece++) {
		if (!index_load(x, piece, e))
			return false;
		index_add(x, piece, x->bits);
		if (bitmap_next(x->bits, PIECE_PFNS, 0) == PIECE_PFNS)
			piece = next_piece(r, piece + 1) - 1;
	}
	index_finish(x);
	if (x->n_pages > (r->file.size - r->descs_off) / sizeof(struct kdump_desc))
		return fail(e, EINVAL, "%llu pages, but their descriptors are cut off",
			    (unsigned long long)x->n_pages);
	return true;
}

static bool take_buffers(struct kdump_reader *r, struct err *e)
{
	struct arena *arena = r->arena;

	r->bitmap1 = arena_take(arena, PIECE_LEN, 1, "bitmap", e);
	r->packed = arena_take(arena, r->h.block_size, 1, "page", e);
	r->page = arena_take(arena, r->h.block_size, 1, "page", e);
	r->notes = arena_take(arena, r->s.notes_len + 1, 1, "notes", e);
	if (!r->bitmap1 || !r->packed || !r->page || !r->notes)
		return false;
	for (unsigned i = 0; i < N_CODECS; i++) {
		const struct codec *codec = codec_at(i);
		size_t len = codec->unpack ? codec->unpack_size() : 0;
		void *mem = len ? arena_take(arena, len, 1, codec->name, e) : NULL;

		r->unpackers[i] = mem ? codec->unpacker(mem, len) : NULL;
		if (codec->unpack && !r->unpackers[i])
			return fail(e, ENOMEM, "%s cannot be set up", codec->name);
	}
	return dumpfile_read(&r->file, r->notes, r->s.notes_len, r->s.notes_off, e);
}

/* What tells a dump comes last where it is only appended to: of a cut one we know better. */
static bool take_cut(struct kdump_reader *r)
{
	if (!r->file.is_cut || dumpfile_has(&r->file, 0, sizeof(r->h.signature)))
		return true;
	memcpy(r->h.signature, KDUMP_SIGNATURE, sizeof(r->h.signature));
	r->h.status = KDUMP_INCOMPLETE;
	return true;
}

static bool open_file(struct kdump_reader *r, const char *path, struct err *e)
{
	if (!dumpfile_open(&r->file, path, r->arena, e))
		return false;
	if (r->file.size < sizeof(r->h))
		return fail(e, EINVAL, "not a kdump-compressed dump: only %llu bytes",
			    (unsigned long long)r->file.size);
	return dumpfile_read(&r->file, &r->h, sizeof(r->h), 0, e) && take_cut(r) &&
	       check_header(r, e) &&
	       check_names(r, e) &&
	       dumpfile_read(&r->file, &r->s, sizeof(r->s), r->h.block_size, e) &&
	       check_subheader(r, e) && take_buffers(r, e) && build_index(r, e);
}

bool kdump_open(struct kdump_reader *r, const char *path, struct arena *arena,
		struct err *e)
{
	*r = (struct kdump_reader){ .arena = arena, .file = DUMPFILE_CLOSED };
	if (open_file(r, path, e))
		return true;
	kdump_close(r);
	return within(e, "%s", path);
}

void kdump_close(struct kdump_reader *r)
{
	dumpfile_close(&r->file);
}

/* ---- pages ------------------------------------------------------------------ */

const char *kdump_codec_name(uint32_t flags)
{
	const struct codec *codec = codec_flagged(flags & (KDUMP_ZLIB | KDUMP_LZO |
							   KDUMP_SNAPPY | KDUMP_ZSTD));

	return codec ? codec->name : "unknown";
}

bool kdump_is_cut(const struct kdump_reader *r)
{
	return r->h.status & KDUMP_INCOMPLETE || r->file.is_cut;
}

/* Never written; or, in a dump that was cut, of the two blocks it lies in only one was. */
static bool is_missing(const struct kdump_reader *r, const struct kdump_desc *d)
{
	if (!kdump_is_cut(r))
		return !d->off && !d->len;
	return !d->off || !d->len ||
	       (r->file.is_cut && d->len <= r->h.block_size &&
		!dumpfile_has(&r->file, d->off, d->len));
}

static bool check_desc(const struct kdump_reader *r, const struct kdump_desc *d,
		       struct err *e)
{
	uint64_t after_descs = r->descs_off + r->index.n_pages * sizeof(*d);

	if (!codec_flagged(d->flags))
		return fail(e, EIO, "packed in a way that is not known (flags %#x)", d->flags);
	if (!d->len || d->len > r->h.block_size || (!d->flags && d->len != r->h.block_size))
		return fail(e, EIO, "%u bytes cannot be a page of %u", d->len, r->h.block_size);
	if (d->off < after_descs || !inside(r, d->off, d->len))
		return fail(e, EIO, "data at %llu are outside of the file's %llu bytes",
			    (unsigned long long)d->off, (unsigned long long)r->file.size);
	return true;
}

/* Many descriptors share one page of zeroes: what was unpacked last stays. */
static bool unpack(struct kdump_reader *r, const struct kdump_desc *d, struct err *e)
{
	const struct packing packing = { r->packed, d->len, r->page, r->h.block_size };

	if (!check_desc(r, d, e))
		return false;
	if (!memcmp(&r->in_page, d, sizeof(*d)))
		return true;
	r->in_page.off = 0;
	if (!dumpfile_read(&r->file, r->packed, d->len, d->off, e))
		return false;
	for (unsigned i = 0; i < N_CODECS; i++) {
		const struct codec *codec = codec_at(i);

		if (codec->flag != d->flags || !codec->unpack)
			continue;
		if (!codec->unpack(r->unpackers[i], &packing))
			return fail(e, EIO, "its %u bytes of %s do not unpack", d->len,
				    codec->name);
	}
	r->in_page = *d;
	return true;
}

bool kdump_page(struct kdump_reader *r, uint64_t pfn, const uint8_t **page_ret,
		struct err *e)
{
	struct kdump_desc desc;
	uint64_t rank;

	if (pfn >= r->max_pfn)
		return fail(e, ENOENT, "page %#llx is beyond the machine's memory",
			    (unsigned long long)pfn);
	if (!index_rank(&r->index, pfn, &rank, e))
		return false;
	if (!bitmap_test(r->index.bits, pfn % PIECE_PFNS))
		return fail(e, ENODATA, "page %#llx is not in the dump",
			    (unsigned long long)pfn);
	if (!dumpfile_read(&r->file, &desc, sizeof(desc), r->descs_off + rank * sizeof(desc),
			   e))
		return false;
	if (is_missing(r, &desc))
		return fail(e, ENODATA, "page %#llx was never written",
			    (unsigned long long)pfn);
	if (!unpack(r, &desc, e))
		return within(e, "page %#llx", (unsigned long long)pfn);
	*page_ret = r->page;
	return true;
}

/* ---- reading everything ----------------------------------------------------- */

static void note_damage(struct kdump_findings *found, uint64_t pfn, const struct err *why)
{
	struct err e = *why;

	if (!found->n_damaged++) {
		within(&e, "page %#llx", (unsigned long long)pfn);
		memcpy(found->first_damage, e.text, sizeof(found->first_damage));
	}
}

static void check_page(struct kdump_reader *r, uint64_t pfn, const struct kdump_desc *desc,
		       struct kdump_findings *found)
{
	uint64_t before = r->in_page.off;
	struct err e;

	found->n_pages++;
	if (is_missing(r, desc)) {
		found->n_missing++;
	} else if (!unpack(r, desc, &e)) {
		note_damage(found, pfn, &e);
	} else {
		found->n_read++;
		if (r->in_page.off != before)
			found->data_len += desc->len;
	}
}

bool kdump_check(struct kdump_reader *r, struct kdump_findings *found, struct err *e)
{
	struct kdump_desc descs[DESC_BATCH];
	struct page_index *x = &r->index;
	uint64_t idx = 0, n_left = 0;
	bool is_empty;

	for (uint64_t piece = 0; piece < index_n_pieces(x); piece++) {
		if (!index_load(x, piece, e) ||
		    !read_piece(r, r->bitmap1_off, piece, r->bitmap1, e))
			return false;
		found->n_present += bitmap_count(r->bitmap1, PIECE_LEN / 8);
		is_empty = true;
		for (size_t i = bitmap_next(x->bits, PIECE_PFNS, 0);
		     i < PIECE_PFNS;
		     i = bitmap_next(x->bits, PIECE_PFNS, i + 1)) {
			uint64_t pfn = piece * PIECE_PFNS + i;
			struct err odd;

			if (!n_left) {
				n_left = min_u64(DESC_BATCH, r->index.n_pages - idx);
				if (!dumpfile_read(&r->file, descs, n_left * sizeof(descs[0]),
					       r->descs_off + idx * sizeof(descs[0]), e))
					return within(e, "descriptors");
			}
			if (!bitmap_test(r->bitmap1, i)) {
				fail(&odd, EIO, "in the dump, but not in the machine");
				note_damage(found, pfn, &odd);
			}
			check_page(r, pfn, &descs[idx % DESC_BATCH], found);
			idx++;
			n_left--;
			is_empty = false;
		}
		if (is_empty)
			piece = next_piece(r, piece + 1) - 1;
	}
	return true;
}
