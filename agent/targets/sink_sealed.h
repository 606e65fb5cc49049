/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sink whose files are age files on another one, each with ".age" behind its name and a key
 * of its own. They only grow. Without random bytes, or with a recipient that is none, no file
 * begins: nothing goes out in the clear.
 */
#ifndef TARGETS_SINK_SEALED_H
#define TARGETS_SINK_SEALED_H

#include <stdbool.h>

struct age_recipients;
struct arena;
struct err;
struct sink;

/* below and to are borrowed. Closing it closes the one below. */
bool sink_sealed_open(struct sink *s, struct sink *below, const struct age_recipients *to,
		      struct arena *arena, struct err *e);

#endif
