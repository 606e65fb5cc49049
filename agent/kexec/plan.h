/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What would be loaded on this machine: which kernel, which image, which command line. */
#ifndef KEXEC_PLAN_H
#define KEXEC_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "cmdline.h"
#include "host/lockdown.h"
#include "host/root.h"

struct arming;
struct err;

#define OWN_KERNEL "/usr/lib/crashbox/vmlinuz"	/* its drivers are built in */
#define OWN_SUFFIX "-crashbox"	/* of its release: CONFIG_LOCALVERSION in kernel-config */
#define DEFAULT_IMAGE STATE_DIR "/crashbox.img"
#define RELEASE_MAX 65

/* What the operator names; NULL: the usual. */
struct plan_want {
	const char *root;	/* "" but in tests */
	const char *kernel, *initrd, *append;
	const char *remove;	/* words of the command line */
	const struct arming *standing;	/* what holds where none is named; NULL: nothing */
};

struct plan {
	char kernel[HOST_PATH_MAX];
	const char *why;	/* this kernel and no other */
	char initrd[HOST_PATH_MAX];
	char release[RELEASE_MAX];	/* of the running kernel */
	char running[4096];	/* its command line */
	char remove[CMDLINE_MAX];	/* what the operator wants out of it */
	char append[CMDLINE_MAX];	/* and behind it */
	bool names_machine;	/* the capture is told this machine's id */
	char cmdline[CMDLINE_MAX];
	struct lockdown lockdown;
};

/* Is our own kernel there, and would it be loaded if no other is named? */
bool plan_takes_own(const char *root);

/* Is that a kernel of ours: where one is installed, or by what the file says of itself? */
bool plan_is_own(const char *root, const char *kernel);

/*
 * Only names are made here: whether the files are there shows when they are opened. The
 * capture kernel starts one CPU.
 */
bool plan_make(struct plan *p, const struct plan_want *want, struct err *e);

/* Has the capture kernel start as many, see ready/capture_cpus.h. E2BIG. */
bool plan_cpus(struct plan *p, const char *root, unsigned n_cpus, struct err *e);

/* Where the last range of RAM ends, as far as the kernel tells whoever asks; else 0. */
uint64_t plan_ram_end(const char *root);

#endif
