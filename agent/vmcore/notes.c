/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading ELF notes. Walks notes by their three length words, each checked before it is
 * used.
 */
#include "notes.h"

#include <elf.h>
#include <string.h>

#include "base/bytes.h"

bool note_parse(const uint8_t *at, size_t left, struct note *out)
{
	struct cursor c = { at, at + left };
	const uint8_t *head, *name, *desc;
	uint64_t name_len, desc_len;

	if (!cursor_take(&c, NOTE_HEADER_LEN, &head))
		return false;
	name_len = get_u32(head);
	desc_len = get_u32(head + 4);
	/* An empty name is how the kernel marks the end of a CPU's notes. */
	if (!name_len || !cursor_take(&c, round_up(name_len, 4), &name) ||
	    !cursor_take(&c, desc_len, &desc))
		return false;
	*out = (struct note){
		.name = (const char *)name,
		.name_len = name_len,
		.type = get_u32(head + 8),
		.desc = desc,
		.desc_len = desc_len,
		/* The last one's padding may be missing. */
		.len = min_u64(left, NOTE_HEADER_LEN + round_up(name_len, 4) +
				     round_up(desc_len, 4)),
	};
	return true;
}

bool note_is(const struct note *n, const char *name, uint32_t type)
{
	return n->type == type && n->name_len == strlen(name) + 1 &&
	       !memcmp(n->name, name, n->name_len);
}

const char *notes_vmcoreinfo(const uint8_t *notes, size_t len, size_t *len_ret)
{
	struct note n;

	for (; note_parse(notes, len, &n); notes += n.len, len -= n.len) {
		if (note_is(&n, "VMCOREINFO", 0)) {
			*len_ret = n.desc_len;
			return (const char *)n.desc;
		}
	}
	return NULL;
}

unsigned notes_n_cpus(const uint8_t *notes, size_t len)
{
	unsigned n_cpus = 0;
	struct note n;

	for (; note_parse(notes, len, &n); notes += n.len, len -= n.len)
		n_cpus += note_is(&n, "CORE", NT_PRSTATUS);
	return n_cpus;
}
