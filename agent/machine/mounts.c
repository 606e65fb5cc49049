/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is mounted. Format: Linux Documentation/filesystems/proc.rst, 3.5
 * /proc/<pid>/mountinfo.
 */
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"

#define MOUNTINFO "/proc/self/mountinfo"

/* ---- the list --------------------------------------------------------------- */

/* Blanks and such are written as \040. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *at = text; *at; at++) {
		if (at[0] == '\\' && strspn(at + 1, "01234567") >= 3) {
			*to++ = (at[1] - '0') << 6 | (at[2] - '0') << 3 | (at[3] - '0');
			at += 3;
		} else {
			*to++ = *at;
		}
	}
	*to = '\0';
}

/* Is it one of a list with commas? */
static bool has_option(const char *options, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = options; at; at = strchr(at, ',')) {
		at += *at == ',';
		if (!strncmp(at, name, len) && (!at[len] || at[len] == ','))
			return true;
	}
	return false;
}

static bool parse(const char *line, size_t len, struct mount_entry *m)
{
	char text[2048], options[64], super[512] = "", *behind;

	memset(m, 0, sizeof(*m));
	if (len >= sizeof(text))
		return false;
	memcpy(text, line, len);
	text[len] = '\0';
	behind = strstr(text, " - ");
	if (!behind ||
	    sscanf(text, "%u %*u %u:%u %255s %255s %63s", &m->id, &m->major, &m->minor,
		   m->root, m->at, options) != 6 ||
	    strlen(m->root) == sizeof(m->root) - 1 || strlen(m->at) == sizeof(m->at) - 1 ||
	    sscanf(behind, " - %31s %255s %511s", m->type, m->source, super) < 2)
		return false;
	m->is_read_only = has_option(options, "ro");
	m->is_stopped = has_option(super, "ro") || has_option(super, "emergency_ro") ||
			has_option(super, "shutdown");
	unescape(m->root);
	unescape(m->at);
	unescape(m->source);
	return true;
}

bool mounts_next(const char **text, struct mount_entry *m)
{
	while (**text) {
		const char *line = *text;
		size_t len = strcspn(line, "\n");

		*text += len + (line[len] == '\n');
		if (parse(line, len, m))
			return true;
	}
	return false;
}

/* Does `path` lie in `folder`? What is left of it, "" or "/...", or NULL. */
static const char *below(const char *path, const char *folder)
{
	size_t len = strcmp(folder, "/") ? strlen(folder) : 0;

	return !strncmp(path, folder, len) && (!path[len] || path[len] == '/') ? path + len
									      : NULL;
}

bool mounts_is_hidden(const char *later, const struct mount_entry *m)
{
	struct mount_entry over;

	while (mounts_next(&later, &over))
		if (below(m->at, over.at))
			return true;
	return false;
}

static bool read_mounts(const char *root, char text[MOUNT_TEXT], struct err *e)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s" MOUNTINFO, root);
	return read_text(path, text, MOUNT_TEXT, e);
}

bool mounts_of_device(const char *root, dev_t dev, struct mount_entry *m, struct err *e)
{
	char text[MOUNT_TEXT];
	const char *at = text;

	if (!read_mounts(root, text, e))
		return false;
	while (mounts_next(&at, m))
		if (m->major == major(dev) && m->minor == minor(dev) &&
		    !strcmp(m->root, "/") && !mounts_is_hidden(at, m))
			return true;
	return fail(e, ENOENT, "not mounted");
}

/* The kernel lists the devices of each; a source may be any of them, or a link to it. */
static bool is_of_btrfs(const char *root, const char *uuid, const struct mount_entry *m)
{
	char path[PATH_MAX], real[PATH_MAX];
	const char *name;
	struct stat st;

	snprintf(path, sizeof(path), "%s%s", root, m->source);
	name = strrchr(realpath(path, real) ? real : m->source, '/');
	snprintf(path, sizeof(path), "%s/sys/fs/btrfs/%s/devices%s", root, uuid,
		 name ? name : "/?");
	return !strcmp(m->type, "btrfs") && !stat(path, &st);
}

bool mounts_of_btrfs(const char *root, const char *uuid, const char *path,
		     struct mount_entry *m, struct err *e)
{
	char text[MOUNT_TEXT];
	const char *at = text;
	struct mount_entry one;
	bool found = false;

