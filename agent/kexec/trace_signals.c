/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An instance of tracefs (Linux Documentation/trace/ftrace.rst). The global ring would be
 * filled by whoever traces anything else, and emptied by whoever begins to; and its memory,
 * once it is used at all, is 1.4 MiB a CPU. An instance is ours alone, may be small, and goes
 * away as a whole.
 */
#include "trace_signals.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "host/root.h"

#define TRACEFS "/sys/kernel/tracing"
#define RING TRACEFS "/instances/crashbox"
#define EVENT RING "/events/signal/signal_generate"
#define RING_KIB "64"	/* a CPU: about a thousand signals */

/* Those that end who has not asked for them: KILL, TERM, ABRT, SEGV. */
#define FILTER "sig == 9 || sig == 15 || sig == 6 || sig == 11"

/* Where systemd runs it is mounted, or will be when it is looked at. */
static bool mount_tracefs(const char *root, struct err *e)
{
	char path[HOST_PATH_MAX];

	if (root_exists(root, TRACEFS "/instances"))
		return true;
	if (!root_path(path, root, TRACEFS, e))
		return false;
	if (mount("tracefs", path, "tracefs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
		return fail(e, errno, "%s: tracefs cannot be mounted: %s", path,
			    strerror(errno));
	return root_exists(root, TRACEFS "/instances") ||
	       fail(e, ENOENT, "%s has no instances: this kernel cannot trace signals", path);
}

static bool make_ring(const char *root, struct err *e)
{
	char path[HOST_PATH_MAX];

	if (!root_path(path, root, RING, e))
		return false;
	return !mkdir(path, 0750) || errno == EEXIST ||
	       fail(e, errno, "%s: %s", path, strerror(errno));
}

static bool set(const char *root, const char *name, const char *value, struct err *e)
{
	char path[HOST_PATH_MAX];

	return root_path(path, root, name, e) && write_text(path, value, e);
}

bool trace_signals_arm(const char *root, struct err *e)
{
	return mount_tracefs(root, e) && make_ring(root, e) &&
	       set(root, RING "/buffer_size_kb", RING_KIB, e) &&
	       set(root, EVENT "/filter", FILTER, e) && set(root, EVENT "/enable", "1", e) &&
	       set(root, RING "/tracing_on", "1", e);
}

bool trace_signals_disarm(const char *root, struct err *e)
{
	char path[HOST_PATH_MAX];

	if (!trace_signals_is_there(root))
		return true;
	if (!set(root, EVENT "/enable", "0", e) || !root_path(path, root, RING, e))
		return false;
	return !rmdir(path) || fail(e, errno, "%s: %s: nobody may have a file of it open", path,
				    strerror(errno));
}

bool trace_signals_is_there(const char *root)
{
	return root_exists(root, RING);
}

bool trace_signals_is_armed(const char *root)
{
	uint64_t enabled, on;

	return root_number(root, EVENT "/enable", &enabled) && enabled == 1 &&
	       root_number(root, RING "/tracing_on", &on) && on == 1;
}
