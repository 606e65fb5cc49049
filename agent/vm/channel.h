/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the guest's first process has told so far, a line at a time. Nothing else counts. */
#ifndef VM_CHANNEL_H
#define VM_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>

#define CHANNEL_TEXT 240

struct channel {
	bool is_up, is_armed, runs;
	bool has_ended;		/* the command has */
	int status;		/* of it; below 0: the signal that ended it */
	char unarmed[CHANNEL_TEXT];	/* why nothing is armed, "" if that is not known */
	char failed[CHANNEL_TEXT];	/* why the command could not be started */
	char line[CHANNEL_TEXT];	/* the one that is not whole yet */
	size_t len;
};

/* More bytes of it. A line that is too long, or none of the known ones, is passed over. */
void channel_take(struct channel *c, const char *bytes, size_t n);

#endif
