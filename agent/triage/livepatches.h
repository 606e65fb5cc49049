/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patches that were put into the running kernel: its functions are not what its build says. */
#ifndef TRIAGE_LIVEPATCHES_H
#define TRIAGE_LIVEPATCHES_H

#include "modules.h"

#define LIVEPATCHES_MAX 16u

struct livepatch {
	char name[MODULE_NAME];		/* of its module */
	bool is_enabled;
};

struct livepatch_facts {
	int64_t head;				/* address of a list_head */
	struct field list, module, enabled;	/* struct klp_patch */
};

extern const struct wish_set livepatch_wishes;

/* Returns how many there are in the list, LIVEPATCHES_MAX at most. */
unsigned livepatches_read(const struct modules *m, const struct livepatch_facts *f,
			  struct livepatch list[LIVEPATCHES_MAX]);

#endif
