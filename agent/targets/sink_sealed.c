/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are sealed on their way to another sink. */
#include "sink_sealed.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "crash_files.h"
#include "crypt/sealed.h"
#include "sink.h"

#define FILES 2		/* open at a time */

struct sealed_file {
	struct sink_file below;
	struct sealed sealed;
	bool is_open;
};

struct sealed_sink {
	struct sink *below;
	const struct age_recipients *to;
	struct sealed_file files[FILES];
};

struct own_file {
	struct sealed_file *file;
};

static struct sealed_sink *of(struct sink *s)
{
	struct sealed_sink *own;

	memcpy(&own, s->own, sizeof(own));
	return own;
}

static struct sealed_file *file_of(struct sink_file *f)
{
	return ((struct own_file *)f->own)->file;
}

static bool named(const char *name, char with[SINK_NAME_MAX], struct err *e)
{
	return snprintf(with, SINK_NAME_MAX, "%s" CRASH_SEALED, name) < SINK_NAME_MAX ||
	       fail(e, ENAMETOOLONG, "%s: name too long", name);
}

/* ---- one file --------------------------------------------------------------- */

static bool sealed_write_at(struct out *o, uint64_t off, const void *buf, size_t len,
			    struct err *e)
{
	struct sink_file *f = (struct sink_file *)o;

	if (!sink_goes_on(f, off, e))
		return false;
	if (!sealed_append(&file_of(f)->sealed, buf, len, e))
		return sink_latch(f, e);
	sink_wrote(f, off, buf, len);
	return true;
}

/* Whoever checks has written all: below may be one that gives nothing before its end. */
static bool sealed_is_there(struct out *o, uint64_t off, size_t len, struct err *e)
{
	struct sink_file *f = (struct sink_file *)o;

	return (sealed_end(&file_of(f)->sealed, e) &&
		sealed_check(&file_of(f)->sealed, off, len, e)) || sink_latch(f, e);
}

static bool sealed_sync(struct out *o, struct err *e)
{
	struct sink_file *f = (struct sink_file *)o;
	struct out *below = &file_of(f)->below.out;

	if (f->failed)
		return sink_latch(f, e);
	return below->ops->sync(below, e) || sink_latch(f, e);
}

static const struct out_ops file_ops = {
	.write_at = sealed_write_at,
	.read_at = sink_no_read,
	.reread = sink_no_read,
	.check = sealed_is_there,
	.lengthen = sink_no_lengthen,
	.reserve = sink_no_reserve,
	.sync = sealed_sync,
};

/* ---- the folder ------------------------------------------------------------- */

static bool sealed_has(struct sink *s, const char *name)
{
	char with[SINK_NAME_MAX];
	struct err ignored;

	return named(name, with, &ignored) && of(s)->below->ops->has(of(s)->below, with);
}

static bool sealed_move(struct sink *s, const char *from, const char *to, struct err *e)
{
	char from_with[SINK_NAME_MAX], to_with[SINK_NAME_MAX];
	struct sink *below = of(s)->below;

	return named(from, from_with, e) && named(to, to_with, e) &&
	       below->ops->move(below, from_with, to_with, e);
}

static bool sealed_remove(struct sink *s, const char *name, struct err *e)
{
	char with[SINK_NAME_MAX];

	return named(name, with, e) && of(s)->below->ops->remove(of(s)->below, with, e);
}

static bool sealed_space(struct sink *s, uint64_t *free_ret, struct err *e)
{
	return of(s)->below->ops->space(of(s)->below, free_ret, e);
}

static struct sealed_file *unused(struct sealed_sink *s)
{
	for (size_t i = 0; i < FILES; i++)
		if (!s->files[i].is_open)
			return &s->files[i];
	return NULL;
}

static bool sealed_create(struct sink *s, const char *name, struct sink_file *f, struct err *e)
{
	struct sealed_sink *own = of(s);
	struct sealed_file *file = unused(own);
	char with[SINK_NAME_MAX];

	if (!file)
		return fail(e, EMFILE, "%s: %u files are open", name, FILES);
	if (!named(name, with, e) ||
	    !own->below->ops->create(own->below, with, &file->below, e))
		return false;
	sink_file_begin(f, s, name, &file_ops);
	f->is_hashed = f->is_summed = false;
	file->below.is_hashed = true;
	file->below.is_summed = false;
	((struct own_file *)f->own)->file = file;
	snprintf(f->part, sizeof(f->part), "%s", file->below.part);
	if (!sealed_begin(&file->sealed, &file->below.out, own->to, e)) {
		own->below->ops->abandon(&file->below, false);
		return false;
	}
	file->is_open = true;
	return true;
}

static void forget(struct sealed_file *file)
{
	sealed_forget(&file->sealed);
	file->is_open = false;
}

/* After a commit that failed it is still open, to be abandoned. */
static bool sealed_commit(struct sink_file *f, struct err *e)
{
	struct sealed_file *file = file_of(f);

	if (f->failed)
		return sink_latch(f, e);
	if (!sealed_end(&file->sealed, e) || !file->below.sink->ops->commit(&file->below, e))
		return sink_latch(f, e);
	forget(file);
	return true;
}

/* A part that stays has its last bytes, too: of a log they may be all there are. */
static void sealed_abandon(struct sink_file *f, bool keep)
{
	struct sealed_file *file = file_of(f);
	struct err ignored;

	if (keep && !f->failed)
		sealed_end(&file->sealed, &ignored);
	file->below.sink->ops->abandon(&file->below, keep);
	forget(file);
}

static struct sink_file *sealed_lies_as(struct sink_file *f)
{
	struct err e;

	if (!f->failed && !sealed_end(&file_of(f)->sealed, &e))
		sink_latch(f, &e);
	return &file_of(f)->below;
}

static void sealed_close(struct sink *s)
{
	struct sink *below = of(s)->below;

	for (size_t i = 0; i < FILES; i++)
		forget(&of(s)->files[i]);
	below->ops->close(below);
}

static const struct sink_ops sealed_ops = {
	.scheme = "sealed",
	.has = sealed_has,
	.move = sealed_move,
	.remove = sealed_remove,
	.space = sealed_space,
	.create = sealed_create,
	.commit = sealed_commit,
	.abandon = sealed_abandon,
	.lies_as = sealed_lies_as,
	.close = sealed_close,
};

bool sink_sealed_open(struct sink *s, struct sink *below, const struct age_recipients *to,
		      struct arena *arena, struct err *e)
{
	struct sealed_sink *own = arena_take(arena, 1, sizeof(*own), "sealed files", e);
	uint8_t *bytes = own ? arena_take(arena, 2 * FILES, AGE_SEALED_CHUNK, "sealed files",
					  e) : NULL;

	if (!bytes)
		return false;
	*own = (struct sealed_sink){ .below = below, .to = to };
	for (size_t i = 0; i < FILES; i++) {
		own->files[i].sealed.chunk = bytes + 2 * i * AGE_SEALED_CHUNK;
		own->files[i].sealed.seen = bytes + (2 * i + 1) * AGE_SEALED_CHUNK;
	}
	*s = *below;
	s->ops = &sealed_ops;
	s->only_grows = true;
	s->reads_beside = false;
	s->clear = below;
	memset(s->own, 0, sizeof(s->own));
	memcpy(s->own, &own, sizeof(own));
	return true;
}
