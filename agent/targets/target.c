/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Using a target: the row of the kind does it. */
#include "target.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "crypt/age.h"
#include "free_space.h"
#include "sink_sealed.h"
#include "target_kinds.h"

static bool begin(struct target *t, const struct target_access *a, struct err *e)
{
	*t = (struct target){ .kind = target_kind_of(a->words), .access = *a,
			      .is_look = !a->mount_at };
	if (!t->kind && t->is_look)
		t->kind = &kind_folder;
	return t->kind || fail(e, EINVAL, "no such kind of target");
}

bool target_reach(struct target *t, const struct target_access *a, struct err *e)
{
	t->is_reached = begin(t, a, e) && t->kind->reach(t, e);
	return t->is_reached;
}

void target_doubt(struct target_probe *p, const char *fmt, ...)
{
	va_list ap;

	if (p->n_doubts == sizeof(p->doubts) / sizeof(p->doubts[0]))
		return;
	va_start(ap, fmt);
	vsnprintf(p->doubts[p->n_doubts++], sizeof(p->doubts[0]), fmt, ap);
	va_end(ap);
}

bool target_probe(struct target *t, const struct target_access *a, struct target_probe *p,
		  struct err *e)
{
	struct err ignored;

	memset(p, 0, sizeof(*p));
	p->free_files = FILES_UNKNOWN;
	snprintf(p->where, sizeof(p->where), "%s", a->words);
	if (begin(t, a, e) && t->kind->probe(t, p, e))
		return true;
	target_close(t, &ignored);
	return false;
}

/* What cannot be encrypted, and was to be, is not written: nothing is begun. */
static bool may_write(const struct target *t, struct err *e)
{
	return !t->access.seal_to || age_works(t->access.seal_to, e);
}

static bool seal(struct target *t, struct err *e)
{
	if (!t->access.seal_to)
		return true;
	t->below = t->sink;
	return sink_sealed_open(&t->sink, &t->below, t->access.seal_to, t->access.arena, e);
}

bool target_open(struct target *t, const struct target_access *a,
		 const struct crash_folder *f, struct err *e)
{
	struct err ignored;

	if (!begin(t, a, e))
		return false;
	if (!target_may_risk(t->kind, a->insecure, e) || !may_write(t, e) ||
	    !target_reach(t, a, e))
		return false;
	if (target_open_reached(t, f, e))
		return true;
	target_close(t, &ignored);
	return false;
}

bool target_open_reached(struct target *t, const struct crash_folder *f, struct err *e)
{
	if (!target_may_risk(t->kind, t->access.insecure, e) || !may_write(t, e))
		return false;
	if (!t->kind->sink(t, f, e)) {
		t->sink.ops = NULL;
		return false;
	}
	t->sink.only_grows |= !(t->kind->can & CAN_WRITE_AT);
	t->sink.is_unread |= !(t->kind->can & CAN_READ_BACK);
	return seal(t, e);
}

bool target_store(const struct target *t, struct store *store, struct err *e)
{
	return t->kind->store(t, store, e);
}

void target_unmake(const struct target *t)
{
	char path[sizeof(t->path)], *slash;

	snprintf(path, sizeof(path), "%s", t->path);
	for (unsigned i = 0; i < t->sink.n_made; i++) {
		while ((slash = strrchr(path, '/')) && !slash[1])
			*slash = '\0';
		if (!slash || !t->kind->unmake(t, path))
			return;
		*slash = '\0';
	}
}

bool target_close(struct target *t, struct err *e)
{
	bool was_reached = t->is_reached;

	if (t->sink.ops)
		t->sink.ops->close(&t->sink);
	t->sink.ops = NULL;
	t->is_reached = false;
	return !was_reached || t->kind->leave(t, e);
}
