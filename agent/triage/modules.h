/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modules of the crashed kernel: where their memory lies, what is known of each. */
#ifndef TRIAGE_MODULES_H
#define TRIAGE_MODULES_H

#include "field.h"

struct arena;

#define MODULE_NAME 56
#define MODULE_REGIONS 7
#define MODULES_MAX 1024u

enum region_kind { REGION_TEXT, REGION_DATA, REGION_RODATA };

struct region {
	vaddr_t start;
	uint64_t len;
	enum region_kind kind;
	bool is_init;		/* given back when its init function has returned */
};

struct module {
	char name[MODULE_NAME];
	vaddr_t at;		/* struct module */
	uint32_t state;		/* 0 live, 1 coming, 2 going, 3 unformed */
	uint64_t taints;	/* bits as of tainted_mask */
	struct region regions[MODULE_REGIONS];
	unsigned n_regions;
	vaddr_t orc_ip, orc_entries;
	uint64_t n_orc;
	vaddr_t symbols, strings;	/* Elf64_Sym [], names */
	uint64_t n_symbols;
};

/* What the kernel calls them; filled from symbols and BTF, see modules_wishes. */
struct module_facts {
	int64_t modules, last_unloaded;	/* addresses of variables */
	int64_t plt_base, direct_base;	/* of arm64 since 6.5, see modules_area() */
	int64_t image, image_end;	/* the kernel's own */
	struct field list, name, state, taints, version, srcversion, kallsyms;
	struct field mem, mem_base, mem_size;	/* since 6.4 */
	struct field core, init, layout_base, layout_size, layout_text, layout_ro;
	struct field orc_n, orc_ip, orc_entries;
	struct field symtab, num_symtab, strtab;
	struct field unloaded_name;		/* where last_unloaded is a structure */
	int64_t mod_text, mod_data, mod_rodata, mod_ro_after_init, mod_init_text,
		mod_init_data, mod_init_rodata;	/* enum mod_mem_type */
};

extern const struct wish_set module_wishes;

struct modules {
	struct space *space;
	const struct module_facts *facts;
	struct module *list;
	unsigned n;
	const char *lacks;	/* why there may be more than those; NULL: that is all */
	char last_unloaded[MODULE_NAME];	/* "" none, or not known */
};

/* Never fails: what cannot be read is not there, and m->lacks says so. */
void modules_read(struct modules *m, struct arena *arena);

/*
 * Where arm64 puts modules since 6.5, if it tells: a box around the kernel's image, which is
 * none of them. *area stays as it is where it does not.
 */
void modules_area(struct space *s, const struct module_facts *f, struct vrange *area,
		  struct vrange *image);

/* The module that vaddr lies in, and the region of it; NULL: none. */
const struct module *module_at(const struct modules *m, vaddr_t vaddr,
			       const struct region **region);

/* Text that it says of itself, "" none: "version", "srcversion". */
void module_version(const struct modules *m, const struct module *mod, char *text, size_t size);
void module_srcversion(const struct modules *m, const struct module *mod, char *text,
		       size_t size);

/* ", being loaded", ", being unloaded", or nothing. */
const char *module_state_words(const struct module *mod);

uint64_t module_len(const struct module *mod);

#endif
