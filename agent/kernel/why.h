/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which line of a kernel's log says why it died. */
#ifndef KERNEL_WHY_H
#define KERNEL_WHY_H

#include <stddef.h>

#define WHY_MAX 200

struct why {
	char panic[WHY_MAX];	/* "Kernel panic - not syncing: ..." */
	char cause[WHY_MAX];	/* the last oops or BUG before it */
	unsigned number;	/* of that oops, 0: not known yet */
	unsigned n_lines, cause_line;
};

/* Looks at a piece of the log, whole lines of it, in their order. Starts from zeroes. */
void why_feed(struct why *w, const char *text, size_t len);

/* What to show: the panic, or its cause where the panic does not tell it; "" none seen. */
const char *why_line(const struct why *w);

#endif
