/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which line of a kernel's log says why it died. */
#ifndef KERNEL_PANIC_REASON_H
#define KERNEL_PANIC_REASON_H

#include <stddef.h>

#define PANIC_REASON_MAX 200

struct panic_reason {
	char panic[PANIC_REASON_MAX];	/* "Kernel panic - not syncing: ..." */
	char cause[PANIC_REASON_MAX];	/* the last oops or BUG before it */
	unsigned number;	/* of that oops, 0: not known yet */
	unsigned n_lines, cause_line;
};

/* Looks at a piece of the log, whole lines of it, in their order. Starts from zeroes. */
void panic_reason_feed(struct panic_reason *w, const char *text, size_t len);

/* What to show: the panic, or its cause where the panic does not tell it; "" none seen. */
const char *panic_reason_line(const struct panic_reason *w);

#endif
