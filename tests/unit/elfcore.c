/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmcore/elfcore on small cores made here: notes that are too long, too many or cut never
 * get behind their buffer nor cost the memory that the core has, and a file that shrinks
 * under the reader is an error, not a death.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "t.h"
#include "vmcore/corereader.h"
#include "vmcore/elfcore.h"
#include "vmcore/notes.h"

#define ARENA_LEN (64u << 20)
#define MIB (1u << 20)
#define RAM 0x100000u		/* where the only PT_LOAD begins ... */
#define RAM_LEN (2u * MIB)	/* ... and how long it is */
#define MAX_SEGMENTS 4

/* A PT_NOTE: n notes with descriptors of len bytes; it says to be so much longer. */
struct segment {
	unsigned n;
	uint32_t len;
	int64_t more;
};

static const struct {
	const char *row;
	struct segment segments[MAX_SEGMENTS];
	uint64_t least, most;	/* bytes of notes that there must be */
	const char *damage;	/* part of it, "" for none */
} rows[] = {
	{ "one note", { { 1, 336, 0 } }, 348, 360, "" },
	{ "a segment of each CPU", { { 1, 336, 0 }, { 1, 336, 0 }, { 1, 336, 0 } }, 1044, 1080,
	  "" },
	{ "16 MiB but for one note", { { 15, MIB, 0 } }, 15 * MIB, 16 * MIB, "" },
	{ "two segments of 10 MiB", { { 1, 10 * MIB, 0 }, { 1, 10 * MIB, 0 } }, 10 * MIB,
	  11 * MIB, "more than 16777216 bytes" },
	{ "two segments of 10 MiB in small notes",
	  { { 160, 64 << 10, 0 }, { 160, 64 << 10, 0 } }, 15 * MIB, 16 * MIB,
	  "more than 16777216 bytes" },
	{ "four segments of 9 MiB", { { 9, MIB, 0 }, { 9, MIB, 0 }, { 9, MIB, 0 },
	  { 9, MIB, 0 } }, 15 * MIB, 16 * MIB, "more than 16777216 bytes" },
	{ "one note of 17 MiB", { { 1, 17 * MIB, 0 } }, 0, 0, "more than 16777216 bytes" },
	{ "one of 17 MiB, then a small one", { { 1, 17 * MIB, 0 }, { 1, 336, 0 } }, 348, 360,
	  "more than 16777216 bytes" },
	{ "a segment cut in its second note", { { 2, 336, -100 } }, 348, 360, "left" },
	{ "a cut one, then a whole one", { { 2, 336, -100 }, { 1, 336, 0 } }, 696, 720,
	  "left" },
	{ "a hundred thousand notes and more", { { 60000, 0, 0 }, { 60000, 0, 0 } }, 1600000,
	  1600000, "more than 100000 notes" },
};

static char path[] = "/tmp/unit-elfcore-XXXXXX";

static size_t put_note(uint8_t *to, uint32_t len)
{
	put_u32(to, 4);
	put_u32(to + 4, len);
	put_u32(to + 8, 0x123);
	memcpy(to + 12, "ABC", 4);
	memset(to + 16, 0xff, len);
	return 16 + round_up(len, 4);
}

static void write_file(const void *buf, size_t len, uint64_t off, int fd)
{
	if (pwrite(fd, buf, len, off) != (ssize_t)len)
		abort();
}

/* The core of a row; memory's bytes are those of its frame numbers. */
static void make_core(const struct segment *segments)
{
	Elf64_Ehdr eh = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_CORE, .e_machine = EM_X86_64, .e_version = EV_CURRENT,
		.e_phoff = sizeof(eh), .e_ehsize = sizeof(eh),
		.e_phentsize = sizeof(Elf64_Phdr),
	};
	Elf64_Phdr ph[MAX_SEGMENTS + 1] = { 0 };
	uint8_t *buf = malloc(24 * MIB);
	uint64_t off = 4096;
	int fd = open(path, O_RDWR | O_TRUNC), n = 0;

	if (fd < 0 || !buf)
		abort();
	for (int i = 0; i < MAX_SEGMENTS && segments[i].n; i++) {
		size_t len = 0;

		for (unsigned j = 0; j < segments[i].n; j++)
			len += put_note(buf + len, segments[i].len);
		write_file(buf, len, off, fd);
		ph[n++] = (Elf64_Phdr){ .p_type = PT_NOTE, .p_offset = off,
					.p_filesz = len + segments[i].more };
		off += round_up(len, 4096);
	}
	for (unsigned at = 0; at < RAM_LEN; at += 4096)
		memset(buf + at, (RAM + at) / 4096, 4096);
	write_file(buf, RAM_LEN, off, fd);
	ph[n++] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_offset = off, .p_paddr = RAM,
				.p_filesz = RAM_LEN, .p_memsz = RAM_LEN };
	eh.e_phnum = n;
	write_file(&eh, sizeof(eh), 0, fd);
	write_file(ph, n * sizeof(ph[0]), sizeof(eh), fd);
	close(fd);
	free(buf);
}

static bool all_zero(const char *at, size_t len)
{
	return !len || (!*at && !memcmp(at, at + 1, len - 1));
}

