/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recipients, line by line. */
#include "encrypt_for.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

bool encrypt_for_add(struct encrypt_for *f, const char *value, struct err *e)
{
	struct age_recipients *to = &f->to;
	bool was_broken = to->is_broken;

	to->is_broken = true;
	if (to->n == AGE_RECIPIENTS_MAX)
		return fail(e, EINVAL, "more than %u recipients", AGE_RECIPIENTS_MAX);
	if (strlen(value) >= AGE_WORDS)
		return fail(e, EINVAL, "longer than %u characters", AGE_WORDS - 1);
	if (!age_recipient_parse(value, to->keys[to->n], e))
		return false;
	to->is_broken = was_broken;
	snprintf(f->words[to->n++], AGE_WORDS, "%s", value);
	return true;
}

void encrypt_for_print(const char *key, const struct encrypt_for *f)
{
	for (unsigned i = 0; i < f->to.n; i++)
		printf("%s %s\n", key, f->words[i]);
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
