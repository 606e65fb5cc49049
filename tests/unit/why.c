/* SPDX-License-Identifier: GPL-2.0-or-later */
/* core/why: the line of a log that says why the kernel died. */
#include "core/why.h"
#include "t.h"

static const struct {
	const char *row, *log, *wanted;
} rows[] = {
	{ "sysrq", "[ 1.0] sysrq: Trigger a crash\n"
	  "[ 1.1] Kernel panic - not syncing: sysrq triggered crash\n[ 1.2] CPU: 0\n",
	  "Kernel panic - not syncing: sysrq triggered crash" },
	{ "an oops", "[ 1.0] BUG: kernel NULL pointer dereference, address: 0010\n"
	  "[ 1.1] Oops: 0002 [#1] PREEMPT SMP\n"
	  "[ 1.2] Kernel panic - not syncing: Fatal exception\n",
	  "BUG: kernel NULL pointer dereference, address: 0010" },
	{ "only an oops", "[ 1.0] Oops: general protection\n", "Oops: general protection" },
	{ "a panic of its own after a harmless BUG", "[ 1.0] BUG: sleeping function\n"
	  "[ 9.0] Kernel panic - not syncing: VFS: Unable to mount root fs\n",
	  "Kernel panic - not syncing: VFS: Unable to mount root fs" },
	{ "the first panic counts", "Kernel panic - not syncing: one\n"
	  "Kernel panic - not syncing: two\n", "Kernel panic - not syncing: one" },
	{ "what comes after the panic is not its cause",
	  "Kernel panic - not syncing: Fatal exception\nBUG: another\n",
	  "Kernel panic - not syncing: Fatal exception" },
	{ "no end of line", "Kernel panic - not syncing", "Kernel panic - not syncing" },
	{ "bytes that a terminal would obey", "Kernel panic - not syncing: \033[2J\xc3\xa9\n",
	  "Kernel panic - not syncing: ?[2J??" },
	{ "nothing", "[ 1.0] all is well\n\n", "" },
	{ "empty", "", "" },
};

int main(void)
{
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct why whole = { .panic = "" }, by_line = { .panic = "" };

		why_feed(&whole, rows[i].log, strlen(rows[i].log));
		T_TEXT(rows[i].row, rows[i].wanted, why_line(&whole));
		for (const char *at = rows[i].log; *at;) {
			size_t len = strcspn(at, "\n");

			why_feed(&by_line, at, len + (at[len] == '\n'));
			at += len + (at[len] == '\n');
		}
		T_TEXT(rows[i].row, rows[i].wanted, why_line(&by_line));
	}
	return t_done();
}
