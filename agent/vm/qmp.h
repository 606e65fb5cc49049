/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU's machine protocol, as little of it as is needed: a command, and its answer. Each has
 * an end in time, and at a signal (tool.h).
 */
#ifndef VM_QMP_H
#define VM_QMP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/jsonread.h"

struct err;

#define QMP_LINE 16384

struct qmp {
	int fd;			/* -1: nobody there */
	char text[QMP_LINE];	/* what has come; an answer stays until the next command */
	size_t len, taken;
	char shutdown[32];	/* why the guest is off, as QEMU says: "guest-reset" */
};

#define QMP_NONE { .fd = -1 }

/* By a socket in the file system. False while QEMU has not made it yet, too. */
bool qmp_open(struct qmp *q, const char *path, struct err *e);

/* The same for one that is connected, which is then its own. */
bool qmp_greet(struct qmp *q, int fd, struct err *e);

void qmp_close(struct qmp *q);

/*
 * Events that come in between are passed over, but for what shutdown keeps. `arguments` is an
 * object as JSON, or NULL; the answer's value goes to *answer, if that is not NULL. What QEMU
 * refuses is EREMOTEIO.
 */
bool qmp_do(struct qmp *q, const char *command, const char *arguments, double seconds,
	    struct json_value *answer, struct err *e);

#endif
