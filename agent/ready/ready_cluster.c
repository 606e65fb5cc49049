/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A cluster that this machine is a node of. It cuts the power of a node that is silent, and
 * with that the capture, unless it is told by fence_kdump and waits long enough to hear it.
 */
#include "ready_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "capture_time.h"
#include "config/config.h"
#include "host/check_result.h"
#include "host/root.h"
#include "host/whole_file.h"

#define COROSYNC "/etc/corosync/corosync.conf"
#define CIB "/var/lib/pacemaker/cib/cib.xml"
#define AGENT "type=\"fence_kdump\""
#define USUAL_S 60	/* that the agent waits where nothing is said, by its manual */

/* "60", "60s", "1min"; what is none is what nobody has said. */
static unsigned seconds_of(const char *value)
{
	char *unit;
	unsigned long n = strtoul(value, &unit, 10);

	if (unit == value || n > 86400)
		return USUAL_S;
	return n * (*unit == 'm' ? 60 : *unit == 'h' ? 3600 : 1);
}

/* "60" or "60s" of `name="timeout" value="60"`, in any order, within a device's words. */
static unsigned patience_of(const char *device, const char *end)
{
	const char *at = device;

	while ((at = strstr(at, "name=\"timeout\"")) && at < end) {
		const char *from = at, *value;

		while (from > device && *from != '<')
			from--;
		value = strstr(from, "value=\"");
		if (!strncmp(from, "<nvpair", 7) && value && value < end &&
		    value < strchr(at, '>'))
			return seconds_of(value + strlen("value=\""));
		at++;
	}
	return USUAL_S;
}

/* How long the cluster waits at least to be told; 0: no device of it listens. */
static unsigned cluster_patience_s(const char *cib)
{
	unsigned least = 0;

	for (const char *at = cib; (at = strstr(at, AGENT)); at++) {
		const char *end = strstr(at, "</primitive>");
		unsigned s = end ? patience_of(at, end) : USUAL_S;

		if (!least || s < least)
			least = s;
	}
	return least;
}

static void check_patience(struct look *l)
{
	size_t mark = arena_mark(&l->arena);
	char path[HOST_PATH_MAX];
	struct blob cib;
	unsigned s;
	struct err e;

	/* What only a running cluster tells is not known: that is no fault of this machine. */
	if (!root_path(path, l->root, CIB, &e) || !file_load(&l->arena, path, &cib, &e)) {
		found(l->f, "cluster", GRADE_WARN, "how long the cluster waits to be told of "
		      "a capture is not known: %s", e.text);
		return;
	}
	s = cluster_patience_s((const char *)cib.at);
	if (!s)
		found(l->f, "cluster", GRADE_WARN, "none of the cluster's devices is a "
		      "fence_kdump, so that nobody listens when this machine is captured: its "
		      "power may be cut before the dump is whole");
	else if (s < CAPTURE_START_S)
		found(l->f, "cluster", GRADE_WARN, "the cluster's fence_kdump waits %u s, and "
		      "a capture may need %u s until it can tell it: set its timeout to more",
		      s, CAPTURE_START_S);
	else
		found(l->f, "cluster", GRADE_OK, "its fence_kdump waits %u s to be told, which "
		      "takes a capture %u s at most, as a rule", s, CAPTURE_START_S);
	arena_release(&l->arena, mark);
}

void ready_cluster(struct look *l)
{
	if (!l->has_config || !root_exists(l->root, COROSYNC))
		return;
	if (!l->config->fence.n)
		found(l->f, "cluster", GRADE_WARN, "this machine is a node of a cluster ("
		      COROSYNC "), which may cut its power before a dump is whole: name the "
		      "other nodes with fence_kdump, crashbox.conf(5)");
	else
		check_patience(l);
}
