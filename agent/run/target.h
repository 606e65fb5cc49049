/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the words of a target line to a sink in a folder of this crash's own. */
#ifndef RUN_TARGET_H
#define RUN_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "sink/sink.h"

struct hung_devices;
struct progress;

struct target {
	struct sink sink;
	char mount[32];		/* where it is mounted, "" if it is not */
	char parent[400];	/* the folder that the crash's folder is in */
};

/*
 * Makes the target reachable and a folder NAME on it. With resume set, the folder that
 * an attempt before this one made there is used again. May block for as long as the
 * storage does.
 */
bool target_open(struct target *t, unsigned nr, const char *words, const char *name,
		 const char *resume, const struct hung_devices *hung,
		 struct progress *progress, struct err *e);

/* Unmounts. True when everything is safely off our hands. */
bool target_close(struct target *t, struct err *e);

#endif
