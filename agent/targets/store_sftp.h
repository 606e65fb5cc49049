/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A store on an SFTP server. */
#ifndef TARGETS_STORE_SFTP_H
#define TARGETS_STORE_SFTP_H

struct sftp;
struct store;

/* The connection stays the caller's; whether the folder is there is seen when it is listed. */
void store_sftp_open(struct store *s, struct sftp *c, const char *path);

#endif
