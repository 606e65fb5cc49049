/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * OpenSSH's client as a child of ours: it alone sees the network, without privileges, and
 * it can be killed at any moment. Who is at the other end is decided by pinned host
 * keys; there is no way to do without. It never asks anybody anything.
 *
 * What it needs in an empty root: its own static binary, /dev/null, and an /etc/passwd with a
 * line of its user. It reads no configuration.
 */
#ifndef TARGETS_SSHCLIENT_H
#define TARGETS_SSHCLIENT_H

#include <stdbool.h>
#include <sys/types.h>

#include "sshfiles.h"

struct err;

#define SSH_HOST_KEY_MAX 160	/* "TYPE BASE64" with its NUL */
#define SSH_MAX_HOST_KEYS 8

/* Strings are borrowed. */
struct ssh_login {
	const char *program;	/* the client */
	unsigned uid;		/* who it runs as where its files can be hidden, and ... */
	const char *passwd;	/* ... its line of /etc/passwd */
	const char *user, *host;	/* a name or an address, IPv6 without brackets */
	unsigned port;
	const char *key_file;	/* nobody but its owner may read it */
	const char (*host_keys)[SSH_HOST_KEY_MAX];	/* any of them will do */
	unsigned n_host_keys;
	unsigned connect_s;	/* seconds that connecting may take */
};

struct sshclient {
	pid_t pid;
	int to_fd, from_fd, err_fd;
	struct sshfiles files;
};

#define SSHCLIENT_NONE ((struct sshclient){ .pid = -1, .to_fd = -1, .from_fd = -1, \
					     .err_fd = -1, .files = SSHFILES_NONE })

/*
 * Starts it and returns at once, with the pipes of the server's SFTP. SIGPIPE is ignored in
 * our process from then on.
 */
bool sshclient_start(struct sshclient *c, const struct ssh_login *login, struct err *e);

/* It is logged in and has no more need of its files: they go. */
void sshclient_logged_in(struct sshclient *c);

/*
 * Closes the pipes, gives it a moment unless at_once is set, kills it, reaps it. Harmless
 * when it was not started.
 */
void sshclient_stop(struct sshclient *c, bool at_once);

#endif
