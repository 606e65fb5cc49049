/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a capture kernel has built in, by what its files tell: the configuration that it
 * carries or that lies beside it, modules.builtin and modules.builtin.modinfo.
 */
#ifndef IMAGE_BUILTIN_H
#define IMAGE_BUILTIN_H

#include <stdbool.h>

#include "host/whole_file.h"
#include "kexec/plan.h"

struct arena;

/* The first two are the caller's, all else empty; texts lie in the arena, NULL: not told. */
struct builtin {
	const char *root;	/* of distributions' files, "" */
	struct arena *arena;
	const char *kconfig;	/* "CONFIG_EXT4_FS=y\n" ... */
	const char *modules;	/* "kernel/fs/ext4/ext4.ko\n" ... */
	struct blob modinfo;	/* "bnx2.firmware=bnx2/a.fw\0" ...; empty: not told */
	char release[RELEASE_MAX];	/* "" if it does not tell */
};

/* By its file. A kernel that tells nothing is no error. */
void builtin_of_kernel(struct builtin *b, const char *path);

/* By the folder of its modules, .../lib/modules/RELEASE. */
void builtin_of_modules(struct builtin *b, const char *dir);

enum option_state { OPTION_YES, OPTION_MODULE, OPTION_NO, OPTION_NOT_NAMED, OPTION_UNKNOWN };

/*
 * How an option was set, "EXT4_FS". Not named: this kernel does not have it, or not without
 * another one. Unknown: there is no configuration to be read.
 */
enum option_state builtin_option(const struct builtin *b, const char *symbol);

/* Is that driver in the list of what is built in? */
bool builtin_has(const struct builtin *b, const char *module);

#endif
