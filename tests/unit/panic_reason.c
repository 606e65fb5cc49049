/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kernel/panic_reason: the line of a log that says why the kernel died. */
#include "kernel/panic_reason.h"
#include "t.h"

#define TEN "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n"

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
	{ "a BUG on x86", "[  100.1] kernel BUG at drivers/block/example.c:123!\n"
	  "[  100.2] invalid opcode: 0000 [#1] PREEMPT SMP NOPTI\n"
	  "[  100.5] Kernel panic - not syncing: Fatal exception\n",
	  "kernel BUG at drivers/block/example.c:123!" },
	{ "the same of a newer kernel", "[  100.1] kernel BUG at mm/slub.c:4!\n"
	  "[  100.2] Oops: invalid opcode: 0000 [#1] PREEMPT SMP NOPTI\n"
	  "[  100.5] Kernel panic - not syncing: Fatal exception in interrupt\n",
	  "kernel BUG at mm/slub.c:4!" },
	{ "a BUG on arm64", "[  100.1][  T12] kernel BUG at drivers/block/example.c:123!\n"
	  "[  100.2][  T12] Internal error: Oops - BUG: 00000000f2000800 [#1] SMP\n"
	  "[  100.5][  T12] Kernel panic - not syncing: Oops - BUG: Fatal exception\n",
	  "kernel BUG at drivers/block/example.c:123!" },
	{ "a null pointer on arm64", "[ 1.0] Unable to handle kernel NULL pointer dereference "
	  "at virtual address 0000000000000010\n[ 1.0] Mem abort info:\n"
	  "[ 1.1] Internal error: Oops: 0000000096000044 [#1] SMP\n"
	  "[ 1.2] Kernel panic - not syncing: Oops: Fatal exception\n",
	  "Unable to handle kernel NULL pointer dereference at virtual address "
	  "0000000000000010" },
	{ "a trap without more", "[ 1.0] invalid opcode: 0000 [#1] SMP\n"
	  "[ 1.2] Kernel panic - not syncing: Fatal exception\n",
	  "invalid opcode: 0000 [#1] SMP" },
	{ "the name of a trap behind Oops", "[ 1.0] BUG: sleeping function\n"
	  "[ 2.0] Oops: general protection fault, maybe for address 0x1: 0000 [#1] SMP\n"
	  "[ 2.2] Kernel panic - not syncing: Fatal exception\n",
	  "Oops: general protection fault, maybe for address 0x1: 0000 [#1] SMP" },
	{ "a second oops", "BUG: one\nOops: 0002 [#1] SMP\n"
	  "BUG: two\nOops: Oops: 0002 [#2] SMP\n"
	  "Kernel panic - not syncing: Fatal exception\n", "BUG: two" },
	{ "a second oops that has a trap only", "BUG: one\nOops: 0002 [#1] SMP\n"
	  "Internal error: synchronous external abort: 96000210 [#2] SMP\n"
	  "Kernel panic - not syncing: Oops: Fatal exception\n",
	  "Internal error: synchronous external abort: 96000210 [#2] SMP" },
	{ "the trap once more", "BUG: one\nOops: 0002 [#1] SMP\ninvalid opcode: 0000 [#1] SMP\n"
	  "Kernel panic - not syncing: Fatal exception\n", "BUG: one" },
	{ "a trap long after a BUG", "BUG: sleeping function\n" TEN TEN TEN TEN
	  "Internal error: synchronous external abort: 96000210 [#1] SMP\n"
	  "Kernel panic - not syncing: Oops: Fatal exception\n",
	  "Internal error: synchronous external abort: 96000210 [#1] SMP" },
	{ "talk of programs", "[ 1.0] kernel BUG at mm/slub.c:4!\n"
	  "[ 1.1] invalid opcode: 0000 [#1] SMP\n[ 1.2] systemd[1]: BUG: unit went away\n"
	  "[ 1.3] audit: msg='Internal error: Oops: 1 [#2]'\n"
	  "[ 1.4] app: Kernel panic - not syncing: never\n[ 1.5] [drm] BUG: of a screen\n"
	  "[ 1.6] Kernel panic - not syncing: Fatal exception\n",
	  "kernel BUG at mm/slub.c:4!" },
	{ "a soft lockup earlier", "[ 1.0] watchdog: BUG: soft lockup - CPU#1 stuck for 26s!\n"
	  "[ 9.0] Kernel panic - not syncing: Fatal exception\n",
	  "watchdog: BUG: soft lockup - CPU#1 stuck for 26s!" },
	{ "no times", "kernel BUG at mm/slub.c:4!\ninvalid opcode: 0000 [#1] SMP\n",
	  "kernel BUG at mm/slub.c:4!" },
	{ "brackets that are no time", "[oops] BUG: \n[ 1.0\n[", "" },
	{ "nothing", "[ 1.0] all is well\n\n", "" },
	{ "empty", "", "" },
};

int main(void)
{
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct panic_reason whole = { .panic = "" }, by_line = { .panic = "" };

		panic_reason_feed(&whole, rows[i].log, strlen(rows[i].log));
		T_TEXT(rows[i].row, rows[i].wanted, panic_reason_line(&whole));
		for (const char *at = rows[i].log; *at;) {
			size_t len = strcspn(at, "\n");

			panic_reason_feed(&by_line, at, len + (at[len] == '\n'));
			at += len + (at[len] == '\n');
		}
		T_TEXT(rows[i].row, rows[i].wanted, panic_reason_line(&by_line));
	}
	return t_done();
}
