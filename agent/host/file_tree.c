/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files copied and taken away by a list of their paths, which is what the note has. */
#include "file_tree.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "root.h"
#include "whole_file.h"

#define DEPTH_MAX 12
#define NOTE_MAX (16u << 10)	/* bytes of the list */
#define WORK_LEN (160u << 20)	/* both versions of a file, of a capture kernel say */
#define OURS "crashbox"		/* folders with this in their path may go when they are empty */

/* What is noted, old and new, and where it is. */
struct laying {
	const char *from, *root;
	struct arena arena;
	char before[NOTE_MAX], now[NOTE_MAX];
	size_t len;		/* of now */
	unsigned n_changed;
	struct err foreign;	/* the first file that is somebody else's; code 0: none is */
};

/* A path of the note leads nowhere but below the root. */
static bool is_path(const struct blob *line)
{
	return line->len > 1 && line->len < HOST_PATH_MAX && line->at[0] == '/' &&
	       !memmem(line->at, line->len, "/..", 3) && !memchr(line->at, 0, line->len);
}

static bool is_noted(const char *note, const char *path)
{
	struct blob rest = { (uint8_t *)note, strlen(note) }, line;

	while (file_line(&rest, &line))
		if (blob_is(&line, path))
			return true;
	return false;
}

/* From here such a link would lead to a place of ours, not of the root's. */
static bool leads_out(const char *folder, struct err *e)
{
	char to[HOST_PATH_MAX];
	ssize_t len = readlink(folder, to, sizeof(to) - 1);

	if (len <= 0 || to[0] != '/')
		return false;
	to[len] = '\0';
	return !fail(e, ELOOP, "%s: is a link to %s, which is no place from here", folder, to);
}

/* The folders that a path needs, as folders usually are. */
static bool make_folders(const char *full, size_t root_len, struct err *e)
{
	char folder[HOST_PATH_MAX];

	snprintf(folder, sizeof(folder), "%s", full);
	for (char *at = strchr(folder + root_len + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		if (leads_out(folder, e))
			return false;
		if (mkdir(folder, strcmp(folder + root_len, STATE_DIR) ? 0755 : 0700) &&
		    errno != EEXIST)
			return fail(e, errno, "%s: cannot be made: %s", folder,
				    strerror(errno));
		*at = '/';
	}
	return true;
}

static bool is_same(struct laying *l, const char *full, const struct blob *data, mode_t mode)
{
	struct blob there;
	struct err ignored;
	struct stat st;

	return !stat(full, &st) && (st.st_mode & 07777) == mode &&
	       file_load(&l->arena, full, &there, &ignored) && there.len == data->len &&
	       !memcmp(there.at, data->at, data->len);
}

static mode_t mode_of(const struct stat *st)
{
	return st->st_mode & 0111 ? 0755 : 0644;
}

/* `path` is that below both. What is noted is laid; what somebody else has put there stays. */
static bool list_file(struct laying *l, const char *path, const struct stat *st, struct err *e)
{
	char source[HOST_PATH_MAX], full[HOST_PATH_MAX];
	size_t mark = arena_mark(&l->arena);
	struct blob data;
	struct stat there;
	bool same;

	if (!root_path(source, l->from, path, e) || !root_path(full, l->root, path, e))
		return false;
	/* A link, too: what it leads to from the root that this is, nobody here can tell. */
	if (!is_noted(l->before, path) && !lstat(full, &there)) {
		if (!file_load(&l->arena, source, &data, e))
			return false;
		same = S_ISREG(there.st_mode) && is_same(l, full, &data, mode_of(st));
		arena_release(&l->arena, mark);
		if (!same && !l->foreign.code)
			fail(&l->foreign, EEXIST, "%s: is there already, and not by us", full);
		return true;
	}
	if (l->len + strlen(path) + 2 > sizeof(l->now))
		return fail(e, E2BIG, "%s: more files than %u bytes of paths", path, NOTE_MAX);
	l->len += sprintf(l->now + l->len, "%s%s", l->len ? "\n" : "", path);
	return true;
}

static bool list_folder(struct laying *l, const char *path, unsigned depth, struct err *e)
{
	char source[HOST_PATH_MAX], below[HOST_PATH_MAX];
	struct dirent *entry;
	struct stat st;
	bool ok = true;
	DIR *dir;

	if (!root_path(source, l->from, path, e))
		return false;
	dir = opendir(source);
	if (!dir)
		return fail(e, errno, "%s: %s", source, strerror(errno));
	while (ok && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strncmp(entry->d_name, "..", 2))
			continue;
		if (snprintf(below, sizeof(below), "%s/%s", path, entry->d_name) >=
		    (int)sizeof(below))
			ok = fail(e, ENAMETOOLONG, "%s: too long a name", entry->d_name);
		else if (!root_path(source, l->from, below, e))
			ok = false;
		else if (stat(source, &st))
			ok = fail(e, errno, "%s: %s", source, strerror(errno));
		else if (S_ISDIR(st.st_mode))
			ok = depth == DEPTH_MAX || list_folder(l, below, depth + 1, e);
		else if (S_ISREG(st.st_mode))
			ok = list_file(l, below, &st, e);
	}
	closedir(dir);
	return ok;
}

