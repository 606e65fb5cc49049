/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The check whether a panic would be captured. The parts in the order of the rows. */
#include "readiness.h"

#include "base/err.h"
#include "capture_cpus.h"
#include "config/config.h"
#include "host/check_result.h"
#include "ready_parts.h"

#define WORK_LEN (768u << 20)	/* of an arena; what is not touched costs nothing */

bool readiness_check(struct check_results *f, const struct readiness_want *want,
		     struct config *loaded)
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
	if (!plan_make(&l.plan, &planned, &e) ||
	    (want->config && !capture_cpus_plan(&l.plan, want->root, want->config, &e)))
		found(f, "cmdline", GRADE_FAIL, "%s", e.text);
	kexec_state(&l.state, want->root);
	l.is_known = l.state.loaded && loaded_read(&l.loaded, want->root, &e);
	ready_image(&l);
	ready_inside(&l);
	ready_encrypt(&l);
	ready_memory(&l);
	ready_cpus(&l);
	ready_volumes(&l);
	ready_reach(&l);
	ready_network(&l);
	ready_cluster(&l);
	ready_boot(&l);
	ready_end(&l);
	ready_report(&l);
	ready_trace(&l);
	arena_deinit(&l.arena);
	return l.has_config;
}
