/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Servers' keys as OpenSSH's client has learned them, see sshd(8), SSH_KNOWN_HOSTS. */
#ifndef IMPORT_KNOWNHOSTS_H
#define IMPORT_KNOWNHOSTS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The Ed25519 key of a host in the text of a known_hosts file, "ssh-ed25519 AAAA..."; names
 * that are hashed are counted, for they could be anybody's.
 */
bool known_hosts_find(const char *text, const char *host, unsigned port, char *key,
		      size_t size, unsigned *n_hashed);

#endif
