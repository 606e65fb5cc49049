/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ends the running kernel, and what guards the one that saves the crash. */
#include "armed_look.h"

#include <inttypes.h>

#include "base/err.h"
#include "finding.h"

static void check_panic(struct look *l)
{
	uint64_t oops = 0, sysrq = 0;

	root_number(l->root, "/proc/sys/kernel/panic_on_oops", &oops);
	root_number(l->root, "/proc/sys/kernel/sysrq", &sysrq);
	found(l->f, "panic", GRADE_OK, "an oops %s (kernel.panic_on_oops=%" PRIu64 "); sysrq-c "
	      "by keyboard is %s (kernel.sysrq=%" PRIu64 ")", oops ? "is captured" :
	      "kills a process only, and is not captured", oops,
	      sysrq == 1 || sysrq & 8 ? "on" : "off", sysrq);
}

static void check_watchdog(struct look *l)
{
	char identity[64], state[32] = "";
	struct err ignored;

	if (!root_read(l->root, "/sys/class/watchdog/watchdog0/identity", identity,
		       sizeof(identity), &ignored)) {
		found(l->f, "watchdog", GRADE_OK, "none: only the capture's own deadline ends "
		      "a machine that hangs");
		return;
	}
	root_read(l->root, "/sys/class/watchdog/watchdog0/state", state, sizeof(state),
		  &ignored);
	found(l->f, "watchdog", GRADE_OK, "%s%s%s", identity, state[0] ? ", " : "", state);
}
void armed_end(struct look *l)
{
	check_panic(l);
	check_watchdog(l);
}
