/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening an ELF core. The kernel-text PT_LOAD describes memory that a RAM PT_LOAD
 * describes too, so the ranges are united; where two overlap either may serve, they are
 * the same memory. p_vaddr is advice only (kexec-tools guesses it).
 */
#include "elfcore.h"

#include <errno.h>
#include <gelf.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "notes.h"

#define PAGE 4096ULL		/* the granule of mmap and of /proc/vmcore's padding */
#define PADDR_LIMIT (1ULL << 52)	/* no CPU we know addresses more */
#define HIGH_START (1ULL << 32)	/* where the RAM goes on that devices have no room below for */
#define KERNEL_HALF (1ULL << 63)

/* The most that notes may take: 16 Ki CPUs need 6 MiB. */
#define NOTES_LEN_MAX (16u << 20)
#define EMPTY_MAX (64u << 10)	/* bytes of zeroes before the first note */
#define MAX_NOTES 100000u	/* looked at, device dumps too */
#define HEAD_MAX (4u << 20)	/* of a flattened core, with all program headers: 74,000 */

/* ---- headers ---------------------------------------------------------------- */

static int by_start(const void *a, const void *b)
{
	const struct ram_range *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/*
 * /proc/vmcore pads each segment to whole pages, so the page around an unaligned
 * start or end can be read as well; only there do offset and address agree.
 */
static bool range_of_load(struct elfcore *core, const GElf_Phdr *ph, struct ram_range *out)
{
	paddr_t start = ph->p_paddr, end;
	uint64_t off = ph->p_offset, len = ph->p_filesz;

	if (!len || start >= PADDR_LIMIT || len > PADDR_LIMIT - start)
		return false;
	if (off >= core->size) {
		core->missing_len += len;
		return false;
	}
	end = start + len;
	if (off % PAGE == start % PAGE) {
		off -= start % PAGE;
		start -= start % PAGE;
		end = round_up(end, PAGE);
	}
	if (end - start > core->size - off) {
		uint64_t there = core->size - off;

		if (ph->p_offset + len > core->size)
			core->missing_len += ph->p_offset + len - core->size;
		end = start + there;
	}
	*out = (struct ram_range){ start, end, off };
	return true;
}

/* Sorted in, disjoint out; neighbours that also lie together in the file become one. */
static void unite(struct elfcore *core)
{
	size_t n = 0;

	qsort(core->ranges, core->n_ranges, sizeof(core->ranges[0]), by_start);
	for (size_t i = 0; i < core->n_ranges; i++) {
		struct ram_range r = core->ranges[i];
		struct ram_range *last = n ? &core->ranges[n - 1] : NULL;

		if (last && r.start < last->end) {
			if (r.end <= last->end)
				continue;
			r.off += last->end - r.start;
			r.start = last->end;
		}
		if (last && r.start == last->end &&
		    r.off == last->off + (last->end - last->start))
			last->end = r.end;
		else
			core->ranges[n++] = r;
	}
	core->n_ranges = n;
}

static void add_hole(struct elfcore *core, const GElf_Phdr *ph)
{
	uint64_t len = ph->p_memsz;

	if (ph->p_paddr >= PADDR_LIMIT || len > PADDR_LIMIT - ph->p_paddr ||
	    len <= ph->p_filesz)
		return;
	core->holes[core->n_holes++] = (struct ram_range){
		ph->p_paddr + ph->p_filesz, ph->p_paddr + len, 0 };
}

/* Sorted and disjoint, too. */
static void unite_holes(struct elfcore *core)
{
	size_t n = 0;

	qsort(core->holes, core->n_holes, sizeof(core->holes[0]), by_start);
	for (size_t i = 0; i < core->n_holes; i++) {
		if (n && core->holes[i].start <= core->holes[n - 1].end)
			core->holes[n - 1].end = max_u64(core->holes[n - 1].end,
							 core->holes[i].end);
		else
			core->holes[n++] = core->holes[i];
	}
	core->n_holes = n;
}

/* The highest PT_LOAD by address that is mapped at the very top holds the image. */
static void remember_text(struct elfcore *core, const GElf_Phdr *ph)
{
	if (ph->p_vaddr < KERNEL_HALF || ph->p_vaddr <= core->text_vaddr)
		return;
	if (ph->p_paddr >= PADDR_LIMIT || ph->p_offset >= core->size)
		return;
	core->text_vaddr = ph->p_vaddr;
	core->text_start = ph->p_paddr;
	core->text_end = ph->p_paddr + min_u64(ph->p_filesz, core->size - ph->p_offset);
}

/*
 * Goes on to the first note behind words of zeroes, the place of a CPU that left none.
 * False: there is none, or not soon.
 */
static bool skip_empty(const struct elfcore *core, uint64_t *off, uint64_t *left)
{
	uint8_t raw[512];
	struct err ignored;

	for (size_t skipped = 0; skipped < EMPTY_MAX && *left >= sizeof(uint32_t); ) {
		size_t len = min_u64(sizeof(raw), *left & ~3ULL), at = 0;

		if (!dumpfile_read(&core->file, raw, len, *off, &ignored))
			return false;
		while (at < len && !get_u32(raw + at))
			at += 4;
		*off += at;
		*left -= at;
		if (at < len)
			return true;
		skipped += at;
	}
	return false;
}

/* Where the notes of all segments go, one behind the other. */
struct notes_copy {
	uint8_t *to;		/* NULL: they are only measured */
	size_t cap, used;
	unsigned n_left;	/* so many more may come */
};

/*
 * Copies a PT_NOTE segment note by note. Device dumps can be hundreds of MB each, so of them
 * only the header is read. False at a note that makes no sense; what is before it counts.
 */
static bool copy_notes(struct elfcore *core, const GElf_Phdr *ph, struct notes_copy *c,
		       struct err *e)
{
	uint64_t off = ph->p_offset, left = ph->p_filesz;
	size_t began = c->used;

	while (left >= NOTE_HEADER_LEN) {
		uint8_t head[NOTE_HEADER_LEN];
		uint64_t name_len, len;

		if (!c->n_left)
			return fail(e, EINVAL, "more than %u notes", MAX_NOTES);
		c->n_left--;
		if (!dumpfile_read(&core->file, head, sizeof(head), off, e))
			return within(e, "PT_NOTE at %#llx", (unsigned long long)off);
		name_len = get_u32(head);
		len = NOTE_HEADER_LEN + round_up(name_len, 4) +
		      round_up(get_u32(head + 4), 4);
		if (!name_len && (c->used > began || !skip_empty(core, &off, &left)))
			break;
		if (!name_len)
			continue;
		if (len - 3 > left)
			return fail(e, EINVAL,
				    "PT_NOTE at %#llx: note of %llu bytes, %llu left",
				    (unsigned long long)off, (unsigned long long)len,
				    (unsigned long long)left);
		len = min_u64(len, left);
		if (get_u32(head + 8) == NOTE_VMCOREDD) {
			core->device_dumps_len += c->to ? len : 0;
		} else if (len > c->cap - c->used) {
			return fail(e, EINVAL, "PT_NOTE at %#llx: more than %u bytes of notes",
				    (unsigned long long)off, NOTES_LEN_MAX);
		} else {
			if (c->to && !dumpfile_read(&core->file, c->to + c->used, len, off, e))
				return within(e, "PT_NOTE");
			c->used += len;
		}
		off += len;
		left -= len;
	}
	return true;
}

/* The program headers of a file, and the core that is made out of them. */
struct headers {
	struct elfcore *core;
	Elf *elf;
	size_t n;
	struct arena *arena;
};

/*
 * Notes of all PT_NOTE segments behind one another, as the dump wants them. Damaged ones
 * cost what is in them, never the memory that the core has.
 */
static bool load_notes(const struct headers *h, struct err *e)
{
	struct elfcore *core = h->core;

	for (int pass = 0; pass < 2; pass++) {
		struct notes_copy copy = { core->notes, pass ? core->notes_len : NOTES_LEN_MAX,
					   0, MAX_NOTES };

		for (size_t i = 0; i < h->n; i++) {
			GElf_Phdr ph;
			struct err why;

			if (!gelf_getphdr(h->elf, i, &ph) || ph.p_type != PT_NOTE)
				continue;
			if (!copy_notes(core, &ph, &copy, &why))
				snprintf(core->damage, sizeof(core->damage), "%.159s",
					 why.text);
		}
		core->notes_len = copy.used;
		if (!pass && !(core->notes = arena_take(h->arena, copy.used + 1, 1,
							"ELF notes", e)))
			return false;
	}
	return true;
}

static bool load_ranges(const struct headers *h, struct err *e)
{
	struct elfcore *core = h->core;
	size_t n_phdrs = h->n;

	core->ranges = arena_take(h->arena, n_phdrs, sizeof(core->ranges[0]),
				  "table of PT_LOADs", e);
	core->holes = arena_take(h->arena, n_phdrs, sizeof(core->holes[0]), "table of holes",
				 e);
	if (!core->ranges || !core->holes)
		return false;
	for (size_t i = 0; i < n_phdrs; i++) {
		GElf_Phdr ph;

		if (!gelf_getphdr(h->elf, i, &ph))
			return fail(e, EINVAL, "program header %zu of %zu: %s", i, n_phdrs,
				    elf_errmsg(-1));
		if (ph.p_type != PT_LOAD)
			continue;
		if (range_of_load(core, &ph, &core->ranges[core->n_ranges]))
			core->n_ranges++;
		add_hole(core, &ph);
		remember_text(core, &ph);
	}
	if (!core->n_ranges)
		return fail(e, EINVAL, "no memory in it: none of %zu program headers is "
			    "a PT_LOAD that can be read", n_phdrs);
	unite(core);
	unite_holes(core);
	return true;
}

static bool parse(struct headers *h, struct err *e)
{
	Elf *elf = h->elf;
	GElf_Ehdr eh;

	if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &eh))
		return fail(e, EINVAL, "not an ELF file");
	if (eh.e_ident[EI_CLASS] != ELFCLASS64 || eh.e_ident[EI_DATA] != ELFDATA2LSB)
		return fail(e, EINVAL, "not a 64-bit little-endian core");
	if (eh.e_type != ET_CORE)
		return fail(e, EINVAL, "ELF type %u, not a core", eh.e_type);
	if (elf_getphdrnum(elf, &h->n))
		return fail(e, EINVAL, "program headers: %s", elf_errmsg(-1));
	if (!h->n)
		return fail(e, EINVAL, "no program headers");
	h->core->e_machine = eh.e_machine;
	return load_ranges(h, e) && load_notes(h, e);
}

