/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of readiness_check() share: this machine as far as it is known, the rows. */
#ifndef READY_READY_PARTS_H
#define READY_READY_PARTS_H

#include <stdbool.h>

#include "base/arena.h"
#include "image/inside.h"
#include "kernel_reads.h"
#include "kexec/kexec.h"
#include "kexec/loaded.h"
#include "kexec/plan.h"

struct config;
struct check_results;

struct look {
	struct check_results *f;
	const char *root, *config_path, *version;
	const struct config *file;	/* the configuration as it is now; NULL: not read */
	struct config *config;	/* as PID 1 would have it: the image's, and the command line */
	bool has_config;	/* it can be told */
	struct plan plan;
	struct kexec_state state;
	struct loaded loaded;
	bool is_known;		/* what is loaded */
	char image[HOST_PATH_MAX];	/* a file that still is the image of that */
	bool has_image;		/* it is what is loaded, or would be, and could be read */
	struct arena arena;
	struct inside inside;
	struct kernel_reads reads;	/* of the image and its kernel; only with has_image */
};

static inline const char *kernel_in_use(const struct look *l)
{
	return l->is_known ? l->loaded.kernel.path : l->plan.kernel;
}

static inline bool is_own_kernel(const struct look *l)
{
	return plan_is_own(l->root, kernel_in_use(l));
}

/* Opens what is loaded; what is wrong with the two files are rows. */
void ready_image(struct look *l);

/* What is in the image: PID 1, its configuration, an SSH client and its key. */
void ready_inside(struct look *l);

/* The targets' volumes, as the image knows them, and the keys that were loaded. */
void ready_volumes(struct look *l);

/* What the capture kernel can do with the image, and which of its targets it can reach. */
void ready_reach(struct look *l);

/* Asks the DHCP servers that the net lines count on. */
void ready_dhcp(struct look *l);

/* The same for targets on servers. */
void ready_network(struct look *l);

/* The memory, what may be loaded into it, and that something is. */
void ready_memory(struct look *l);

/* How many CPUs the capture kernel starts, and whether there is room for them. */
void ready_cpus(struct look *l);

/* The next boot, and the kernel that it may start. */
void ready_boot(struct look *l);

/* Whether a cluster would cut the power of a machine that is captured. */
void ready_cluster(struct look *l);

/* What ends this kernel, and what guards the next one. */
void ready_end(struct look *l);

/* What a report could say of the kernel that runs now. */
void ready_report(struct look *l);

/* Whether it notes who sends signals, where that was asked for. */
void ready_trace(struct look *l);

/* Whether what is saved would be encrypted, where that was asked for. */
void ready_encrypt(struct look *l);

struct drivers;

/* A row: each of them must be in the image or built into the kernel. `whose` needs them. */
void ready_drivers(struct look *l, const char *what, const char *whose,
		   const struct drivers *d);

#endif
