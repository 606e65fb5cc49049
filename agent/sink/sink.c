/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is the same for every kind of sink. */
#include "sink.h"

#include <errno.h>
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

bool sink_create(struct sink *s, const char *name, struct sink_file *f, struct err *e)
{
	if (s->ops->has(s, name))
		return fail(e, EEXIST, "%s/%s is already there: choose another folder",
			    s->where, name);
	return s->ops->create(s, name, f, e);
}

void sink_file_begin(struct sink_file *f, struct sink *s, const char *name,
		     const struct out_ops *ops)
{
	*f = (struct sink_file){ .sink = s, .fd = -1 };
	f->out.ops = ops;
	f->out.name = f->name;
	snprintf(f->name, sizeof(f->name), "%s", name);
	sink_part_name(name, f->part);
}

bool sink_file_has_len(const struct sink_file *f, uint64_t len, struct err *e)
{
	return len == f->end ||
	       fail(e, EIO, "%s/%s: %llu bytes after it was written, %llu expected",
		    f->sink->where, f->part, (unsigned long long)len,
		    (unsigned long long)f->end);
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
