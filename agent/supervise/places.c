/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of places, and one that a file gives. */
#include "places.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"

const struct places places_of_machine = {
#define PLACE(name, path) .name = path,
	PLACES(PLACE)
#undef PLACE
};

static bool set(struct places *p, const char *name, const char *path)
{
	const struct {
		const char *name, **at;
	} rows[] = {
#define PLACE(name, path) { #name, &p->name },
		PLACES(PLACE)
#undef PLACE
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].name, name))
			continue;
		*rows[i].at = path;
		return true;
	}
	return false;
}

bool places_read(struct places *p, const char *file, char text[PLACES_TEXT], struct err *e)
{
	char *line;

	*p = places_of_machine;
	/* A machine that is up keeps its firmware's memory for itself, and its own. */
	p->efi = p->memory = "";
	if (!read_text(file, text, PLACES_TEXT, e))
		return false;
	while ((line = strsep(&text, "\n"))) {
		char *path = strchr(line, ' ');

		if (!*line)
			continue;
		if (!path || path[1] != '/')
			return fail(e, EINVAL, "%s: '%s' is not a name and a path", file, line);
		*path++ = '\0';
		if (!set(p, line, path))
			return fail(e, EINVAL, "%s: no place is called '%s'", file, line);
	}
	return true;
}
