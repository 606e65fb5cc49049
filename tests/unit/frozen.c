/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/frozen: which words of made-up super blocks say frozen, and which shut down. */
#include "triage/frozen.h"

#include "flat.h"
#include "t.h"

enum { HEAD = 0x100, SUPER = 0x200, OWN = 0x400, TYPE = 0x500, NAME = 0x600, LEN = 0x1000,
       STATE = 16, S_OWN = 24, S_TYPE = 32, S_ID = 40 };

static uint8_t memory[LEN];

static void make_memory(const char *fs, uint64_t state, uint64_t flags)
{
	memset(memory, 0, sizeof(memory));
	flat_put_at(memory, HEAD, SUPER);
	flat_put_at(memory, HEAD + 8, SUPER);
	flat_put_at(memory, SUPER, HEAD);
	flat_put_at(memory, SUPER + 8, HEAD);
	flat_put(memory, SUPER + STATE, state);
	flat_put_at(memory, SUPER + S_OWN, OWN);
	flat_put_at(memory, SUPER + S_TYPE, TYPE);
	memcpy(memory + SUPER + S_ID, "sda1", 5);
	flat_put(memory, OWN, flags);
	flat_put_at(memory, TYPE, NAME);
	memcpy(memory + NAME, fs, strlen(fs) + 1);
}

static void read_memory(struct frozen *f)
{
	static const struct bounds bounds = { .until = 1e12 };
	static const struct frozen_facts facts = { .super_block_len = 0x100, .unfrozen = 0,
		.complete = 4, .state = flat8(STATE), .own = flat8(S_OWN) };
	static const struct super_facts supers = { (int64_t)(FLAT_BASE + HEAD), flat8(0) };
	static const struct ext4_facts ext4 = { flat8(0) };
	static const struct xfs_facts xfs = { flat8(0) };
	static struct path_facts paths;
	static struct flat flat;

	flat_open(&flat, memory, sizeof(memory));
	flat_absent(&paths, sizeof(paths));
	paths.sb_type = flat8(S_TYPE);
	paths.sb_id = (struct field){ S_ID, 1, 32 };
	paths.type_name = flat8(0);
	*f = (struct frozen){ .facts = &facts, .paths = &paths, .ext4 = &ext4, .xfs = &xfs,
			      .supers = { &flat.space, &supers, &bounds } };
	frozen_read(f);
}

int main(void)
{
	static const struct {
		const char *row, *fs;
		uint64_t state, flags;
		unsigned n;
		bool is_shut;
	} rows[] = {
		{ "xfs, in use", "xfs", 0, 0, 0, false },
		{ "xfs, shut down", "xfs", 0, 1 << 2, 1, true },
		{ "xfs, with inode32", "xfs", 0, 1 << 3, 0, false },
		{ "xfs, clean, read-only, with inode32", "xfs", 0, 1 << 1 | 1 << 3 | 1 << 4, 0,
		  false },
		{ "ext4, shut down", "ext4", 0, 1 << 1, 1, true },
		{ "ext4, its other bits", "ext4", 0, 1 << 0 | 1 << 2, 0, false },
		{ "another's flags", "btrfs", 0, UINT64_MAX, 0, false },
		{ "frozen", "xfs", 4, 1 << 3, 1, false },
		{ "no such state", "xfs", 5, 0, 0, false },
	};
	static struct frozen f;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		make_memory(rows[i].fs, rows[i].state, rows[i].flags);
		read_memory(&f);
		T_EQUAL(rows[i].row, rows[i].n, f.n);
		if (f.n)
			T_EQUAL(rows[i].row, rows[i].is_shut, f.list[0].is_shut);
	}
	return t_done();
}
