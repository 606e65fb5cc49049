/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Can a capture kernel with its image read what the targets are on? */
#ifndef READY_KERNEL_READS_H
#define READY_KERNEL_READS_H

#include <stdbool.h>
#include <stddef.h>

#include "image/builtin.h"
#include "image/drivers.h"
#include "kexec/plan.h"

struct arena;
struct err;
struct inside;

/*
 * What the two files say of it. The caller's are the image, and root and arena of what is
 * built in; all else is empty. Texts lie in the arena; NULL: not told.
 */
struct kernel_reads {
	const char *modules;	/* of the image, "virtio_blk.ko\next4.ko\n" */
	const struct inside *image;
	struct builtin builtin;	/* of the kernel */
	const char *root;	/* not NULL: it is the running kernel, which can be looked at */
	char of[RELEASE_MAX];	/* the one that the modules are of, "" if there are none */
	bool is_foreign;	/* these two differ: it will load none of them */
};

/* False: no list of modules is in the image. A kernel that tells nothing is no error. */
bool kernel_reads_open(struct kernel_reads *r, const char *kernel, struct err *e);

enum read_answer { READ_YES, READ_NO, READ_UNKNOWN };

/* Will that driver or file system be there? */
enum read_answer kernel_reads_module(const struct kernel_reads *r, const char *module);

/* Is CONFIG_SYMBOL=y? READ_UNKNOWN: the kernel does not tell its configuration. */
enum read_answer kernel_reads_symbol(const struct kernel_reads *r, const char *symbol);

/* Will what a file system asks for be there? */
enum read_answer kernel_reads_need(const struct kernel_reads *r, const struct fs_need *need);

/*
 * Firmware that the modules of the image, or these drivers where they are built in, may ask
 * for, that is on this machine, and not in the image: " a.fw b.fw", or "".
 */
void kernel_reads_lost_firmware(const struct kernel_reads *r, const struct drivers *d,
				char *names, size_t size);

#endif
