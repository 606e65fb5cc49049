/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From "USER@HOST:PORT:/path" to an SFTP server that has proved who it is. */
#ifndef TARGETS_CONNECT_H
#define TARGETS_CONNECT_H

#include <stdbool.h>
#include <stdint.h>

#include "remote.h"
#include "sshclient.h"

struct err;
struct sftp;
struct sftp_ahead;
struct target_access;

struct connection {
	struct sshclient client;
	struct sftp *sftp;
	struct sftp_ahead *ahead;	/* with the same connection in it, for a sink */
	struct remote remote;
	char peer[200];		/* "sftp:USER@HOST" */
};

/* Of a verb: `asked`, or ours where it is installed or in the image, or the distribution's. */
const char *connect_client(const char *asked);

/* Starts the client and waits for the greeting of the first address that lets us in. */
bool connect_sftp(struct connection *c, const struct target_access *want, struct err *e);
void connection_close(struct connection *c);

#endif
