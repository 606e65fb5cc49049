/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks at each file that a command line may come from. */
#include "reserve_changes.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"

#define GROWS 4096		/* what a file may grow by */

const char *reserve_remembered(const struct reserving *r, const char *path, size_t *len)
{
	struct blob rest = { (uint8_t *)r->state, strlen(r->state) }, line;
	size_t n = strlen(path);

	while (file_line(&rest, &line)) {
		if (line.len <= n || memcmp(line.at, path, n) || line.at[n] != '\t')
			continue;
		*len = line.len - n - 1;
		return (char *)line.at + n + 1;
	}
	return NULL;
}

static bool look_at(struct reserving *r, const struct reserve_row *row, const char *path,
		    struct err *e)
{
	struct reserve_change *c = &r->at[r->n];
	char file[HOST_PATH_MAX], words[RESERVE_WORDS];
	struct reserve_edited edited;
	const char *before;
	size_t len = 0;
	struct err why;

	if (r->n == RESERVE_CHANGES_MAX)
		return fail(e, E2BIG, "%s: more than %u files", path, RESERVE_CHANGES_MAX);
	snprintf(words, sizeof(words), "%s", r->words);
	before = reserve_remembered(r, path, &len);
	if (r->undoes && !before)
		return true;
	if (r->undoes)
		snprintf(words, sizeof(words), "%.*s",
			 strncmp(before, RESERVE_NONE, len) ? (int)len : 0, before);
	if (!root_path(file, r->root, path, e) ||
	    !file_load_if_there(&r->arena, file, &c->from, e))
		return false;
	c->to.at = arena_take(&r->arena, c->from.len + GROWS, 1, path, e);
	if (!c->to.at)
		return false;
	edited = (struct reserve_edited){ .out = (char *)c->to.at,
					  .size = c->from.len + GROWS };
	if (!c->from.len || memchr(c->from.at, '\0', c->from.len) ||
	    !reserve_edit(row, (char *)c->from.at, words, &edited, &why))
		return !c->from.len || why.code == ENOENT || fail(e, why.code, "%s", why.text);
	r->n_seen++;
	c->to.len = strlen((char *)c->to.at);
	strcpy(c->old, edited.old);
	c->row = row;
	snprintf(c->path, sizeof(c->path), "%s", path);
	r->n += c->to.len != c->from.len || memcmp(c->to.at, c->from.at, c->to.len);
	return true;
}

static bool look_below(struct reserving *r, const struct reserve_row *row, struct err *e)
{
	char folder[HOST_PATH_MAX], path[HOST_PATH_MAX];
	cleanup_dir DIR *dir = NULL;
	const struct dirent *entry;

	if (!root_path(folder, r->root, row->path, e))
		return false;
	dir = opendir(folder);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || !has_ending(entry->d_name, row->end))
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", row->path, entry->d_name) >=
		    (int)sizeof(path))
			return fail(e, ENAMETOOLONG, "%s: too long a name", entry->d_name);
		if (!look_at(r, row, path, e))
			return false;
	}
	return true;
}

bool reserve_find(struct reserving *r, struct err *e)
{
	const struct reserve_row *row;

	for (size_t i = 0; (row = reserve_row_at(i)); i++)
		if (row->end ? !look_below(r, row, e) : !look_at(r, row, row->path, e))
			return false;
	return true;
}
