/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether what is saved would be encrypted, for whom the configuration says, and whether that
 * works: what cannot be encrypted is not saved.
 */
#include "ready_parts.h"

#include <string.h>

#include "base/err.h"
#include "config/config.h"
#include "host/check_result.h"

#define WORD_SHOWN 80		/* letters of a recipient */
#define RENEW "crashbox image, then crashbox load"

static bool are_same(const struct encrypt_for *a, const struct encrypt_for *b)
{
	return a->to.n == b->to.n && a->to.is_broken == b->to.is_broken &&
	       !memcmp(a->to.keys, b->to.keys, sizeof(a->to.keys)) &&
	       !memcmp(a->to.hybrids, b->to.hybrids, sizeof(a->to.hybrids));
}

void ready_encrypt(struct look *l)
{
	const struct encrypt_for *in = &l->config->encrypt;
	const struct encrypt_for *now = l->file ? &l->file->encrypt : in;
	const struct age_recipients *to = encrypt_for_whom(in);
	const char *word = encrypt_for_word(in, 0);
	struct err e;

	if (!l->has_config || (!to && !encrypt_for_whom(now)))
		return;
	if (to && !age_works(to, &e))
		found(l->f, "encrypt", GRADE_FAIL, "nothing would be saved: %s", e.text);
	else if (!to)
		found(l->f, "encrypt", GRADE_FAIL, "%s says encrypt, and a crash now would be "
		      "saved in the clear: " RENEW, l->config_path);
	else if (!are_same(in, now))
		found(l->f, "encrypt", GRADE_FAIL, "a crash now would be encrypted for others "
		      "than %s names: " RENEW, l->config_path);
	else
		found(l->f, "encrypt", GRADE_OK, "for %.*s%s%s%s", WORD_SHOWN, word,
		      strlen(word) > WORD_SHOWN ? "..." : "",
		      in->to.n > 1 ? " and others" : "",
		      l->config->encrypt_manifest ? ""
						  : "; a small manifest stays in the clear");
}