static bool lay_file(struct laying *l, const char *path, struct err *e)
{
	char source[HOST_PATH_MAX], full[HOST_PATH_MAX];
	size_t mark = arena_mark(&l->arena);
	struct blob data;
	struct stat st;
	bool ok;

	if (!root_path(source, l->from, path, e) || !root_path(full, l->root, path, e))
		return false;
	if (stat(source, &st))
		return fail(e, errno, "%s: %s", source, strerror(errno));
	ok = file_load(&l->arena, source, &data, e);
	if (ok && !is_same(l, full, &data, mode_of(&st))) {
		ok = make_folders(full, strlen(l->root), e) && file_replace(full, &data, e) &&
		     (!chmod(full, mode_of(&st)) ||
		      fail(e, errno, "%s: %s", full, strerror(errno)));
		l->n_changed++;
	}
	arena_release(&l->arena, mark);
	return ok;
}

/* With the folders that were ours alone. */
static bool take_away(struct laying *l, const char *path, struct err *e)
{
	char full[HOST_PATH_MAX], *end;

	if (!root_path(full, l->root, path, e))
		return false;
	if (unlink(full) && errno != ENOENT)
		return fail(e, errno, "%s: cannot be removed: %s", full, strerror(errno));
	l->n_changed++;
	while ((end = strrchr(full + strlen(l->root) + 1, '/'))) {
		*end = '\0';
		if (!strstr(full + strlen(l->root), OURS) || rmdir(full))
			break;
	}
	return true;
}

/* For each path of a note, but for those of `kept`. */
static bool each(struct laying *l, const char *text, const char *kept,
		 bool (*work)(struct laying *l, const char *path, struct err *e), struct err *e)
{
	struct blob rest = { (uint8_t *)text, strlen(text) }, line;
	char path[HOST_PATH_MAX];

	while (file_line(&rest, &line)) {
		if (!is_path(&line))
			continue;
		snprintf(path, sizeof(path), "%.*s", (int)line.len, (char *)line.at);
		if (!is_noted(kept, path) && !work(l, path, e))
			return false;
	}
	return true;
}

/* Before anything is laid: of what is cut off in the middle nothing stays unnoticed. */
static bool note(struct laying *l, struct err *e)
{
	char full[HOST_PATH_MAX];

	return !strcmp(l->before, l->now) ||
	       (root_path(full, l->root, TREE_NOTE, e) &&
		make_folders(full, strlen(l->root), e) &&
		file_replace(full, &(struct blob){ (uint8_t *)l->now, l->len }, e));
}

static bool read_note(struct laying *l, struct err *e)
{
	return root_read(l->root, TREE_NOTE, l->before, sizeof(l->before), e) ||
	       e->code == ENOENT || within(e, "what was installed");
}

bool file_tree_lay(const char *from, const char *root, unsigned *n_changed, struct err *e)
{
	struct laying l = { .from = from, .root = root };
	bool ok = read_note(&l, e) && arena_init(&l.arena, WORK_LEN, e) &&
		  list_folder(&l, "", 0, e) && each(&l, l.before, l.now, take_away, e) &&
		  note(&l, e) && each(&l, l.now, "", lay_file, e);

	arena_deinit(&l.arena);
	*n_changed = l.n_changed;
	/* All others are laid. */
	if (ok && l.foreign.code)
		*e = l.foreign;
	return ok && !l.foreign.code;
}

bool file_tree_remove(const char *root, unsigned *n_removed, struct err *e)
{
	struct laying l = { .root = root };
	char full[HOST_PATH_MAX];
	bool ok = read_note(&l, e) && each(&l, l.before, "", take_away, e) &&
		  root_path(full, root, TREE_NOTE, e);

	if (ok && unlink(full) && errno != ENOENT)
		ok = fail(e, errno, "%s: cannot be removed: %s", full, strerror(errno));
	*n_removed = l.n_changed;
	return ok;
}
