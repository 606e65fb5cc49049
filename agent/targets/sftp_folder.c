/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folders on an SFTP server. */
#include "sftp_folder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "sftp.h"
#include "sftp_ask.h"

/* A folder can be opened and synced like a file where the server is a Unix. */
bool sftp_sync_folder(struct sftp *c, const char *path, struct err *e)
{
	struct sftp_file *folder = NULL;
	struct err ignored;
	bool ok;

	if (c->can_fsync)
		folder = sftp_open(c, path, SFTP_O_READ, &ignored);
	if (!folder)
		return !c->dead || sftp_die(c, 0, "", e);
	ok = sftp_start_sync(folder, e) && sftp_drain(folder, e);
	return sftp_close(folder, &ignored) && ok;
}

/* Why a folder cannot be made is only told when it is not there. */
bool sftp_make_folders(struct sftp *c, const char *path, unsigned *n_made, struct err *e)
{
	char part[SFTP_PATH_MAX], parent[SFTP_PATH_MAX] = "/";
	size_t len = strlen(path);
	bool is_folder;
	struct err ignored;

	for (size_t i = 1; i <= len; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (sftp_mkdir(c, part, e)) {
			++*n_made;
			if (!sftp_sync_folder(c, parent, e))
				return false;
		} else if (c->dead || !sftp_look_through(c, part, &is_folder, &ignored)) {
			return false;
		} else if (!is_folder) {
			return fail(e, ENOTDIR, "%s is not a folder", part);
		}
		memcpy(parent, part, i + 1);
	}
	return true;
}

/* Whether what was just written comes back. Doubt is a yes: then nothing can be lost. */
bool sftp_only_grows(struct sftp *c, const char *folder)
{
	static const char wrote[] = "crashbox";
	char path[SFTP_PATH_MAX + 40], got[sizeof(wrote)] = "";
	struct sftp_file *file;
	struct err ignored;
	bool same;

	snprintf(path, sizeof(path), "%s/.crashbox-try-%d", folder, getpid());
	sftp_remove(c, path, &ignored);
	file = sftp_open(c, path, SFTP_O_READ | SFTP_O_WRITE | SFTP_O_CREATE |
			 SFTP_O_EXCLUSIVE, &ignored);
	same = file && sftp_write(file, 0, wrote, sizeof(wrote), &ignored) &&
	       sftp_read(file, 0, got, sizeof(got), &ignored) &&
	       !memcmp(wrote, got, sizeof(got));
	if (file)
		sftp_close(file, &ignored);
	sftp_remove(c, path, &ignored);
	return !same;
}
