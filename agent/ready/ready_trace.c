/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether signals are traced, where that was asked for or once done. No dump is lost by it. */
#include "ready_parts.h"

#include "config/config.h"
#include "host/check_result.h"
#include "kexec/trace_signals.h"

void ready_trace(struct look *l)
{
	bool is_asked = l->file && l->file->arming.trace_signals;
	bool is_armed = trace_signals_is_armed(l->root);

	if (!is_asked && !trace_signals_is_there(l->root))
		return;
	if (is_armed)
		found(l->f, "signals", GRADE_OK, "who sends one that ends a process is noted%s",
		      is_asked ? "" : ", until something is loaded the next time");
	else
		found(l->f, "signals", GRADE_WARN, "nobody notes who sends one: crashbox load "
		      "does it, and says what is in the way");
}
