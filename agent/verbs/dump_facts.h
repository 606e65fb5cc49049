/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the folder of a crash tells of it: its manifest, and its log where that says more. */
#ifndef VERBS_DUMP_FACTS_H
#define VERBS_DUMP_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/jsonread.h"
#include "kernel/panic_reason.h"
#include "targets/folder_name.h"

struct store;
struct store_entry;

#define MANIFEST_READ (256u << 10)

/* All text is printable: whoever can write there must not get at our terminal. */
struct dump_facts {
	struct store *store;	/* where they are from; both are borrowed */
	const struct store_entry *entry;
	char host[FOLDER_NAME_MAX], when[32], kernel[80], machine[24], build_id[64];
	char panic[PANIC_REASON_MAX], reason[PANIC_REASON_MAX];
	const char *state;	/* "complete", "incomplete", "cut off", "log only", ... */
	bool has_manifest;	/* one that can be read, in `manifest` */
	struct json_value manifest;
};

/*
 * Reads what there is. `text`, of MANIFEST_READ bytes, is what the manifest is read into and
 * lies in as long as the facts are used. What cannot be read is "".
 */
void dump_facts_read(struct dump_facts *f, struct store *s, const struct store_entry *entry,
		     char *text);

/* All pages are in it, and a sample of it was read back, as was asked for. */
bool dump_facts_sampled(const struct dump_facts *f);

/* The log's last piece, at most size bytes, from the beginning of a line. */
size_t dump_facts_log_end(const struct dump_facts *f, char *text, size_t size);

#endif
