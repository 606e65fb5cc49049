/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts in the order of the rows. */
#include "armed.h"

#include "armed_look.h"
#include "base/err.h"
#include "config/config.h"
#include "host/finding.h"

#define WORK_LEN (768u << 20)	/* of an arena; what is not touched costs nothing */

bool armed_check(struct findings *f, const struct armed_want *want, struct config *loaded)
{
	struct look l = { .f = f, .root = want->root, .config_path = want->config_path,
			  .file = want->config, .config = loaded, .version = want->version };
	const struct plan_want planned = { .root = want->root, .standing =
					   want->config ? &want->config->arming : NULL };
	struct err e;

	if (!arena_init(&l.arena, WORK_LEN, &e)) {
		found(f, "image", GRADE_FAIL, "%s", e.text);
		return false;
	}
	if (!plan_make(&l.plan, &planned, &e))
		found(f, "cmdline", GRADE_FAIL, "%s", e.text);
	kexec_state(&l.state, want->root);
	l.is_known = l.state.loaded && loaded_read(&l.loaded, want->root, &e);
	armed_image(&l);
	armed_inside(&l);
	armed_memory(&l);
	armed_reach(&l);
	armed_network(&l);
	armed_boot(&l);
	armed_end(&l);
	arena_deinit(&l.arena);
	return l.has_config;
}
