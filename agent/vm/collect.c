/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * First the guest's own capture, if its target has a whole one. Else its memory: as QEMU
 * dumps it, with the registers of each CPU, or as it lies in the file that we share with
 * QEMU. `crashbox capture` makes the same of either as of a crash.
 */
#include "collect.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "disk_files.h"
#include "machine/child.h"
#include "targets/crash_files.h"
#include "tool.h"

#define DUMP_S 600.0	/* for QEMU to write the memory */
#define STOP_S 30.0

/* ---- from outside ----------------------------------------------------------- */

/* Where the memory is now. */
static bool take_memory(struct watch *w, char core[HOST_PATH_MAX])
{
	char memory[HOST_PATH_MAX];
	struct err ignored;

	vm_path(memory, w->at->work, VM_MEMORY);
	if (w->qemu->pid &&
	    qmp_do(&w->qmp, "dump-guest-memory",
		   "{\"paging\": false, \"protocol\": \"file:" VM_MEMORY "\"}", DUMP_S, NULL,
		   &ignored)) {
		snprintf(core, HOST_PATH_MAX, "%s", memory);
		return true;
	}
	snprintf(core, HOST_PATH_MAX, "/proc/self/fd/%d", w->qemu->ram_fd);
	return w->qemu->ram_fd >= 0;
}

/* A child of ours has the same files open, and so that of the memory. */
static bool capture(struct watch *w, struct err *e)
{
	char core[HOST_PATH_MAX], log[HOST_PATH_MAX], line[160];
	const char *const argv[] = { "/proc/self/exe", "capture", core, w->at->out, NULL };
	int status;

	if (!take_memory(w, core))
		return fail(e, ENODATA, "its memory is not there");
	if (!tool_run(argv, w->at, &status, e))
		return false;
	vm_path(log, w->at->work, VM_TOOL_LOG);
	tool_last_line(log, line);
	return status != 1 || fail(e, EIO, "%s", line);
}

/* ---- the judgement ---------------------------------------------------------- */

/* By a panic, or by what nobody asked for. */
static enum outcome_kind judge(const struct watch *w, char *why, size_t size)
{
	const struct channel *c = &w->channel;
	bool is_off = !strcmp(w->qmp.shutdown, "guest-shutdown");	/* as no panic does */
	bool by_user = w->want->initrd && !w->want->n_command;	/* its own /init has ended it */

	if (w->end == WATCH_STOPPED) {
		snprintf(why, size, "stopped by a signal");
		return OUTCOME_NOTHING;
	}
	if (w->panic[0] && !(c->has_ended && is_off)) {
		snprintf(why, size, "%s", w->panic);
		return OUTCOME_PANICKED;
	}
	switch (w->end) {
	case WATCH_KILLED:
		snprintf(why, size, "QEMU has ended by %s", w->killed);
		return OUTCOME_KILLED;
	case WATCH_HUNG:
		snprintf(why, size, "no sign of life for %u s", w->want->hang_s);
		return OUTCOME_HUNG;
	case WATCH_TIME_UP:
		snprintf(why, size, "not at its end after %u s", w->want->timeout_s);
		return OUTCOME_TIME_UP;
	case WATCH_OFF:
	case WATCH_STOPPED:
		break;
	}
	if (c->failed[0]) {
		snprintf(why, size, "the command could not be started: %s", c->failed);
		return OUTCOME_NOTHING;
	}
	if (c->has_ended && w->want->n_command && !c->runs) {
		snprintf(why, size, "the command was not run");
		return OUTCOME_NOTHING;
	}
	if (c->has_ended || (by_user && is_off)) {
		if (c->status)
			snprintf(why, size, "the command ended with %s %d", c->status < 0 ?
				 "signal" : "status", c->status < 0 ? -c->status : c->status);
		return c->status ? OUTCOME_FAILED : OUTCOME_DONE;
	}
	snprintf(why, size, "the guest was %s before the command had ended",
		 strcmp(w->qmp.shutdown, "guest-reset") ? "off" : "reset");
	return OUTCOME_GONE;
}

static bool has_memory_to_tell(const struct watch *w, enum outcome_kind kind)
{
	return kind == OUTCOME_PANICKED || kind == OUTCOME_HUNG || kind == OUTCOME_KILLED ||
	       kind == OUTCOME_TIME_UP ||
	       (kind == OUTCOME_GONE && !strcmp(w->qmp.shutdown, "guest-reset"));
}

static void end_qemu(struct watch *w)
{
	if (w->qemu->pid)
		child_kill(w->qemu->pid, w->signal_fd, NULL);
	w->qemu->pid = 0;
	qmp_close(&w->qmp);
}

/* Where there is a dump, and who made it; or why there is none. */
static void say_saved(const struct watch *w, struct outcome *o, bool by_guest,
		      const struct err *e)
{
	const struct channel *c = &w->channel;
	size_t len = strlen(o->line), room = sizeof(o->line) - len;
	const char *who = by_guest ? "saved by its capture kernel" :
			  c->is_armed ? "its capture kernel has saved nothing, its memory is" :
			  "its memory is saved";
	char dump[HOST_PATH_MAX];

	vm_path(dump, w->at->out, crash_files[CRASH_DUMP].name);
	if (e->code)
		snprintf(o->line + len, room, "; nothing is saved of it: %s", e->text);
	else if (access(dump, F_OK))
		snprintf(o->line + len, room, "; saved by its capture kernel, but for a whole "
			 "dump: %s", w->at->out);
	else
		snprintf(o->line + len, room, "; %s: %s", who, dump);
	len = strlen(o->line);
	if (!by_guest && c->unarmed[0])
		snprintf(o->line + len, sizeof(o->line) - len, " (not armed: %s)", c->unarmed);
}

/* Whoever wants what is on it has other means than we. */
static void keep_disk(const struct watch *w, struct outcome *o)
{
	char from[HOST_PATH_MAX], to[HOST_PATH_MAX];
	size_t len = strlen(o->line);

	vm_path(from, w->at->work, VM_TARGET);
	vm_path(to, w->at->out, VM_KEPT);
	if (tool_is_stopped() || !access(to, F_OK) || rename(from, to))
		return;
	snprintf(o->line + len, sizeof(o->line) - len, "; not all of its disk could be read, "
		 "which is kept: %s", to);
}

void collect(struct watch *w, struct outcome *o)
{
	bool by_guest = false, is_read = true;
	struct err e = { .code = 0 }, ignored;

	o->seconds = w->seconds;
	o->kind = judge(w, o->line, sizeof(o->line));
	/* Neither its disk nor its memory is to change under us. */
	if (w->qemu->pid && w->end != WATCH_STOPPED)
		qmp_do(&w->qmp, "stop", NULL, STOP_S, NULL, &ignored);
	if (o->kind != OUTCOME_NOTHING)
		by_guest = disk_files_take(w->at, (uint64_t)w->want->memory_mib << 20,
					   &is_read);
	if (by_guest && (o->kind == OUTCOME_GONE || o->kind == OUTCOME_DONE ||
			 o->kind == OUTCOME_FAILED)) {
		o->kind = OUTCOME_PANICKED;
		snprintf(o->line, sizeof(o->line), "the kernel has crashed");
	}
	if (by_guest || has_memory_to_tell(w, o->kind)) {
		if (!by_guest)
			capture(w, &e);
		say_saved(w, o, by_guest, &e);
	}
	/* A command that came to its end may have had its own use for it. */
	if (!is_read && o->kind != OUTCOME_DONE && o->kind != OUTCOME_FAILED)
		keep_disk(w, o);
	end_qemu(w);
}
