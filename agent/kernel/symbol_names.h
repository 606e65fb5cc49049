/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of the kernel's symbol table, which are stored packed, one behind the other. */
#ifndef KERNEL_SYMBOL_NAMES_H
#define KERNEL_SYMBOL_NAMES_H

#include "symsearch.h"
#include "vmcore/stream.h"

#define SYMBOL_TOKENS 256u
#define SYMBOL_LETTERS 4096u	/* of all tokens; real tables have some 1000 bytes */
#define SYMBOL_NAME_LEN 513u	/* KSYM_NAME_LEN, with the type, and a NUL */

struct symbol_names {
	struct stream table;
	uint32_t n;
	bool short_names;
	char letters[SYMBOL_LETTERS];	/* all tokens, each ended by a NUL */
	uint16_t token_at[SYMBOL_TOKENS], token_len[SYMBOL_TOKENS];
};

/* Reads the tokens and the number of names. */
bool symbol_names_open(struct symbol_names *s, struct space *space,
		       const struct symbol_table *t, struct err *e);

/* A name as it stands in the table, good until the next one is read. */
struct coded_name {
	const uint8_t *tokens;
	unsigned n;
};

/* The name at *off, which moves on to the next. False at the end of what can be read. */
bool symbol_names_next(struct symbol_names *s, uint64_t *off, struct coded_name *name);

/* With its type letter, which stands in front. */
size_t symbol_name_len(const struct symbol_names *s, const struct coded_name *name);

/* Type and name: "Tvfs_read". False if it is too long, or nothing but a type. */
bool symbol_name_spell(const struct symbol_names *s, const struct coded_name *name,
		       char text[SYMBOL_NAME_LEN]);

/* Its first letter behind the type and its last, which cost less than to spell it. */
void symbol_name_ends(const struct symbol_names *s, const struct coded_name *name,
		      char *first_ret, char *last_ret);

#endif
