/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A child's work, when all else is over: a call into firmware may never come back. */
#include "last_resort.h"

#include <errno.h>

#include "attempt.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "capture/crash.h"
#include "capture/lastwords.h"
#include "config/config.h"
#include "machine/efi_log.h"
#include "occasion.h"
#include "places.h"
#include "target_state.h"

#define TIME_S 20.0	/* between two variables it is looked at */

static bool keep(struct session *s, struct efi_log_kept *kept, struct err *e)
{
	const char *folder = s->attempt->occasion->places->efi;
	struct efi_log_text log = { .when = s->when, .alive = &s->progress->alive };
	char *text = arena_take(&s->crash->arena, EFI_LOG_MAX, 1, "last words", e);

	if (!text)
		return false;
	if (encrypt_for_whom(&s->config->encrypt))
		return fail(e, EPERM, "all that is saved is to be encrypted, and they would "
			    "be in the clear");
	if (!efi_log_mount(folder, e))
		return false;
	log.text = text;
	log.len = lastwords_tail(s->crash, s->progress, s->attempt->without & WITHOUT_TABLES,
				 text, EFI_LOG_MAX);
	if (!log.len)
		return fail(e, ENOENT, "the crashed kernel has no log");
	log.until = monotonic_seconds() + TIME_S;
	return efi_log_write(folder, &log, kept, e);
}

bool last_resort_keep(struct session *s)
{
	struct efi_log_kept kept;
	struct err e;

	if (!keep(s, &kept, &e)) {
		log_warn("last words: no target has the log, nor the firmware: %s", e.text);
		return false;
	}
	if (kept.refused)
		log_warn("last words: not as much as was wanted: %s", e.text);
	log_info("last words: %zu bytes of the log in %u EFI variables, for the next boot's "
		 "crashbox pstore", kept.len, kept.n);
	return true;
}
