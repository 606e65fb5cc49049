/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ends the running kernel, and what guards the one that saves the crash. */
#include "ready_parts.h"

#include <dirent.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "capture_time.h"
#include "host/check_result.h"
#include "image/drivers.h"

static void check_panic(struct look *l)
{
	uint64_t oops = 0, sysrq = 0;

	root_number(l->root, "/proc/sys/kernel/panic_on_oops", &oops);
	root_number(l->root, "/proc/sys/kernel/sysrq", &sysrq);
	if (!oops)
		found(l->f, "panic", GRADE_WARN, "an oops kills a process only, and is not "
		      "captured: set kernel.panic_on_oops=1");
	else
		found(l->f, "panic", GRADE_OK, "an oops is captured (kernel.panic_on_oops=%"
		      PRIu64 "); sysrq-c by keyboard is %s (kernel.sysrq=%" PRIu64 ")", oops,
		      sysrq == 1 || sysrq & 8 ? "on" : "off", sysrq);
}

/* ---- watchdogs -------------------------------------------------------------- */

static bool read_of(const struct look *l, const char *name, const char *file, char *text,
		    size_t size)
{
	char path[HOST_PATH_MAX];
	struct err ignored;

	snprintf(path, sizeof(path), "/sys/class/watchdog/%s/%s", name, file);
	return root_read(l->root, path, text, size, &ignored);
}

/* That is running now, and goes on when the kernel that fed it is dead. */
static bool is_armed(const struct look *l, const char *name)
{
	char state[32];

	return read_of(l, name, "state", state, sizeof(state)) && !strcmp(state, "active");
}

static void check_armed(struct look *l, const char *name)
{
	char identity[64] = "", timeout[16] = "?", whose[128];
	struct drivers d = { .root = l->root };
	bool is_known;
	struct err e;

	read_of(l, name, "identity", identity, sizeof(identity));
	read_of(l, name, "timeout", timeout, sizeof(timeout));
	snprintf(whose, sizeof(whose), "the watchdogs that are armed (%s, %s s)", identity,
		 timeout);
	if (atoi(timeout) > 0 && atoi(timeout) < CAPTURE_START_S)
		found(l->f, "watchdog", GRADE_WARN, "%s may reset a capture before it can feed "
		      "them, which takes %u s on a slow machine: set a longer timeout", whose,
		      CAPTURE_START_S);
	if (!drivers_watchdog(&d, name, &is_known, &e))
		found(l->f, "watchdog", GRADE_WARN, "%s", e.text);
	else if (!is_known)
		found(l->f, "watchdog", GRADE_WARN, "which driver %s have cannot be told: name "
		      "it with crashbox image --drivers, or they may reset a capture", whose);
	else
		ready_drivers(l, "watchdog", whose, &d);
}

static void check_watchdogs(struct look *l)
{
	char path[PATH_MAX], identity[64] = "";
	cleanup_dir DIR *dir = NULL;
	const struct dirent *entry;
	unsigned n = 0, n_armed = 0;

	snprintf(path, sizeof(path), "%s/sys/class/watchdog", l->root);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		n++;
		read_of(l, entry->d_name, "identity", identity, sizeof(identity));
		if (l->has_image && is_armed(l, entry->d_name) && ++n_armed)
			check_armed(l, entry->d_name);
	}
	if (!n)
		found(l->f, "watchdog", GRADE_OK, "none: only the capture's own deadline ends "
		      "a machine that hangs");
	else if (!n_armed)
		found(l->f, "watchdog", GRADE_OK, "%s, not armed now", identity);
}

void ready_end(struct look *l)
{
	check_panic(l);
	check_watchdogs(l);
}
