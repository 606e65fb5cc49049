/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recipients, line by line. */
#include "encrypt_for.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

const char *encrypt_for_word(const struct encrypt_for *f, unsigned nr)
{
	return f->to.is_hybrid ? f->hybrid_words[nr] : f->words[nr];
}

bool encrypt_for_add(struct encrypt_for *f, const char *value, struct err *e)
{
	struct age_recipients *to = &f->to;
	bool was_broken = to->is_broken;
	unsigned nr = to->n;

	to->is_broken = true;
	if (strlen(value) >= HYBRID_WORDS)
		return fail(e, EINVAL, "longer than %u characters", HYBRID_WORDS - 1);
	if (!age_recipient_add(to, value, e))
		return false;
	to->is_broken = was_broken;
	if (to->is_hybrid)
		snprintf(f->hybrid_words[nr], HYBRID_WORDS, "%s", value);
	else
		snprintf(f->words[nr], AGE_WORDS, "%s", value);
	return true;
}

void encrypt_for_print(const char *key, const struct encrypt_for *f)
{
	for (unsigned i = 0; i < f->to.n; i++)
		printf("%s %s\n", key, encrypt_for_word(f, i));
}

const struct age_recipients *encrypt_for_whom(const struct encrypt_for *f)
{
	return f->to.n || f->to.is_broken ? &f->to : NULL;
}

bool encrypt_for_is_meant(const char *line)
{
	line += strspn(line, " \t");
	return !strncmp(line, "encrypt", 7);
}
