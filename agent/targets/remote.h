/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Servers as a target names them, and how they are known to be who they are. Text goes
 * in, checked values come out: nothing here touches the network or a file.
 */
#ifndef TARGETS_REMOTE_H
#define TARGETS_REMOTE_H

#include <stdbool.h>

/* OpenSSH's client. */
#define SSH_PROGRAM "/bin/ssh"	/* in the image */
#define SSH_INSTALLED "/usr/lib/crashbox/ssh"	/* ours, where it is installed */

/*
 * Who the client runs as: nobody else, or else's process could kill it. Not 65534, which all
 * kinds of services share; 65520 to 65533 are in no range that Debian's policy or systemd
 * hands users out of, and a 16-bit number exists in containers, too.
 */
#define SSH_CLIENT_UID 65525
#define SSH_CLIENT_PASSWD "crashbox-ssh:x:65525:65525::/:/\n"

struct err;

struct remote {
	char user[33];
	char host[128];		/* a name or an address, IPv6 without its brackets */
	bool is_ipv6;
	unsigned port;
	char path[200];		/* absolute, no "/" at its end unless it is the root */
};

enum { REMOTE_USER = 1, REMOTE_PORT = 2 };

/*
 * "HOST:/path", HOST a name, an IPv4 address or an IPv6 address in brackets. With
 * REMOTE_USER "USER@" must stand before it, with REMOTE_PORT ":PORT" may stand behind it;
 * else r->port is left alone. EINVAL says what is wrong.
 */
bool remote_parse(struct remote *r, const char *text, unsigned what, struct err *e);

/* "udp:HOST[:PORT]", a log server; port 514 unless it says another. */
bool remote_parse_log(struct remote *r, const char *text, struct err *e);

/* "HOST[:PORT]", a node of a cluster; port 7410 unless it says another. */
bool remote_parse_node(struct remote *r, const char *text, struct err *e);

/* What follows "sftp:" in a target; port 22 unless it says another. */
bool remote_parse_sftp(struct remote *r, const char *text, struct err *e);

#define SSH_HOST_KEY_LEN 160	/* as in targets/sshclient.h */
#define SSH_N_HOST_KEYS 8

struct ssh_keys {
	char key[128];		/* file of our private key, "" none */
	char host_keys[SSH_N_HOST_KEYS][SSH_HOST_KEY_LEN];	/* "TYPE BASE64" */
	unsigned n_host_keys;
};

bool ssh_set_key(struct ssh_keys *k, const char *value, struct err *e);

/* As in a .pub file, a comment behind it is dropped. Only Ed25519. */
bool ssh_add_host_key(struct ssh_keys *k, const char *value, struct err *e);

/* Can a server be spoken to with these? */
bool ssh_check(const struct ssh_keys *k, struct err *e);

#endif
