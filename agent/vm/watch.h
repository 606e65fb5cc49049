/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watching a guest until it is at its end, or has to be put to one. */
#ifndef VM_WATCH_H
#define VM_WATCH_H

#include <stdbool.h>

#include "channel.h"
#include "qemu.h"
#include "qmp.h"
#include "want.h"

struct err;

enum watch_end {
	WATCH_OFF,	/* the guest has powered off or was reset; its memory is there still */
	WATCH_KILLED,	/* QEMU has ended by itself, or was ended */
	WATCH_HUNG,	/* no sign of life for too long */
	WATCH_TIME_UP,
	WATCH_STOPPED,	/* by a signal to us */
};

#define WATCH_TEXT 200

struct watch {
	const struct vm_want *want;
	const struct vm_folders *at;
	struct qemu *qemu;
	int signal_fd;
	struct qmp qmp;
	struct channel channel;
	enum watch_end end;
	char panic[WATCH_TEXT];	/* the console's line that says so, "" for none */
	char killed[24];	/* how QEMU ended */
	double began, seconds;
	/* What follows is for watch.c alone. */
	int console_fd, channel_fd;
	double moved, asked;	/* the last sign of life, the last question to QEMU */
	double ended;		/* when the command's end was told */
	char line[WATCH_TEXT];
	unsigned line_len;
};

/*
 * The kernel's words in a line of its console, or NULL: at the line's start or behind a time
 * (of a line that somebody has begun), with what else printk puts before them.
 */
const char *watch_find_panic(const char *line);

/* The console goes to standard output as it comes, unless that is not wanted. */
bool watch_guest(struct watch *w, struct err *e);

#endif
