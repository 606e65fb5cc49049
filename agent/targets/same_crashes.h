/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Crashes of one fault, by the signatures in manifests: counted, and the last one spared. */
#ifndef TARGETS_SAME_CRASHES_H
#define TARGETS_SAME_CRASHES_H

#include <stdbool.h>
#include <stddef.h>

#include "past.h"

struct err;
struct store_entries;

/* What makes two crashes the same one. Strings are borrowed. */
struct fault_id {
	const char *signature;	/* as the report has it; "" is like no other */
	const char *build_id;	/* of the kernel; likewise */
};

/*
 * Do `most` whole dumps of that fault lie on the target, of whatever host, each read back when
 * it was written? e says so; else why that is not known, with a code, or nothing. Only the
 * newest crashes are looked at, and only for some seconds: a dump too many is better than one
 * too few. *n_seen: crashes of that fault that lie there, with a dump or without.
 */
bool same_crashes_are_enough(const struct past *past, const struct fault_id *fault,
			     unsigned most, unsigned *n_seen, struct err *e);

/*
 * Of the entries that are to go, as store_list() and retention made them, those stay that are
 * the last whole dump of their fault, read back, and those of which that cannot be found out.
 * text: room for a manifest, of len bytes.
 */
void same_crashes_spare_last(struct store *store, const struct store_entries *entries,
			     char *text, size_t len);

#endif
