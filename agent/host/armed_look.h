/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of armed_check() share: this machine, as far as it is known, and the rows. */
#ifndef HOST_ARMED_LOOK_H
#define HOST_ARMED_LOOK_H

#include <stdbool.h>

#include "kexec.h"
#include "loaded.h"
#include "plan.h"

struct config;
struct findings;

struct look {
	struct findings *f;
	const char *root, *config_path;
	const struct config *config;
	struct plan plan;
	struct kexec_state state;
	struct loaded loaded;
	bool is_known;		/* what is loaded */
};

static inline const char *kernel_in_use(const struct look *l)
{
	return l->is_known ? l->loaded.kernel.path : l->plan.kernel;
}

static inline bool is_own_kernel(const struct look *l)
{
	return plan_is_own(l->root, kernel_in_use(l));
}

/* The memory, what may be loaded into it, and that something is. */
void armed_memory(struct look *l);

/* The files that are loaded, and what the capture kernel can reach with them. */
void armed_image(struct look *l);

/* The next boot, and the kernel that it may start. */
void armed_boot(struct look *l);

/* What ends this kernel, and what guards the next one. */
void armed_end(struct look *l);

#endif
