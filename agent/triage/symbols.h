/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lies at an address of the crashed kernel: its image, a module, a BPF program. */
#ifndef TRIAGE_SYMBOLS_H
#define TRIAGE_SYMBOLS_H

#include "kernel/kallsyms.h"
#include "modules.h"
#include "trampolines.h"

struct bpf_facts {
	int64_t bpf_kallsyms;			/* address of a list head */
	struct field node, start, end, name;	/* of struct bpf_ksym */
};

extern const struct wish_set bpf_wishes;

struct symbols {
	struct kallsyms *kallsyms;
	struct modules modules;
	const struct bpf_facts *bpf;
	const struct trampoline_facts *trampolines;
	struct vrange module_area;	/* where the kernel puts modules; empty: not known */
	struct vrange image;		/* what of it is the kernel's own; empty: nothing */
	struct vrange bpf_area;		/* what its BPF programs span */
	unsigned n_bpf;			/* of them */
	bool bpf_cut;			/* there are more, or their list is damaged */
};

/*
 * Reads the modules and the BPF programs; kallsyms, modules.space, modules.facts, bpf,
 * trampolines, module_area and image are the caller's. What cannot be read has no names.
 */
void symbols_open(struct symbols *s, struct arena *arena);

struct symbol {
	char name[KALLSYM_NAME_LEN];
	char module[MODULE_NAME];	/* "" the kernel's own, "bpf" a BPF program */
	vaddr_t vaddr;
	uint64_t off, size;		/* from there; of all of it, 0: not known */
	char type;			/* as nm has it */
};

bool symbol_at(struct symbols *s, vaddr_t vaddr, struct symbol *sym);

/* The kernel's own of that name before a module's, of which *sym has all but off. */
bool symbol_named(struct symbols *s, const char *name, struct symbol *sym);

/*
 * Of the call that returns to vaddr: a call of a function that never returns may be the last
 * instruction of its caller, so the name is that of the byte before; off is vaddr's.
 */
bool symbol_of_return(struct symbols *s, vaddr_t vaddr, struct symbol *sym);

/* Where a module may be, or may have been. */
bool symbols_in_module_area(const struct symbols *s, vaddr_t vaddr);

/* Is it code, of the kernel, a module, a BPF program or one of ftrace's copies? */
bool symbols_is_text(struct symbols *s, vaddr_t vaddr);

/* Is it, or can that not be told: where modules are, while not all of them are known? */
bool symbols_may_be_text(struct symbols *s, vaddr_t vaddr);

/* Where modules are, and for certain in none, nor in anything else that lies there. */
bool symbols_is_orphan(struct symbols *s, vaddr_t vaddr);

/*
 * Is what lies there surely a part of it? Code ends where the next function begins; between
 * data there may be what has no name.
 */
bool symbol_is_sure(const struct symbol *sym);

/* "foo+0x1/0x20 [mod]", as the kernel prints it; the number itself if it has no name. */
#define SYMBOL_TEXT (KALLSYM_NAME_LEN + MODULE_NAME + 48)
void symbol_text(const struct symbol *sym, char text[SYMBOL_TEXT]);

#endif
