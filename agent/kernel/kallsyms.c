/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A name is a length and so many token numbers; each token stands for some letters, the
 * first letter of all is the type as nm prints it. Addresses have been stored in three
 * ways, and nothing says which: the one that leads to _stext is right.
 */
#include "kallsyms.h"

#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "vmcore/space.h"
#include "vmcore/stream.h"
#include "vmcore/vmcoreinfo.h"

#define N_TOKENS 256
#define TOKENS_LEN 4096u	/* real tables have some 1000 bytes */
#define MAX_SYMBOLS (1u << 22)
#define MAX_NAME 512u		/* KSYM_NAME_LEN, with the type */
#define NAME_BYTES 16u		/* what a name takes in the table, on average, at most */

struct names {
	struct stream table;
	uint32_t n_symbols;
	char letters[TOKENS_LEN];	/* all tokens, each ended by a NUL */
	const char *token[N_TOKENS];
	uint16_t token_len[N_TOKENS];
};

enum encoding { PLACE, BASE, BASE_OR_PERCPU, N_ENCODINGS };

static bool load_tokens(struct names *t, struct space *space, struct err *e)
{
	const struct kinfo *k = space->k;
	uint8_t index[N_TOKENS * 2];

	if (!space_read(space, k->kallsyms_token_index, index, sizeof(index), e))
		return within(e, "kallsyms_token_index");
	/* The table ends soon after the last token's start, but where is not said. */
	memset(t->letters, 0, sizeof(t->letters));
	for (size_t done = 0; done < TOKENS_LEN - 1; done += 64) {
		size_t len = min_u64(64, TOKENS_LEN - 1 - done);

		if (!space_read(space, k->kallsyms_token_table + done, t->letters + done, len,
				e) && !done)
			return within(e, "kallsyms_token_table");
	}
	for (unsigned i = 0; i < N_TOKENS; i++) {
		uint16_t at = get_u16(index + 2 * i);

		if (at >= TOKENS_LEN - 64)
			return fail(e, EINVAL, "kallsyms: token %u is at %u", i, at);
		t->token[i] = t->letters + at;
		t->token_len[i] = strnlen(t->token[i], 64);
	}
	return true;
}

static bool open_names(struct names *t, struct space *space, struct err *e)
{
	const struct kinfo *k = space->k;

	if (!has(k->kallsyms_names) || !has(k->kallsyms_num_syms) ||
	    !has(k->kallsyms_token_table) || !has(k->kallsyms_token_index) ||
	    !has(k->kallsyms_offsets))
		return fail(e, ENOENT, "VMCOREINFO has no SYMBOL(kallsyms_names)");
	if (!space_read_u32(space, k->kallsyms_num_syms, &t->n_symbols, e))
		return within(e, "kallsyms_num_syms");
	if (!t->n_symbols || t->n_symbols > MAX_SYMBOLS)
		return fail(e, EINVAL, "kallsyms: %u symbols are not possible", t->n_symbols);
	stream_open(&t->table, space, k->kallsyms_names,
		    (uint64_t)t->n_symbols * NAME_BYTES * 4);
	return load_tokens(t, space, e);
}

/* The tokens of the name at *off, which moves on to the next; NULL at the end. */
static const uint8_t *next_name(struct names *t, uint64_t *off, unsigned *n_ret)
{
	const uint8_t *at = stream_at(&t->table, *off, 2);
	unsigned n, head = 1;

	if (!at)
		return NULL;
	n = at[0];
	/* Longer than 127 tokens: two bytes, since 6.1. */
	if (n & 0x80) {
		n = (n & 0x7f) | at[1] << 7;
		head = 2;
	}
	at = n <= MAX_NAME ? stream_at(&t->table, *off + head, n) : NULL;
	*off += head + n;
	*n_ret = n;
	return at;
}

static size_t name_len(const struct names *t, const uint8_t *tokens, unsigned n)
{
	size_t len = 0;

	for (unsigned i = 0; i < n; i++)
		len += t->token_len[tokens[i]];
	return len;
}

/* Without its type letter; name has room. */
static void spell(const struct names *t, const uint8_t *tokens, unsigned n, char *name)
{
	size_t len = 0;

	for (unsigned i = 0; i < n; i++) {
		memcpy(name + len, t->token[tokens[i]], t->token_len[tokens[i]]);
		len += t->token_len[tokens[i]];
	}
	memmove(name, name + 1, len - 1);
	name[len - 1] = '\0';
}

/* Which of the wanted symbols have this length, and which end with this letter: bit by bit. */
struct hints {
	uint64_t of_len[64], of_end[256];
};

