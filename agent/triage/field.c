/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers and text out of structures, whatever width this kernel gives them. */
#include "field.h"

#include "base/bytes.h"
#include "base/err.h"

bool field_read(struct space *s, vaddr_t at, struct field f, uint64_t *ret)
{
	uint64_t value = 0;
	struct err ignored;

	if (!has(f.off) || !at || f.size < 1 || f.size > 8 || !is_power_of_two(f.size))
		return false;
	if (!space_read(s, at + f.off, &value, f.size, &ignored))
		return false;
	*ret = value;
	return true;
}

uint64_t field_value(struct space *s, vaddr_t at, struct field f)
{
	uint64_t value = 0;

	return field_read(s, at, f, &value) ? value : 0;
}

void text_at(struct space *s, vaddr_t at, char *text, size_t size)
{
	struct err ignored;

	text[0] = '\0';
	if (at)
		space_read_string(s, at, text, size, &ignored);
	for (char *c = text; *c; c++)
		*c = printable(*c);
}

void field_text(struct space *s, vaddr_t at, struct field f, char *text, size_t size)
{
	text[0] = '\0';
	if (field_is_whole(f) && at)
		text_at(s, at + f.off, text, min_u64(size, (uint64_t)f.n * f.size + 1));
}