	if (!read_mounts(root, text, e))
		return false;
	while (mounts_next(&at, &one)) {
		if (!below(path, one.root) || !is_of_btrfs(root, uuid, &one) ||
		    mounts_is_hidden(at, &one) ||
		    (found && strlen(one.root) < strlen(m->root)))
			continue;
		*m = one;
		found = true;
	}
	return found || fail(e, ENOENT, "not mounted");
}

bool mounts_of_source(const char *type, const char *source, struct mount_entry *m,
		      struct err *e)
{
	char text[MOUNT_TEXT];
	const char *at = text;

	if (!read_mounts("", text, e))
		return false;
	while (mounts_next(&at, m))
		if (!strcmp(m->type, type) && !strcmp(m->source, source) &&
		    !strcmp(m->root, "/") && !m->is_read_only && !mounts_is_hidden(at, m))
			return true;
	return fail(e, ENOENT, "not mounted");
}

bool mounts_of_export(const char *path, const struct mounts_host *host, char at[512],
		      struct err *e)
{
	char text[MOUNT_TEXT];
	const char *next = text, *rest;
	struct mount_entry m;

	if (!read_mounts("", text, e))
		return false;
	while (mounts_next(&next, &m)) {
		char *colon = strstr(m.source, ":/");

		if (strncmp(m.type, "nfs", 3) || !colon || strcmp(m.root, "/"))
			continue;
		rest = below(path, colon + 1);
		*colon = '\0';
		if (!rest || mounts_is_hidden(next, &m) || !host->is(host, m.source))
			continue;
		snprintf(at, 512, "%s%s", m.at, rest);
		return true;
	}
	return fail(e, ENOENT, "not mounted");
}

/* The number that mountinfo gives the mount of a path: Linux fs/proc/fd.c. */
static bool mount_id(const char *path, unsigned *id, struct err *e)
{
	cleanup_fd int fd = open(path, O_PATH | O_CLOEXEC);
	char name[64], text[512], *at;

	if (fd < 0)
		return fail(e, errno, "%s: %s", path, strerror(errno));
	snprintf(name, sizeof(name), "/proc/self/fdinfo/%d", fd);
	if (!read_text(name, text, sizeof(text), e))
		return false;
	at = strstr(text, "mnt_id:");
	return (at && sscanf(at, "mnt_id: %u", id) == 1) ||
	       fail(e, EIO, "%s: does not tell the mount", name);
}

bool mounts_holding(const char *path, struct mount_entry *m, char on_fs[256], struct err *e)
{
	char text[MOUNT_TEXT], real[PATH_MAX];
	const char *at = text, *rest, *from;
	unsigned id;

	if (!realpath(path, real))
		return fail(e, errno, "%s: %s", path, strerror(errno));
	if (!mount_id(real, &id, e) || !read_mounts("", text, e))
		return false;
	while (mounts_next(&at, m)) {
		if (m->id != id || !(rest = below(real, m->at)))
			continue;
		from = *rest && !strcmp(m->root, "/") ? "" : m->root;
		return snprintf(on_fs, 256, "%s%s", from, rest) < 256 ||
		       fail(e, ENAMETOOLONG, "%s: too long a path on its file system", path);
	}
	return fail(e, ENOENT, "%s: on no file system that is listed", path);
}

/* ---- our own ---------------------------------------------------------------- */

/* Is a file that is still needed below that folder? */
static bool holds_any(const char *folder, const char *const *needed)
{
	char real[PATH_MAX];

	for (; needed && *needed; needed++)
		if (realpath(*needed, real) && below(real, folder))
			return true;
	return false;
}

bool mounts_go_private(const char *const *needed, char at[64], struct err *e)
{
	static const char *const places[] = { "/mnt", "/media", "/srv", "/tmp" };
	struct stat st;

	if (unshare(CLONE_NEWNS | CLONE_NEWUTS))
		return fail(e, errno, "mounts of our own: %s%s", strerror(errno),
			    errno == EPERM ? " (this needs root)" : "");
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return fail(e, errno, "mounts of our own: %s", strerror(errno));
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (holds_any(places[i], needed) || stat(places[i], &st) ||
		    !S_ISDIR(st.st_mode) ||
		    mount("crashbox", places[i], "tmpfs", MS_NODEV | MS_NOSUID, "mode=0700"))
			continue;
		snprintf(at, 64, "%s/crashbox", places[i]);
		return !mkdir(at, 0700) || fail(e, errno, "%s: %s", at, strerror(errno));
	}
	return fail(e, ENOENT, "no place to mount on: neither /mnt nor /tmp can be used");
}
