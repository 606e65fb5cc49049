/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmcore/corereader: windows that stay, of a core of which more is looked at than they show. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "t.h"
#include "vmcore/corereader.h"

#define STRETCHES 6u

/* Which stretches are picked from, a letter each; what the only window shows in the end. */
static const struct {
	const char *row, *picks;
	char shown;
} rows[] = {
	{ "the first stays", "ab", 'a' },
	{ "not for three", "abbb", 'a' },
	{ "one after the other", "aaaabbbbcccc", 'c' },
	{ "others in turn", "abcbcbcbcbcbc", 'a' },
	{ "between looks at the first", "aabababab", 'b' },
	{ "back again", "abbbbaaaa", 'a' },
};

static void pick_all(struct corereader *r, size_t row)
{
	struct err e;

	for (unsigned i = 0; rows[row].picks[i]; i++) {
		char c = rows[row].picks[i];
		uint8_t bytes[8] = { 0 };

		/* Each from a page of its own, as a page that is there is no miss. */
		T_CHECK(rows[row].row, physmem_pick(&r->pm, (c - 'a') * (uint64_t)LOOK_LEN +
						    4096 * i, bytes, sizeof(bytes), &e));
		T_EQUAL(rows[row].row, c, bytes[0]);
	}
}

int main(void)
{
	char path[] = "/tmp/unit-corereader-XXXXXX";
	struct ram_range range = { .end = STRETCHES * LOOK_LEN };
	struct elfcore core = { .file = { .fd = mkstemp(path) }, .size = range.end,
				.ranges = &range, .n_ranges = 1, .is_memory = true };
	char *bytes = malloc(LOOK_LEN);
	struct arena arena;
	struct err e;

	if (core.file.fd < 0 || !bytes || !arena_init(&arena, 1 << 20, &e))
		abort();
	unlink(path);
	for (unsigned i = 0; i < STRETCHES; i++) {
		memset(bytes, 'a' + (int)i, LOOK_LEN);
		if (write(core.file.fd, bytes, LOOK_LEN) != LOOK_LEN)
			abort();
	}
	corereader_catch_sigbus();
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct corereader r;

		corereader_init(&r, &core);
		T_CHECK(rows[i].row, corereader_stay(&r, STAY_COST, &arena, &e));
		pick_all(&r, i);
		T_EQUAL(rows[i].row, rows[i].shown, 'a' + r.stay[0].off / LOOK_LEN);
		T_EQUAL(rows[i].row, LOOK_LEN, r.stay[0].len);
		corereader_deinit(&r);
	}
	arena_deinit(&arena);
	free(bytes);
	close(core.file.fd);
	return t_done();
}
