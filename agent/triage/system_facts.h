/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Variables that describe the crashed machine as a whole. */
#ifndef TRIAGE_SYSTEM_FACTS_H
#define TRIAGE_SYSTEM_FACTS_H

#include "kernel/wishes.h"

/* Addresses of variables. */
struct system_facts {
	int64_t command_line;			/* char * */
	int64_t hardware;			/* char [] */
	int64_t taint;				/* unsigned long */
	int64_t online_mask, possible_mask;	/* bits */
	int64_t n_cpu_ids;			/* unsigned int */
	int64_t loader;				/* int: who started it, x86 alone */
	int64_t handed, handed_count, handed_release;	/* struct kho_in, places in it */
};

extern const struct wish_set system_wishes;

#endif
