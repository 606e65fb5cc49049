/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Putting a capture kernel aside, and taking it out again. */
#ifndef KEXEC_KEXEC_H
#define KEXEC_KEXEC_H

#include <stdbool.h>
#include <stdint.h>

struct err;

struct kexec_state {
	bool supported;		/* the running kernel can start another one after a crash */
	bool loaded;
	uint64_t reserved;	/* bytes of crashkernel= */
};

void kexec_state(struct kexec_state *s, const char *root);

enum kexec_how { KEXEC_BY_SYSCALL, KEXEC_BY_TOOLS };

struct kexec_job {
	const char *kernel, *initrd;	/* files */
	const char *initrd_now;	/* what is read in place of that, where it has more; or NULL */
	const char *cmdline;
	enum kexec_how how;
	bool no_checks;		/* kexec-tools: no sum over the image when the crash comes */
};

/*
 * Loads it in place of what was loaded before. job->how becomes what was done: the running
 * kernel may lack kexec_file_load(2), and kexec-tools be there.
 */
bool kexec_load(struct kexec_job *job, struct err *e);

bool kexec_unload(struct err *e);

/* The sentence for people behind an errno of kexec_file_load(2), "" for an unknown one. */
const char *kexec_why(int code);

#endif
