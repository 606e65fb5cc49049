/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Servers' keys as OpenSSH's client has learned them, see sshd(8), SSH_KNOWN_HOSTS. */
#ifndef IMPORT_KNOWNHOSTS_H
#define IMPORT_KNOWNHOSTS_H

#include <stdbool.h>
#include <stddef.h>

#include "targets/remote.h"

struct known_host {
	const char *name;
	unsigned port;
	char key[SSH_HOST_KEY_LEN];	/* "ssh-ed25519 AAAA..." */
	unsigned n_hashed;		/* names that were, which could be anybody's */
};

/* The Ed25519 key of that host, in the text of a known_hosts file. */
bool known_hosts_find(const char *text, struct known_host *host);

#endif
