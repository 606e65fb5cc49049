/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening the places of dumps. A file system that is mounted is looked at where it is;
 * another is mounted where only this process sees it. Servers are called as in a capture,
 * but names may be asked of DNS.
 */
#include "dump_place.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "config/resolve.h"
#include "machine/child.h"
#include "machine/guard.h"
#include "targets/connect.h"
#include "targets/target_kinds.h"
#include "verb.h"

#define ARENA_LEN (64u << 20)

bool dump_places_init(struct dump_places *p, bool config_wanted, struct err *e)
{
	const char *file = p->config_file ? p->config_file : DEFAULT_CONFIG;

	config_init(&p->config);
	p->ssh = connect_client(p->ssh);
	if ((config_wanted || p->config_file || config_files_are(file)) &&
	    !config_file(&p->config, file, e))
		return false;
	return arena_init(&p->arena, ARENA_LEN, e);
}

void dump_places_deinit(struct dump_places *p)
{
	arena_deinit(&p->arena);
}

static void close_place(struct dump_place *at)
{
	struct err ignored;

	if (at->store.ops)
		at->store.ops->close(&at->store);
	target_close(&at->target, &ignored);
}

static bool open_place(struct dump_place *at, struct dump_places *p, const char *words,
		       struct err *e)
{
	struct target_access access = { .words = words, .ssh = p->ssh, .arena = &p->arena,
					.to_write = p->to_write,
					.alive = &p->steps, .durable = &p->steps };
	bool has_address, ok;
	struct err why;

	*at = (struct dump_place){ .words = words };
	config_access(&p->config, &access);
	/* Its own error must come before we think that it hangs. */
	access.stall_s *= 0.75;
	/* Where it is mounted already it needs none. */
	has_address = resolve_target(&p->config.names, words, &why);
	ok = target_reach(&at->target, &access, e) && target_store(&at->target, &at->store, e);
	p->steps++;
	if (!ok && !has_address)
		*e = why;
	if (!ok)
		close_place(at);
	return ok;
}

struct visit {
	struct dump_places *places;
	const char *words;
	bool (*work)(void *ctx, struct dump_place *at, struct err *e);
	void *ctx;
};

static void visit(void *ctx)
{
	struct visit *v = ctx;
	struct err *e = &v->places->why;
	struct dump_place at;

	v->places->is_done = false;
	if (!open_place(&at, v->places, v->words, e))
		return;
	v->places->is_done = v->work(v->ctx, &at, e);
	close_place(&at);
}

void dump_place_say(const char *words, const struct err *e)
{
	size_t len = strlen(words);

	if (!strncmp(e->text, words, len) && e->text[len] == ':')
		log_info("%s", e->text);
	else
		log_info("%s: %s", words, e->text);
}

void dump_places_say_none(const struct dump_places *p)
{
	log_info("%s: no target: add a line such as 'target disk:LABEL=crash:/', or name a "
		 "TARGET or a folder", p->config_file ? p->config_file : DEFAULT_CONFIG);
}

bool dump_place_visit(struct dump_places *p, const char *words,
		      bool (*work)(void *ctx, struct dump_place *at, struct err *e), void *ctx,
		      struct err *e)
{
	struct visit v = { .places = p, .words = words, .work = work, .ctx = ctx };
	bool is_disk = target_needs(words, NEEDS_DEVICE);
	const struct guarded look = { visit, &v, &p->steps,
				      child_stall(p->config.stall_s, is_disk) };

	if (!guard_run(&look, e))
		return false;
	if (!p->is_done)
		*e = p->why;
	return p->is_done;
}
