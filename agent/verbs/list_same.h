/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Saved crashes put together by their signatures: how often, since when, on which hosts. */
#ifndef VERBS_LIST_SAME_H
#define VERBS_LIST_SAME_H

#include "base/jsonwrite.h"
#include "base/known.h"
#include "dump_facts.h"
#include "targets/store.h"

#define SAME_GROUPS 512		/* signatures that are told apart */
#define SAME_CRASHES 16384	/* crashes that are known again on another target */
#define SAME_HOSTS 8		/* hosts of a signature that are named */

struct same_group {
	char signature[48];	/* "" crashes without a report */
	char title[200], coarse[48];
	unsigned n, n_dumps;	/* crashes; those with a whole dump */
	int64_t first, last;	/* as clocks were set */
	char hosts[SAME_HOSTS][FOLDER_HOST_MAX];
	unsigned n_hosts;	/* of those named */
	bool has_more_hosts;
};

struct same_crash {
	uint64_t name;		/* hash of its folder's */
	int64_t when;
	char host[FOLDER_HOST_MAX];
	unsigned group;		/* index into list */
};

struct same_groups {
	struct same_group list[SAME_GROUPS];
	unsigned n;
	struct same_crash crashes[SAME_CRASHES];	/* each once */
	unsigned n_crashes;
	unsigned n_left_out;	/* crashes that there was no room for */
};

/* A crash of a place; one whose folder has the name of an earlier one is the same crash. */
void list_same_add(struct same_groups *g, const struct dump_facts *f);

/*
 * The most frequent first, as lines of text, or as an array "signatures", each with what the
 * list of known faults says of it. NULL: there is no such list.
 */
void list_same_print(struct same_groups *g, const struct known_list *known);
void list_same_json(struct same_groups *g, const struct known_list *known, struct json *j);

#endif
