/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whom what is saved is encrypted for: lines of the configuration. */
#ifndef CONFIG_ENCRYPT_FOR_H
#define CONFIG_ENCRYPT_FOR_H

#include <stdbool.h>

#include "crypt/age.h"

struct err;

#define AGE_WORDS 80		/* of a recipient */
#define HYBRID_WORDS 2000	/* of a hybrid one */

struct encrypt_for {
	struct age_recipients to;
	char words[AGE_RECIPIENTS_MAX][AGE_WORDS];	/* as they were said, or ... */
	char hybrid_words[AGE_HYBRIDS_MAX][HYBRID_WORDS];
};

/*
 * One more. EINVAL: it is none, and that stays known, so that whoever goes on without it
 * writes nothing.
 */
bool encrypt_for_add(struct encrypt_for *f, const char *value, struct err *e);

/* The nr-th, as it was said. */
const char *encrypt_for_word(const struct encrypt_for *f, unsigned nr);

/* A line each. */
void encrypt_for_print(const char *key, const struct encrypt_for *f);

/* NULL: nothing is to be encrypted. */
const struct age_recipients *encrypt_for_whom(const struct encrypt_for *f);

/* Does this line, which was not understood, speak of it? */
bool encrypt_for_is_meant(const char *line);

#endif
