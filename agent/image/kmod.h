/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which files of a kernel's modules are needed for some named ones, in the order to load
 * them: modules.{dep,softdep,alias,builtin} as depmod(8) writes them. Knows nothing of
 * devices.
 */
#ifndef IMAGE_KMOD_H
#define IMAGE_KMOD_H

#include <stdbool.h>
#include <stddef.h>

#include "host/whole_file.h"

struct arena;
struct err;

#define MODULE_NAME 64	/* Linux include/linux/module.h: 64 less a word, and its NUL */
#define MODULE_PATH 256
#define MAX_MODULES 256

struct kmods {
	const char *dir;	/* .../lib/modules/VERSION */
	struct blob dep, softdep, alias, builtin;
	char asked[MAX_MODULES][MODULE_NAME];
	unsigned n_asked;
	char paths[MAX_MODULES][MODULE_PATH];	/* below dir, the first to load first */
	unsigned n;
};

/* Reads the tables of a folder; k is large, and should lie in the arena as well. */
bool kmod_open(struct kmods *k, struct arena *a, const char *dir, struct err *e);

/*
 * Adds a module and all that it depends on. One that the kernel has built in needs no file
 * and is no error; an unknown name is. Soft dependencies that the kernel does not have are
 * left out: they are wishes. So is what a module is known to ask the running kernel for.
 */
bool kmod_need(struct kmods *k, const char *name, struct err *e);

/* The same for one that the kernel need not have; *has says whether it does. */
bool kmod_wish(struct kmods *k, const char *name, bool *has, struct err *e);

/* Does a list of modules' files, one a line, have the one that the kernel calls so? */
bool kmod_list_has(struct blob list, const char *name);

/* "kernel/fs/c-disk.ko.zst" to "c-disk.ko"; false when it is no module's file. */
bool kmod_file_name(const char *path, char name[MODULE_NAME]);

#endif
