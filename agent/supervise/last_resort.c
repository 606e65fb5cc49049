/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A child's work, when all else is over: a call into firmware may never come back. One memory
 * after the other that the next boot still has, until one has it.
 */
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
#include "machine/log_end.h"
#include "machine/ramoops.h"
#include "occasion.h"
#include "places.h"
#include "target_state.h"

#define TIME_S 20.0	/* between two pieces it is looked at */

static bool keep_in_efi(const struct session *s, const struct log_end *log,
			struct log_end_kept *kept, struct err *e)
{
	const char *folder = s->attempt->occasion->places->efi;

	return efi_log_mount(folder, e) && efi_log_write(folder, log, kept, e);
}

static bool keep_in_ramoops(const struct session *s, const struct log_end *log,
			    struct log_end_kept *kept, struct err *e)
{
	if (!s->config->ramoops.n)
		return fail(e, ENOENT, "this machine has none");
	return ramoops_write(s->attempt->occasion->places->memory, &s->config->ramoops, log,
			     kept, e);
}

/* In this order: the first outlives a loss of power, too. */
static const struct {
	const char *pieces;
	bool (*keep)(const struct session *s, const struct log_end *log,
		     struct log_end_kept *kept, struct err *e);
} resorts[] = {
	{ "EFI variables", keep_in_efi },
	{ "records of ramoops", keep_in_ramoops },
};

static bool take_log(struct session *s, struct log_end *log, struct err *e)
{
	char *text = arena_take(&s->crash->arena, LOG_END_MAX, 1, "last words", e);

	if (!text)
		return false;
	if (encrypt_for_whom(&s->config->encrypt))
		return fail(e, EPERM, "all that is saved is to be encrypted, and they would "
			    "be in the clear");
	log->text = text;
	log->len = lastwords_tail(s->crash, s->progress, s->attempt->without & WITHOUT_TABLES,
				  text, LOG_END_MAX);
	return log->len || fail(e, ENOENT, "the crashed kernel has no log");
}

bool last_resort_keep(struct session *s)
{
	struct log_end log = { .when = s->when, .alive = &s->progress->alive };
	struct log_end_kept kept;
	struct err e;

	if (!take_log(s, &log, &e)) {
		log_warn("last words: no target has the log, and nothing else will: %s",
			 e.text);
		return false;
	}
	log.until = monotonic_seconds() + TIME_S;
	for (size_t i = 0; i < sizeof(resorts) / sizeof(resorts[0]); i++) {
		if (!resorts[i].keep(s, &log, &kept, &e)) {
			log_warn("last words: no target has the log, and no %s: %s",
				 resorts[i].pieces, e.text);
			continue;
		}
		if (kept.refused)
			log_warn("last words: not as much as was wanted: %s", e.text);
		log_info("last words: %zu bytes of the log in %u %s, for the next boot's "
			 "crashbox pstore", kept.len, kept.n, resorts[i].pieces);
		return true;
	}
	return false;
}
