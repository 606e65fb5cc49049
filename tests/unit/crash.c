/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture/crash between two dumps of one crash: who was lent memory for reading faster has
 * none of it any more when it is taken back, for the next dump uses it for something else.
 */
#include "base/err.h"
#include "capture/crash.h"
#include "t.h"

int main(void)
{
	struct crash c = { .core = ELFCORE_CLOSED };
	struct err e;
	size_t mark;

	T_CHECK("arena", arena_init(&c.arena, 4u << 20, &e));
	corereader_init(&c.reader, &c.core);
	mark = crash_mark(&c);
	T_CHECK("remembers", space_remember(&c.kernel.space, &c.arena, &e));
	T_CHECK("stays", corereader_stay(&c.reader, 64 * STAY_COST, &c.arena, &e));
	T_EQUAL("windows", 64, c.reader.n_stay);
	crash_release(&c, mark);
	T_CHECK("leaves of page tables are forgotten", !c.kernel.space.seen);
	T_EQUAL("windows are left", 0, c.reader.n_stay);
	T_CHECK("windows are left", !c.reader.stay);
	T_EQUAL("the arena", mark, crash_mark(&c));
	arena_deinit(&c.arena);
	return t_done();
}
