/* SPDX-License-Identifier: GPL-2.0-or-later */
/* debugfs, asked for a folder, then for the files in it. */
#include "disk_files.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "targets/crash_files.h"
#include "tool.h"

#define LIST_MAX 8192	/* of the text of a folder; a crash has some ten files */

static bool is_plain(char c)
{
	return c && (isalnum((unsigned char)c) || strchr("-_.:()", c));
}

bool disk_file_parse(struct disk_file *f, const char *line)
{
	unsigned long mode;
	char *end;
	size_t len;

	/* Inode, mode, owner, group. */
	if (line[0] != '/')
		return false;
	strtoul(line + 1, &end, 10);
	if (*end++ != '/')
		return false;
	mode = strtoul(end, &end, 8);
	for (unsigned i = 0; i < 2; i++) {
		if (*end++ != '/')
			return false;
		strtoul(end, &end, 10);
	}
	if (*end++ != '/' || *end == '.' || *end == '-')
		return false;
	for (len = 0; is_plain(end[len]);)
		len++;
	if (!len || len >= sizeof(f->name) || end[len] != '/' ||
	    !(S_ISREG(mode) || S_ISDIR(mode)))
		return false;
	snprintf(f->name, sizeof(f->name), "%.*s", (int)len, end);
	f->is_folder = S_ISDIR(mode);
	f->len = strtoull(end + len + 1, NULL, 10);
	return true;
}

static bool ask(const struct vm_folders *at, const char *request)
{
	char target[HOST_PATH_MAX];
	const char *const argv[] = { "debugfs", "-R", request, target, NULL };
	struct err ignored;

	vm_path(target, at->work, VM_TARGET);
	return tool_run(argv, at, NULL, &ignored);
}

/* "" is the root. The text has a line for each name. */
static bool list(const struct vm_folders *at, const char *folder, char text[LIST_MAX])
{
	char request[DISK_NAME + 16], log[HOST_PATH_MAX];
	struct err ignored;

	snprintf(request, sizeof(request), "ls -p \"/%s\"", folder);
	vm_path(log, at->work, VM_TOOL_LOG);
	return ask(at, request) && read_text(log, text, LIST_MAX, &ignored);
}

static bool has(const char *text, const char *name)
{
	char word[DISK_NAME];

	snprintf(word, sizeof(word), "/%s/", name);
	return strstr(text, word) != NULL;
}

/* Of an earlier run, if it is there already; by another name it is something of the user's. */
static bool is_crash_file(const char *name)
{
	char plain[DISK_NAME];

	crash_file_plain(name, plain, sizeof(plain));
	for (size_t i = 0; i < N_CRASH_FILES; i++)
		if (!strcmp(crash_files[i].name, plain))
			return true;
	return false;
}

/* debugfs has no exit status for a file that it could not write: there may be no room. */
static bool take(const struct vm_folders *at, const char *folder, const struct disk_file *f)
{
	char request[2 * DISK_NAME + HOST_PATH_MAX], to[HOST_PATH_MAX];
	struct stat st;

	vm_path(to, at->out, f->name);
	if (!is_crash_file(f->name) && !lstat(to, &st))
		return false;
	snprintf(request, sizeof(request), "dump \"/%s/%s\" \"%s\"", folder, f->name, to);
	if (ask(at, request) && !lstat(to, &st) && (uint64_t)st.st_size == f->len)
		return true;
	unlink(to);
	return false;
}

/* All that a crash leaves; of our own names here there is none among them. */
static bool take_all(const struct vm_folders *at, const char *folder, char *text,
		     uint64_t len_max)
{
	struct disk_file f;
	const char *line;
	bool ok = true;

	while ((line = strsep(&text, "\n")))
		if (disk_file_parse(&f, line) && !f.is_folder && f.len <= len_max &&
		    strcmp(f.name, VM_CONSOLE) && strcmp(f.name, VM_KEPT))
			ok &= take(at, folder, &f);
	return ok;
}

bool disk_files_take(const struct vm_folders *at, uint64_t len_max, bool *is_read)
{
	char root[LIST_MAX], inside[LIST_MAX], *rest = root;
	struct disk_file f;
	const char *line;

	/* Where there is no file system debugfs says so, and that it went well. */
	*is_read = list(at, "", root) && has(root, ".");
	while (*is_read && (line = strsep(&rest, "\n"))) {
		if (!disk_file_parse(&f, line) || !f.is_folder)
			continue;
		*is_read = list(at, f.name, inside);
		if (!*is_read || !has(inside, crash_files[CRASH_MANIFEST].name))
			continue;
		*is_read = take_all(at, f.name, inside, len_max);
		return true;
	}
	return false;
}