static bool open_file(struct elfcore *core, const char *path, struct arena *arena,
		      struct err *e)
{
	struct dumpfile *f = &core->file;
	struct statfs fs;

	*core = ELFCORE_CLOSED;
	if (!dumpfile_open(f, path, arena, e))
		return false;
	core->size = f->size;
	/* How long a cut one was to be nobody knows; behind its last piece all is missing. */
	if (f->is_cut)
		core->size = f->pieces[f->n_pieces - 1].off + f->pieces[f->n_pieces - 1].len;
	core->is_memory = !fstatfs(f->fd, &fs) && fs.f_type == PROC_SUPER_MAGIC;
	return true;
}

/* libelf knows no flattened files: of one it gets the headers, which come first, in memory. */
static bool open_elf(struct headers *h, struct err *e)
{
	const struct elfcore *core = h->core;
	size_t len = min_u64(core->size, HEAD_MAX);
	char *head;

	if (!core->file.is_flattened) {
		h->elf = elf_begin(core->file.fd, ELF_C_READ, NULL);
		return true;
	}
	head = arena_take(h->arena, len, 1, "ELF headers", e);
	if (!head || !dumpfile_read(&core->file, head, len, 0, e))
		return false;
	h->elf = elf_memory(head, len);
	return true;
}

static bool read_elf(struct elfcore *core, struct arena *arena, struct err *e)
{
	struct headers h = { .core = core, .arena = arena };
	bool ok;

	elf_version(EV_CURRENT);
	/* libelf says of any error that the file descriptor is invalid. */
	errno = 0;
	if (!open_elf(&h, e))
		return false;
	if (h.elf)
		ok = parse(&h, e);
	else if (errno)
		ok = fail(e, errno, "cannot be read: %s", strerror(errno));
	else
		ok = fail(e, EINVAL, "libelf: %s", elf_errmsg(-1));
	elf_end(h.elf);
	return ok;
}

