/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of a fixture that change what is there already: pages, log lines, keys of
 * VMCOREINFO, words of memory and of the ELF header, in file order.
 */
#include "mkcore.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t where(struct core *c, char *s)
{
	uint64_t at, vaddr, plus = 0;
	char *sign = strchr(s, '+'), *end;

	if (sign) {
		plus = strtoull(sign + 1, NULL, 0);
		*sign = 0;
	}
	if (strncmp(s, "page:", 5) == 0)
		at = page_paddr(c, strtoull(s + 5, NULL, 0));
	else if (strncmp(s, "pte:", 4) == 0) {
		vaddr = strtoull(s + 4, &end, 0);
		at = pgt_entry(c, vaddr, *end == ':' ? atoi(end + 1) : 1, false);
	} else if (!label_find(c, s, &at)) {
		at = strtoull(s, &end, 0);
		if (*end || end == s)
			die("no such place: %s", s);
	}
	return at + plus;
}

static void poke_line(struct core *c, char *line, char *value)
{
	char what[16], place[128];
	int size, off, idx;
	uint64_t number = *value == '&' ? where(c, value + 1) :
			  *value == '^' ? direct_vaddr(c, where(c, value + 1)) :
			  strtoull(value, NULL, 0);
	uint8_t *phdr = c->map + sizeof(Elf64_Ehdr);

	if (sscanf(line, "poke %d %127s", &size, place) == 2)
		put(mem_at(c, where(c, place), size), number, size);
	else if (sscanf(line, "phdr %d %d %d", &idx, &off, &size) == 3)
		put(phdr + sizeof(Elf64_Phdr) * idx + off, number, size);
	else if (sscanf(line, "ehdr %d %d", &off, &size) == 2)
		put(c->map + off, number, size);
	else if (sscanf(line, "note %i %d", &off, &size) == 2)
		put(c->map + c->note_off + off, number, size);
	else if (sscanf(line, "%15s %i %d", what, &off, &size) == 3)
		put(c->map + off, number, size);
	else
		die("cannot understand: %s", line);
}

void late_line(struct core *c, char *line, bool after_header, int64_t *cut)
{
	bool header = strchr("pefnc", *line) && strncmp(line, "poke", 4) != 0;
	char *value;

	if (header != after_header)
		return;
	if (*line == '@') {
		page_line(c, line);
		return;
	}
	if (strncmp(line, "log", 3) == 0) {
		log_line(c, line);
		return;
	}
	if (types_line(c, line))
		return;
	if (strncmp(line, "unset ", 6) == 0) {
		info_drop(c, strip(line + 6));
		return;
	}
	if (strncmp(line, "vmcoreinfo ", 11) == 0) {
		c->raw_info = strdup(strip(line + 11));
		return;
	}
	value = strchr(line, '=');
	if (!value)
		die("= was expected in: %s", line);
	*value++ = 0;
	value = strip(value);
	if (strncmp(line, "set ", 4) == 0)
		info_set(c, strip(line + 4), "%s", value);
	else if (strncmp(line, "cut", 3) == 0)
		*cut = strtoll(value, NULL, 0);
	else
		poke_line(c, line, value);
}
