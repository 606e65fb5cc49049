/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For unit programs that capture: a sink whose vmcore does something else than it should. */
#ifndef UNIT_FAULTY_SINK_H
#define UNIT_FAULTY_SINK_H

#include <stdbool.h>
#include <string.h>

#include "targets/sink.h"

/* Programs of this folder may have mutable globals. */
static struct sink_ops faulty;
static struct out_ops faulty_out;
static const struct sink_ops *honest;
static const struct out_ops *honest_out;
static void (*change_out)(struct out_ops *ops);

static inline bool faulty_create(struct sink *s, const char *name, struct sink_file *f,
				 struct err *e)
{
	if (!honest->create(s, name, f, e))
		return false;
	if (strcmp(name, "vmcore"))
		return true;
	honest_out = f->out.ops;
	faulty_out = *honest_out;
	change_out(&faulty_out);
	f->out.ops = &faulty_out;
	return true;
}

/* From now on; what the sink itself does may be changed in `faulty` then. */
static inline void make_faulty(struct sink *s, void (*change)(struct out_ops *ops))
{
	honest = s->ops;
	faulty = *honest;
	faulty.create = faulty_create;
	change_out = change;
	s->ops = &faulty;
}

#endif