static void take_hints(struct hints *h, const struct symbol_want *wants, size_t n)
{
	*h = (struct hints){ .of_len = { 0 } };
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(wants[i].name);

		if (!len)
			continue;
		h->of_len[len % 64] |= 1ULL << i;
		h->of_end[(uint8_t)wants[i].name[len - 1]] |= 1ULL << i;
	}
}

/* Hardly any name has the right end and the right length, and none is spelt for nothing. */
static bool may_be_wanted(const struct hints *h, const struct names *t,
			  const uint8_t *tokens, unsigned n)
{
	unsigned last = n ? tokens[n - 1] : 0;
	uint64_t some = t->token_len[last]
			? h->of_end[(uint8_t)t->token[last][t->token_len[last] - 1]] : 0;
	size_t len;

	if (!some)
		return false;
	len = name_len(t, tokens, n);
	return len >= 2 && len <= MAX_NAME && some & h->of_len[(len - 1) % 64];
}

/* The number of each wanted symbol, UINT32_MAX where there is none. */
static void find_numbers(struct names *t, const struct symbol_want *wants, size_t n,
			 uint32_t *numbers)
{
	char name[MAX_NAME];
	struct hints hints;
	uint64_t off = 0;

	take_hints(&hints, wants, n);
	for (size_t i = 0; i < n; i++)
		numbers[i] = UINT32_MAX;
	for (uint32_t nr = 0; nr < t->n_symbols; nr++) {
		unsigned n_tokens;
		const uint8_t *tokens = next_name(t, &off, &n_tokens);

		if (!tokens)
			return;
		if (!may_be_wanted(&hints, t, tokens, n_tokens))
			continue;
		spell(t, tokens, n_tokens, name);
		for (size_t i = 0; i < n; i++)
			if (numbers[i] == UINT32_MAX && !strcmp(name, wants[i].name))
				numbers[i] = nr;
	}
}

/* Linux scripts/kallsyms.c: relative to the entry itself since 7.0, to a base before. */
static vaddr_t decode(enum encoding encoding, vaddr_t entry, vaddr_t base, uint32_t raw)
{
	switch (encoding) {
	case PLACE:
		return entry + (int64_t)(int32_t)raw;
	case BASE:
		return base + raw;
	default:
		return (int32_t)raw >= 0 ? raw : base - 1 - (int64_t)(int32_t)raw;
	}
}

static bool read_offset(struct space *space, uint32_t nr, vaddr_t *entry_ret,
			uint32_t *raw_ret, struct err *e)
{
	*entry_ret = space->k->kallsyms_offsets + (uint64_t)nr * 4;
	return space_read_u32(space, *entry_ret, raw_ret, e) || within(e, "kallsyms_offsets");
}

/* number: of _stext */
static bool choose_encoding(struct space *space, uint32_t number, enum encoding *encoding_ret,
			    vaddr_t *base_ret, struct err *e)
{
	const struct kinfo *k = space->k;
	vaddr_t entry;
	uint32_t raw;

	*base_ret = 0;
	if (has(k->kallsyms_relative_base) &&
	    !space_read_u64(space, k->kallsyms_relative_base, base_ret, e))
		return within(e, "kallsyms_relative_base");
	if (number == UINT32_MAX)
		return fail(e, EINVAL, "kallsyms: there is no _stext");
	if (!read_offset(space, number, &entry, &raw, e))
		return false;
	for (enum encoding i = PLACE; i < N_ENCODINGS; i++) {
		if (decode(i, entry, *base_ret, raw) == (vaddr_t)k->stext) {
			*encoding_ret = i;
			return true;
		}
	}
	return fail(e, EINVAL, "kallsyms: _stext is not where VMCOREINFO has it");
}

bool kallsyms_find(struct space *space, struct symbol_want *wants, size_t n,
		   struct err *e)
{
	struct symbol_want all[SYMBOL_WANTS_MAX + 1] = { { "_stext", 0 } };
	uint32_t numbers[SYMBOL_WANTS_MAX + 1], raw;
	enum encoding encoding;
	vaddr_t base, entry;
	struct names t;

	if (n > SYMBOL_WANTS_MAX)
		return fail(e, EINVAL, "kallsyms: %zu names are too many", n);
	memcpy(all + 1, wants, n * sizeof(*wants));
	if (!open_names(&t, space, e))
		return false;
	find_numbers(&t, all, n + 1, numbers);
	if (!choose_encoding(space, numbers[0], &encoding, &base, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		wants[i].vaddr = 0;
		if (numbers[i + 1] == UINT32_MAX)
			continue;
		if (!read_offset(space, numbers[i + 1], &entry, &raw, e))
			return false;
		wants[i].vaddr = decode(encoding, entry, base, raw);
	}
	return true;
}
