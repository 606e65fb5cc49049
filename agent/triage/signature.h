/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A name for a crash that is the same for the same fault on every kernel, machine and CPU:
 * made of its kind and of function names, of nothing that is private. Version 1, "c1-".
 *
 * id = "c1-" and the first 16 hexadecimal digits of the SHA-256 of "c1|KIND|F1|...|F5",
 * coarse = the same of "c1|KIND|F1", where some kinds have another word (crash_kind.h).
 */
#ifndef TRIAGE_SIGNATURE_H
#define TRIAGE_SIGNATURE_H

#include "crash_kind.h"
#include "frame_name.h"

#define SIGNATURE_VERSION 1
#define SIGNATURE_FRAMES 5
#define SIGNATURE_ID 20			/* with its NUL */
#define SIGNATURE_INPUT 512		/* frames of a stack that are looked at */

enum signature_confidence {
	CONFIDENCE_NONE,		/* no stack was needed, or none was to be had */
	CONFIDENCE_LOG,			/* frames as the log prints them */
	CONFIDENCE_RESYNCED,		/* unwound, but for the first step */
	CONFIDENCE_EXACT,
};

/* Whose frames it is made of. */
enum signature_stack {
	STACK_SUBJECT,			/* whom it happened to */
	STACK_CIRCLE,			/* those that wait for each other, two of each */
	STACK_HOLDER,			/* who has what the others wait for */
};

struct signature {
	enum signature_stack whose;
	enum crash_kind kind;
	enum signature_confidence confidence;
	char kind_text[64];		/* "null-deref", "kasan-slab-use-after-free" */
	struct frame_name frames[SIGNATURE_FRAMES];
	unsigned n_frames;
	char id[SIGNATURE_ID], coarse[SIGNATURE_ID];
	char title[200];		/* "null-deref in null!crashbox_null_deref" */
};

/* What it is made of. */
struct signature_input {
	enum crash_kind kind;
	const char *subkind;		/* "" none; "signal 11", "slab kmalloc-2k", "disk" */
	const char *panic;		/* its text, for kinds that have no other words */
	enum signature_stack whose;
	const struct frame_name *stack;	/* innermost first */
	unsigned n_stack;
	enum signature_confidence confidence;
};

void signature_make(struct signature *s, const struct signature_input *in);

const char *signature_stack_text(enum signature_stack whose);
const char *signature_confidence_text(enum signature_confidence c);

#endif
