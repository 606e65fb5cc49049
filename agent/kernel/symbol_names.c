/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of symbols. A name is a length and so many token numbers; each token stands
 * for some letters, the first letter of all is the type as nm prints it.
 */
#include "symbol_names.h"

#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "vmcore/space.h"

#define MAX_SYMBOLS (1u << 22)
#define MAX_NAME (SYMBOL_NAME_LEN - 1)
#define NAME_BYTES 64u		/* what a name takes in the table, on average, at most */

static bool load_tokens(struct symbol_names *s, const struct symbol_table *t, struct err *e)
{
	struct space *space = s->table.space;
	uint8_t index[SYMBOL_TOKENS * 2];

	if (!space_read(space, t->token_index, index, sizeof(index), e))
		return within(e, "kallsyms_token_index");
	/* The table ends soon after the last token's start, but where is not said. */
	memset(s->letters, 0, sizeof(s->letters));
	for (size_t done = 0; done < SYMBOL_LETTERS - 1; done += 64) {
		size_t len = min_u64(64, SYMBOL_LETTERS - 1 - done);

		if (!space_read(space, t->token_table + done, s->letters + done, len,
				e) && !done)
			return within(e, "kallsyms_token_table");
	}
	for (unsigned i = 0; i < SYMBOL_TOKENS; i++) {
		uint16_t at = get_u16(index + 2 * i);

		if (at >= SYMBOL_LETTERS - 64)
			return fail(e, EINVAL, "kallsyms: token %u is at %u", i, at);
		s->token_at[i] = at;
		s->token_len[i] = strnlen(s->letters + at, 64);
	}
	return true;
}

bool symbol_names_open(struct symbol_names *s, struct space *space,
		       const struct symbol_table *t, struct err *e)
{
	if (!space_read_u32(space, t->num_syms, &s->n, e))
		return within(e, "kallsyms_num_syms");
	if (!s->n || s->n > MAX_SYMBOLS)
		return fail(e, EINVAL, "kallsyms: %u symbols are not possible", s->n);
	s->short_names = t->short_names;
	stream_open(&s->table, space, t->names, (uint64_t)s->n * NAME_BYTES);
	return load_tokens(s, t, e);
}

bool symbol_names_next(struct symbol_names *s, uint64_t *off, struct coded_name *name)
{
	const uint8_t *at = stream_at(&s->table, *off, 2);
	unsigned n, head = 1;

	if (!at)
		return false;
	n = at[0];
	/* Longer than 127 tokens: two bytes, since 6.1. */
	if (n & 0x80 && !s->short_names) {
		n = (n & 0x7f) | at[1] << 7;
		head = 2;
	}
	name->tokens = n <= MAX_NAME ? stream_at(&s->table, *off + head, n) : NULL;
	name->n = n;
	*off += head + n;
	return name->tokens;
}

size_t symbol_name_len(const struct symbol_names *s, const struct coded_name *name)
{
	size_t len = 0;

	for (unsigned i = 0; i < name->n; i++)
		len += s->token_len[name->tokens[i]];
	return len;
}

bool symbol_name_spell(const struct symbol_names *s, const struct coded_name *name,
		       char text[SYMBOL_NAME_LEN])
{
	size_t len = symbol_name_len(s, name), at = 0;

	if (len < 2 || len > MAX_NAME)
		return false;
	for (unsigned i = 0; i < name->n; i++) {
		unsigned token = name->tokens[i];

		memcpy(text + at, s->letters + s->token_at[token], s->token_len[token]);
		at += s->token_len[token];
	}
	text[len] = '\0';
	return true;
}

/* The first is behind the type; '\0' where there is none. */
void symbol_name_ends(const struct symbol_names *s, const struct coded_name *name,
		      char *first_ret, char *last_ret)
{
	unsigned first, last;

	*first_ret = *last_ret = '\0';
	if (!name->n)
		return;
	first = name->tokens[0];
	last = name->tokens[name->n - 1];
	if (s->token_len[first] > 1)
		*first_ret = s->letters[s->token_at[first] + 1];
	else if (name->n > 1)
		*first_ret = s->letters[s->token_at[name->tokens[1]]];
	if (s->token_len[last])
		*last_ret = s->letters[s->token_at[last] + s->token_len[last] - 1];
}
