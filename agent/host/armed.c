/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts in the order of the rows. */
#include "armed.h"

#include "armed_look.h"
#include "base/err.h"
#include "finding.h"

void armed_check(struct findings *f, const char *root, const char *config_path,
		 const struct config *config)
{
	struct look l = { .f = f, .root = root, .config_path = config_path, .config = config };
	const struct plan_want want = { .root = root };
	struct err e;

	if (!plan_make(&l.plan, &want, &e))
		found(f, "cmdline", GRADE_FAIL, "%s", e.text);
	kexec_state(&l.state, root);
	l.is_known = l.state.loaded && loaded_read(&l.loaded, root, &e);
	armed_memory(&l);
	armed_image(&l);
	armed_boot(&l);
	armed_end(&l);
}
