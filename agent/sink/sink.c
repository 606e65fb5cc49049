/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is the same for every kind of sink. */
#include "sink.h"

#include <stdio.h>
#include <string.h>

bool sink_latch(struct sink_file *f, struct err *e)
{
	if (!f->failed) {
		f->failed = true;
		f->first = *e;
	}
	*e = f->first;
	return false;
}

void sink_part_name(const char *name, char part[SINK_NAME_MAX])
{
	const char *dot = strrchr(name, '.');
	int stem = dot ? (int)(dot - name) : (int)strlen(name);

	snprintf(part, SINK_NAME_MAX, "%.*s-incomplete%s", stem, name, dot ? dot : "");
}

bool sink_put(struct sink *s, const char *name, const void *text, size_t len,
	      struct err *e)
{
	struct sink_file f;

	if (!s->ops->create(s, name, &f, e))
		return false;
	if (f.out.ops->write_at(&f.out, 0, text, len, e) && s->ops->commit(&f, e))
		return true;
	s->ops->abandon(&f, false);
	return false;
}
