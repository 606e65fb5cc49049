/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The recipe: files, disks, the guest, what became of it. */
#include "run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "collect.h"
#include "guest_image.h"
#include "machine/child.h"
#include "qemu.h"
#include "targets/crash_files.h"
#include "tool.h"
#include "watch.h"

/* Before an hour of work, not behind it. */
static bool is_free(const char *out, struct err *e)
{
	char path[HOST_PATH_MAX];

	for (size_t i = 0; i < N_CRASH_FILES; i++) {
		vm_path(path, out, crash_files[i].name);
		if (crash_files[i].must_be_free && !access(path, F_OK))
			return fail(e, EEXIST, "%s is already there: choose another folder",
				    path);
	}
	return true;
}

static bool prepare(struct vm_want *w, const struct vm_folders *at, struct err *e)
{
	static const char *const tools[] = { "mke2fs", "debugfs" };
	char path[HOST_PATH_MAX];

	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
		if (!tool_is_there(tools[i]))
			return fail(e, ENOENT, "%s is not installed: it comes with e2fsprogs",
				    tools[i]);
	vm_path(path, at->work, VM_INITRD);
	if (!guest_image_write(w, path, e) || !qemu_make_disks(w, at, e))
		return false;
	/* What an earlier guest said is not to be taken for this one's. */
	vm_path(path, at->out, VM_CONSOLE);
	unlink(path);
	return true;
}

static bool run(struct vm_want *w, const struct vm_folders *at, int signal_fd,
		struct outcome *o, struct err *e)
{
	struct qemu qemu = QEMU_NONE;
	struct watch watch = { .want = w, .at = at, .qemu = &qemu, .qmp = QMP_NONE,
			       .signal_fd = signal_fd };
	bool ok = is_free(at->out, e) && prepare(w, at, e) &&
		  qemu_start(&qemu, w, at, e) && watch_guest(&watch, e);

	if (ok)
		collect(&watch, o);
	else if (qemu.pid > 0)
		child_kill(qemu.pid, watch.signal_fd, NULL);
	if (qemu.ram_fd >= 0)
		close(qemu.ram_fd);
	return ok;
}

void vm_run(struct vm_want *w, struct vm_folders *at, struct outcome *o)
{
	int signal_fd = tool_take_signals();
	struct err e;

	*o = (struct outcome){ .kind = OUTCOME_NOTHING, .want = w, .at = at };
	vm_path(at->work, at->out, ".work-XXXXXX");
	if (!mkdtemp(at->work)) {
		snprintf(o->line, sizeof(o->line), "%s: %s", at->out, strerror(errno));
		return;
	}
	if (!run(w, at, signal_fd, o, &e))
		snprintf(o->line, sizeof(o->line), "%s", e.text);
	tool_remove(at->work);
}
