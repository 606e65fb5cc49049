/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The operator's own OpenSSH, on a machine that is up: it makes keys and reaches servers. */
#ifndef VERBS_SSH_TOOLS_H
#define VERBS_SSH_TOOLS_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct remote;

#define SSH_TOOL_TEXT 4096

/*
 * Runs a program of PATH, its arguments without a shell; what it prints goes to `out`, or,
 * NULL, to our standard output. What it asks is asked on the terminal. False: it failed, or
 * is not there.
 */
bool ssh_tool_run(const char *const *argv, char out[SSH_TOOL_TEXT], struct err *e);

/* Makes an Ed25519 key without a passphrase at `path`, unless there is one; its public half. */
bool ssh_tool_key(const char *path, char pub[SSH_TOOL_TEXT], struct err *e);

/* The Ed25519 key that the server shows: "ssh-ed25519 AAAA...". Nothing proves who it is. */
bool ssh_tool_host_key(const struct remote *server, char key[SSH_TOOL_TEXT], struct err *e);

/* "SHA256:...", of a public key. */
bool ssh_tool_fingerprint(const char *key, char print[SSH_TOOL_TEXT], struct err *e);

/*
 * Logs in there as the operator does, to a server that shows this key and no other, and lets
 * in `pub` for SFTP alone, beginning in the target's folder, which is made.
 */
bool ssh_tool_let_in(const struct remote *server, const char *host_key, const char *pub,
		     struct err *e);

#endif
