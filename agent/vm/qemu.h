/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest as a process of this host: its disks, its memory, its command line. */
#ifndef VM_QEMU_H
#define VM_QEMU_H

#include <stdbool.h>
#include <sys/types.h>

#include "want.h"

struct err;

struct qemu {
	pid_t pid;	/* 0: none */
	int ram_fd;	/* the guest's memory: ours as well, so that it outlives QEMU */
};

#define QEMU_NONE { .ram_fd = -1 }

/* The disk for what a crash leaves, and that with the user's folder. */
bool qemu_make_disks(const struct vm_want *w, const struct vm_folders *at, struct err *e);

/* Starts it. A reset or power-off of the guest stops it, and leaves its memory as it is. */
bool qemu_start(struct qemu *q, const struct vm_want *w, const struct vm_folders *at,
		struct err *e);

#endif
