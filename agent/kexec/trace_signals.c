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
#define EVENTS RING "/events/signal/"
#define RING_KIB "64"	/* a CPU: about a thousand signals */

/* Those that end who has not asked for them: KILL, TERM, ABRT, SEGV. */
#define FILTER "sig == 9 || sig == 15 || sig == 6 || sig == 11"

/*
 * Who sent it; and that init took it, by a function of its own or not: what it ends of, with a
 * status, is told by nothing else. Others deliver signals all the time, and are no event.
 */
static const struct {
	const char *filter_file, *filter, *enable_file;
} events[] = {
	{ EVENTS "signal_generate/filter", FILTER, EVENTS "signal_generate/enable" },
	{ EVENTS "signal_deliver/filter", "common_pid == 1 && (" FILTER ")",
	  EVENTS "signal_deliver/enable" },
};

#define N_EVENTS (sizeof(events) / sizeof(events[0]))

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
	if (!mount_tracefs(root, e) || !make_ring(root, e) ||
	    !set(root, RING "/buffer_size_kb", RING_KIB, e))
		return false;
	for (size_t i = 0; i < N_EVENTS; i++)
		if (!set(root, events[i].filter_file, events[i].filter, e) ||
		    !set(root, events[i].enable_file, "1", e))
			return false;
	return set(root, RING "/tracing_on", "1", e);
}

bool trace_signals_disarm(const char *root, struct err *e)
{
	char path[HOST_PATH_MAX];

	if (!trace_signals_is_there(root))
		return true;
	for (size_t i = 0; i < N_EVENTS; i++)
		if (!set(root, events[i].enable_file, "0", e))
			return false;
	if (!root_path(path, root, RING, e))
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

	for (size_t i = 0; i < N_EVENTS; i++)
		if (!root_number(root, events[i].enable_file, &enabled) || enabled != 1)
			return false;
	return root_number(root, RING "/tracing_on", &on) && on == 1;
}
