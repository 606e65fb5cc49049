/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `crashbox vm` is asked for. */
#ifndef VM_WANT_H
#define VM_WANT_H

#include <stdbool.h>

#include "host/root.h"

struct vm_want {
	const char *kernel;	/* that is tested */
	const char *modules;	/* their folder; NULL: /lib/modules has it, or there is none */
	const char *capture_kernel;	/* NULL: the same one */
	const char *initrd;	/* an archive of the user's, or NULL */
	const char *root;	/* a folder that the command sees as /, or NULL */
	const char *append;	/* more words for the guest, or NULL */
	const char *qemu;	/* the program */
	char *const *command;
	unsigned n_command;	/* 0: nothing is run */
	unsigned memory_mib, reserve_mib, cpus;
	unsigned timeout_s;	/* for all of it; 0: as long as it takes */
	unsigned hang_s;	/* without a sign of life */
	bool kvm;
	bool unarmed;		/* memory is taken from outside only */
	bool is_quiet;		/* the guest's console is not shown */
	bool shares_root;	/* found out: root is reached by 9p; else it is copied */
};

/* Where its files go; both are absolute. */
struct vm_folders {
	char out[HOST_PATH_MAX];	/* what the user gets */
	char work[HOST_PATH_MAX];	/* what is gone afterwards */
};

/* Of a file there; cut if it is too long, and then not found. */
void vm_path(char path[HOST_PATH_MAX], const char *folder, const char *name);

#define VM_CONSOLE "console.log"	/* in out */
#define VM_KEPT "target.img"	/* too: the disk that was not to be read */
/* All others are in work. */
#define VM_CHANNEL "channel"
#define VM_INITRD "initrd"
#define VM_QMP "qmp"
#define VM_QEMU_LOG "qemu.log"
#define VM_TOOL_LOG "tool.log"
#define VM_TARGET "target"	/* disks */
#define VM_ROOT "root"
#define VM_MEMORY "memory"	/* what QEMU dumps */

#endif
