/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a configuration's files, of which packages and fleets bring their own. */
#include "config_files.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"

#define MAX_DROP_INS 64
#define DROP_IN_NAME 96		/* bytes of a name */

struct drop_ins {
	char folder[PATH_MAX];
	char names[MAX_DROP_INS][DROP_IN_NAME];
	unsigned n;
};

static bool is_drop_in(const char *name)
{
	size_t len = strlen(name);

	return name[0] != '.' && len > 5 && !strcmp(name + len - 5, ".conf");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* A folder that is not there has none. */
static bool find_drop_ins(struct drop_ins *d, const char *path, struct err *e)
{
	struct dirent *entry;
	bool ok = true;
	DIR *dir;

	if (snprintf(d->folder, sizeof(d->folder), "%s.d", path) >= (int)sizeof(d->folder))
		return fail(e, ENAMETOOLONG, "%s: too long a name", path);
	dir = opendir(d->folder);
	if (!dir)
		return errno == ENOENT || errno == ENOTDIR ||
		       fail(e, errno, "cannot open %s: %s", d->folder, strerror(errno));
	while (ok && (entry = readdir(dir))) {
		if (!is_drop_in(entry->d_name))
			continue;
		if (strlen(entry->d_name) >= DROP_IN_NAME)
			ok = fail(e, ENAMETOOLONG, "%s/%s: too long a name", d->folder,
				  entry->d_name);
		else if (d->n == MAX_DROP_INS)
			ok = fail(e, E2BIG, "%s: more than %u files", d->folder, MAX_DROP_INS);
		else
			strcpy(d->names[d->n++], entry->d_name);
	}
	closedir(dir);
	qsort(d->names, d->n, sizeof(d->names[0]), by_name);
	return ok;
}

/* A file behind what is there, and a newline behind it. */
static bool add_file(const char *path, char text[CONFIG_FILE_MAX], size_t *len, struct err *e)
{
	size_t room = CONFIG_FILE_MAX - *len;

	if (!read_text(path, text + *len, room - 1, e))
		return false;
	*len += strlen(text + *len);
	if (*len == CONFIG_FILE_MAX - 2)
		return fail(e, EFBIG, "%s: %slonger than %u bytes", path,
			    room == CONFIG_FILE_MAX ? "" : "with what is before it ",
			    CONFIG_FILE_MAX - 3);
	if (*len && text[*len - 1] != '\n')
		text[(*len)++] = '\n';
	text[*len] = '\0';
	return true;
}

static bool add_drop_in(const struct drop_ins *d, unsigned nr, char text[CONFIG_FILE_MAX],
			size_t *len, struct err *e)
{
	char path[PATH_MAX + DROP_IN_NAME];
	size_t room = CONFIG_FILE_MAX - *len;
	int n;

	snprintf(path, sizeof(path), "%s/%s", d->folder, d->names[nr]);
	n = snprintf(text + *len, room, CONFIG_FROM "%s\n", path);
	if ((size_t)n + 2 >= room)
		return fail(e, EFBIG, "%s: what is before it leaves no room in %u bytes", path,
			    CONFIG_FILE_MAX);
	*len += n;
	return add_file(path, text, len, e);
}

bool config_files_read(const char *path, char text[CONFIG_FILE_MAX], size_t *len_ret,
		       struct err *e)
{
	struct drop_ins d = { .n = 0 };
	size_t len = 0;

	text[0] = '\0';
	if (!find_drop_ins(&d, path, e))
		return false;
	if (!add_file(path, text, &len, e) && (e->code != ENOENT || !d.n))
		return false;
	for (unsigned i = 0; i < d.n; i++)
		if (!add_drop_in(&d, i, text, &len, e))
			return false;
	*e = (struct err){ .code = 0 };
	*len_ret = len;
	return true;
}
