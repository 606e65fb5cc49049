/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values that the kernel writes where nothing may be used any more, and its error numbers. */
#ifndef TRIAGE_POISON_H
#define TRIAGE_POISON_H

#include <stdbool.h>
#include <stdint.h>

#define POISON_SPAN 4096u	/* a member may be that far behind a poisoned pointer */

struct poison {
	uint64_t value;
	const char *name;	/* "LIST_POISON1" */
	const char *what;	/* "a list entry that was already removed" */
};

/* That value, or less than POISON_SPAN above; of two the nearer. NULL: it is none. */
const struct poison *poison_of(uint64_t value);

/*
 * The nearest from that value on, less than POISON_SPAN above it: a structure that a poisoned
 * pointer to its member would lie in. NULL: there is none.
 */
const struct poison *poison_above(uint64_t value);

/* A pointer that is an error number (1 to 4095), which it returns; 0: it is none. */
int error_number(uint64_t value);

/*
 * Letters, digits and the like in all eight bytes, or in seven before a NUL: no address has
 * these. The text comes as it lies in memory, printable. False: it is none.
 */
#define POINTER_LETTERS 9
bool pointer_is_text(uint64_t value, char text[POINTER_LETTERS]);

/* "ENOENT"; "" it has no name here. */
const char *error_name(int number);

#endif