bool elfcore_open(struct elfcore *core, const char *path, struct arena *arena,
		  struct err *e)
{
	if (open_file(core, path, arena, e) && read_elf(core, arena, e))
		return true;
	elfcore_close(core);
	return within(e, "%s", path);
}

static bool lay_out(struct elfcore *core, const struct ram_layout *layout,
		    struct arena *arena, struct err *e)
{
	uint64_t low = min_u64(core->size, layout->low_end - layout->base);

	if (!core->size || core->size % PAGE || core->size > PADDR_LIMIT - HIGH_START)
		return fail(e, EINVAL, "%llu bytes, which are no pages of RAM",
			    (unsigned long long)core->size);
	core->ranges = arena_take(arena, 2, sizeof(core->ranges[0]), "ranges", e);
	core->notes = arena_take(arena, 1, 1, "ELF notes", e);
	if (!core->ranges || !core->notes)
		return false;
	core->e_machine = layout->e_machine;
	core->ranges[core->n_ranges++] = (struct ram_range){
		layout->base, layout->base + low, 0 };
	if (low < core->size)
		core->ranges[core->n_ranges++] = (struct ram_range){
			HIGH_START, HIGH_START + (core->size - low), low };
	return true;
}

bool elfcore_open_ram(struct elfcore *core, const char *path, const struct ram_layout *layout,
		      struct arena *arena, struct err *e)
{
	if (open_file(core, path, arena, e) && lay_out(core, layout, arena, e))
		return true;
	elfcore_close(core);
	return within(e, "%s", path);
}

