/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words for what a CPU was at. */
#include "cpu_state.h"

const char *cpu_mode_name(enum cpu_mode mode)
{
	static const char *const names[] = { "kernel", "user", "idle", "irq", "no answer" };

	return names[mode];
}