static void test_notes(void)
{
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		const char *row = rows[i].row;
		struct elfcore core = ELFCORE_CLOSED;
		struct arena arena;
		struct err e = { .text = "" };
		size_t left, n = 0;
		const uint8_t *at;
		struct note note;

		make_core(rows[i].segments);
		if (!T_CHECK(row, arena_init(&arena, ARENA_LEN, &e)))
			return;
		if (!T_CHECK(row, elfcore_open(&core, path, &arena, &e)))
			printf("%s\n", e.text);
		T_EQUAL(row, RAM_LEN, elfcore_ram_len(&core));
		T_CHECK(row, core.notes_len >= rows[i].least);
		T_CHECK(row, core.notes_len <= rows[i].most);
		T_CHECK(row, all_zero(arena.base + arena.used, arena.len - arena.used));
		if (core.notes)
			T_CHECK(row, (char *)core.notes + core.notes_len <
				     arena.base + arena.used);
		T_CHECK(row, !core.damage[0] == !rows[i].damage[0]);
		if (!T_CHECK(row, strstr(core.damage, rows[i].damage)))
			printf("damage: '%s'\n", core.damage);
		/* What is kept is whole notes. */
		at = core.notes;
		for (left = core.notes_len; note_parse(at, left, &note); n++) {
			at += note.len;
			left -= note.len;
		}
		T_EQUAL(row, 0, left);
		elfcore_close(&core);
		arena_deinit(&arena);
	}
}

/* The file loses its end while a window of the reader is on it. */
static void test_cut(void)
{
	struct elfcore core = ELFCORE_CLOSED;
	struct corereader r;
	struct arena arena;
	uint8_t page[4096];
	struct err e = { .text = "" };

	make_core(rows[0].segments);
	corereader_catch_sigbus();
	if (!T_CHECK("cut", arena_init(&arena, MIB, &e)) ||
	    !T_CHECK("cut", elfcore_open(&core, path, &arena, &e)))
		return;
	corereader_init(&r, &core);
	T_CHECK("before", physmem_read(&r.pm, RAM + RAM_LEN - 4096, page, 4096, &e));
	T_EQUAL("before", (RAM + RAM_LEN - 4096) / 4096 & 0xff, page[7]);
	if (truncate(path, core.size - RAM_LEN / 2))
		abort();
	T_CHECK("a page that is gone",
		!physmem_read(&r.pm, RAM + RAM_LEN - 4096, page, 4096, &e));
	T_EQUAL("a page that is gone", EIO, e.code);
	T_CHECK("its text says where", strstr(e.text, "0x2ff000"));
	T_CHECK("a page that is still there", physmem_read(&r.pm, RAM + 4096, page, 4096, &e));
	T_EQUAL("a page that is still there", (RAM + 4096) / 4096 & 0xff, page[7]);
	T_CHECK("a read over the edge",
		!physmem_read(&r.pm, RAM + RAM_LEN / 2 - 2048, page, 4096, &e));
	corereader_deinit(&r);
	elfcore_close(&core);
	arena_deinit(&arena);
}

/* Of a file of 5 pages, where two of them have no room below: at 4 GiB. */
static void test_ram(void)
{
	static const struct {
		const char *row;
		struct ram_layout layout;
		struct ram_range ranges[2];
		size_t n;
	} ways[] = {
		{ "all at the bottom", { 62, 0, 0x5000 }, { { 0, 0x5000, 0 } }, 1 },
		{ "two above", { 62, 0, 0x3000 },
		  { { 0, 0x3000, 0 }, { 1ULL << 32, (1ULL << 32) + 0x2000, 0x3000 } }, 2 },
		{ "from 1 GiB on", { 183, 0x40000000, RAM_NO_END },
		  { { 0x40000000, 0x40005000, 0 } }, 1 },
	};
	struct elfcore core;
	struct arena arena;
	struct err e;
	int fd = open(path, O_WRONLY | O_TRUNC);

	T_CHECK("arena", arena_init(&arena, 1 << 20, &e));
	for (size_t i = 0; i < T_SIZE(ways); i++) {
		T_CHECK(ways[i].row, !ftruncate(fd, 0x5000));
		if (!T_CHECK(ways[i].row,
			     elfcore_open_ram(&core, path, &ways[i].layout, &arena, &e)))
			continue;
		T_EQUAL(ways[i].row, ways[i].n, core.n_ranges);
		T_CHECK(ways[i].row, !memcmp(core.ranges, ways[i].ranges,
					     ways[i].n * sizeof(core.ranges[0])));
		T_CHECK(ways[i].row, !core.notes_len && core.e_machine ==
							ways[i].layout.e_machine);
		elfcore_close(&core);
		T_CHECK(ways[i].row, !ftruncate(fd, 0x4fff));
		T_CHECK("half a page",
			!elfcore_open_ram(&core, path, &ways[i].layout, &arena, &e));
	}
	close(fd);
	arena_deinit(&arena);
}

int main(void)
{
	int fd = mkstemp(path);

	if (fd < 0)
		abort();
	close(fd);
	test_notes();
	test_cut();
	test_ram();
	unlink(path);
	return t_done();
}
