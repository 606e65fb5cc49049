/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does this machine insist on signed kernels? */
#ifndef HOST_LOCKDOWN_H
#define HOST_LOCKDOWN_H

#include <stdbool.h>

struct lockdown {
	char mode[24];		/* "none", "integrity", "confidentiality"; "" is not told */
	bool secure_boot;	/* the firmware checks what it starts */
	bool load_disabled;	/* kernel.kexec_load_disabled: no load until the next boot */
};

void lockdown_read(struct lockdown *l, const char *root);

/* Only kernels with a signature that the running one knows can be loaded. */
bool lockdown_wants_signature(const struct lockdown *l);

#endif
