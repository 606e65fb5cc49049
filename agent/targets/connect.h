/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From "USER@HOST:PORT:/path" to an SFTP server that has proved who it is. */
#ifndef TARGETS_CONNECT_H
#define TARGETS_CONNECT_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/host_names.h"
#include "remote.h"
#include "sshclient.h"

struct arena;
struct err;
struct sftp;
struct sftp_ahead;

struct connection {
	struct sshclient client;
	struct sftp *sftp;
	struct sftp_ahead *ahead;	/* with the same connection in it, for a sink */
	struct remote remote;
	char peer[200];		/* "sftp:USER@HOST" */
};

/* Of a verb: `asked`, or ours where it is installed or in the image, or the distribution's. */
const char *connect_client(const char *asked);

struct connect_want {
	const char *program;	/* the client */
	const struct ssh_keys *keys;
	const struct host_names *names;	/* has the addresses of the host */
	double stall_s;		/* for each answer, and for all of the connecting */
	uint64_t *durable;	/* counts bytes that the server has confirmed */
	struct arena *arena;
};

/* Starts the client and waits for the greeting of the first address that lets us in. */
bool connect_sftp(struct connection *c, const char *words, const struct connect_want *want,
		  struct err *e);
void connection_close(struct connection *c);

#endif
