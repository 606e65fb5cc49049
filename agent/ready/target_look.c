/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The look at a target. What the kind's row has seen is judged here, and what earlier
 * crashes have left there.
 */
#include "target_look.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/progress.h"
#include "config/config.h"
#include "config/resolve.h"
#include "kexec/plan.h"
#include "target_past.h"
#include "target_seen.h"
#include "targets/store.h"
#include "targets/target.h"
#include "targets/target_kinds.h"

#define ARENA_LEN (4u << 20)
#define LEAST_ROOM (64u << 20)
#define LEAST_FILES 10	/* a crash's folder, what is in it, and names that are for a moment */
#define USER_AND_FREE 24	/* of a dump level: what most of a machine's memory is */

/*
 * A tenth of the memory is what dumps without user memory and free pages seldom exceed,
 * by reports of many; with them it is all of it.
 */
uint64_t target_dump_len(const struct config *config, unsigned ram_gib)
{
	uint64_t ram = (uint64_t)ram_gib << 30;

	return (config->level & USER_AND_FREE) == USER_AND_FREE ? ram / 10 : ram;
}

/*
 * Two bits for each page frame up to the end of memory: mostly holes where memory lies far
 * up, but whether a server's file system has holes nobody can tell.
 */
static uint64_t bitmaps_len(const struct look *l)
{
	if (!target_needs(l->config->targets[l->nr], NEEDS_NET))
		return 0;
	return plan_ram_end(l->root) / sysconf(_SC_PAGESIZE) / 4;
}

static void judge_room(struct look *l, const char *where, uint64_t free_len)
{
	uint64_t wanted = target_dump_len(l->config, l->ram_gib) + bitmaps_len(l);
	char has[32], want[32];

	format_bytes(free_len, has, sizeof(has));
	format_bytes(wanted, want, sizeof(want));
	if (free_len < LEAST_ROOM)
		found(l->f, l->what, GRADE_FAIL, "%s: only %s are free", where, has);
	else if (free_len < wanted)
		found(l->f, l->what, GRADE_WARN, "%s: %s are free, and a dump at level %u may "
		      "take %s", where, has, l->config->level, want);
	else
		found(l->f, l->what, GRADE_OK, "%s: %s are free", where, has);
}

/*
 * What crashes have left is looked at where the target is reached already; to mount a disk for
 * it leaves words in the kernel's log, so that is done only when it matters.
 */
static void look_at_past(struct look *l, struct target *t, const struct target_access *a)
{
	bool is_needed = !l->root[0] && !geteuid() && target_past_matters(l);
	struct store store;
	struct err ignored;

	if ((!t->is_reached && (!is_needed || !target_reach(t, a, &ignored))) ||
	    !target_store(t, &store, &ignored))
		return;
	target_past(l, &store);
	store.ops->close(&store);
}

static void judge(struct look *l, const struct target_probe *p)
{
	const char *words = l->config->targets[l->nr];
	struct err e;

	if (!target_takes_dump(target_kind_of(words), &e))
		found(l->f, l->what, GRADE_WARN, "%s: %s", words, e.text);
	for (unsigned i = 0; i < p->n_doubts; i++)
		found(l->f, l->what, GRADE_WARN, "%s: %s", words, p->doubts[i]);
	if (p->free_files < LEAST_FILES)
		found(l->f, l->what, GRADE_FAIL, "%s: only %" PRIu64 " more files can be made "
		      "(inodes), and a crash makes up to %u", p->where, p->free_files,
		      LEAST_FILES);
	else if (p->has_room)
		judge_room(l, p->where, p->free_len);
	else if (!p->n_doubts)
		found(l->f, l->what, GRADE_OK, "%s: can be written; the server does not tell "
		      "how much is free", p->where);
}

/* As a capture would, which this child may do without anybody's noticing. */
static void look_at(struct look *l, struct arena *arena)
{
	struct host_names names = l->config->names;
	struct target_access access = { .words = l->config->targets[l->nr], .ssh = l->ssh,
					.arena = arena, .root = l->root,
					.alive = &l->seen->steps, .durable = &l->seen->steps };
	struct target_probe probe;
	struct target t;
	struct err e;

	config_access(l->config, &access);
	access.names = &names;
	if (resolve_target(&names, access.words, &e) &&
	    target_probe(&t, &access, &probe, &e)) {
		judge(l, &probe);
		look_at_past(l, &t, &access);
		target_close(&t, &e);
		return;
	}
	found(l->f, l->what, GRADE_FAIL, "%s: %s", access.words, e.text);
}

void target_look(void *ctx)
{
	struct look l = *(struct look *)ctx;
	struct arena arena;
	struct err e;

	l.f = &l.seen->found;
	if (!arena_init(&arena, ARENA_LEN, &e)) {
		found(l.f, l.what, GRADE_WARN, "%s: %s", l.config->targets[l.nr], e.text);
		return;
	}
	look_at(&l, &arena);
	arena_deinit(&arena);
}
