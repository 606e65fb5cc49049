/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folders on an SFTP server: made, synced, and asked what files in them can do. */
#ifndef TARGETS_SFTP_FOLDER_H
#define TARGETS_SFTP_FOLDER_H

#include <stdbool.h>

struct err;
struct sftp;

/* What is in the folder is on the server's storage, as far as the server can do that. */
bool sftp_sync_folder(struct sftp *c, const char *path, struct err *e);

/* As mkdir -p does; those that were made are added to *n_made. */
bool sftp_make_folders(struct sftp *c, const char *path, unsigned *n_made, struct err *e);

/* Does a file there take each byte once, and give none before it is closed? */
bool sftp_only_grows(struct sftp *c, const char *folder);

#endif
