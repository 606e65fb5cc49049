/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The types that a module has besides the kernel's, as the kernel keeps them. */
#ifndef TRIAGE_MODULE_TYPES_H
#define TRIAGE_MODULE_TYPES_H

#include "field.h"

struct arena;
struct btf;

struct module_type_facts {
	int64_t head;				/* address of the list of all */
	struct field list, module, btf;		/* struct btf_module */
	struct field data, data_len, start_id, start_string;	/* struct btf */
	struct field name;			/* struct module */
};

extern const struct wish_set module_type_wishes;

struct module_types {
	struct space *space;
	const struct module_type_facts *facts;
	struct btf *kernel;		/* NULL: it has none */
};

/*
 * Fills those lists out of that module's types; the arena is only borrowed from. False, and
 * they are as they were: that module is not there, or its types are not what they should be.
 */
bool module_types_fill(const struct module_types *t, const char *module,
		       const struct wish_list *lists, struct arena *arena);

#endif