void elfcore_close(struct elfcore *core)
{
	dumpfile_close(&core->file);
	*core = ELFCORE_CLOSED;
}

size_t ranges_behind(const struct ram_range *ranges, size_t n, paddr_t paddr)
{
	size_t lo = 0;

	while (lo < n) {
		size_t mid = (lo + n) / 2;

		if (paddr >= ranges[mid].end)
			lo = mid + 1;
		else
			n = mid;
	}
	return lo;
}

uint64_t elfcore_hole(const struct elfcore *core, paddr_t paddr)
{
	size_t hole = ranges_behind(core->holes, core->n_holes, paddr);
	size_t range = ranges_behind(core->ranges, core->n_ranges, paddr);
	paddr_t end;

	if (hole == core->n_holes || paddr < core->holes[hole].start)
		return 0;
	end = core->holes[hole].end;
	if (range < core->n_ranges)
		end = min_u64(end, core->ranges[range].start);
	return end - paddr;
}

uint64_t elfcore_ram_len(const struct elfcore *core)
{
	uint64_t len = 0;

	for (size_t i = 0; i < core->n_ranges; i++)
		len += core->ranges[i].end - core->ranges[i].start;
	return len;
}

paddr_t elfcore_end(const struct elfcore *core)
{
	return core->n_ranges ? core->ranges[core->n_ranges - 1].end : 0;
}
