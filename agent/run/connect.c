/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The client's start and its first words; a failure leaves nothing running. */
#include "connect.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "sink/sftp.h"

#define CONNECT_S 10	/* for a TCP connection and the server's first line */

_Static_assert(SSH_HOST_KEY_LEN == SSH_HOST_KEY_MAX && SSH_N_HOST_KEYS == SSH_MAX_HOST_KEYS,
	       "host keys");

/* The first of its addresses takes the name's place; one with a zone is one already. */
static bool resolve(struct remote *r, const struct names *names, struct err *e)
{
	struct ipaddr ips[MAX_NAME_ADDRESSES];

	if (strchr(r->host, '%'))
		return true;
	if (!names_lookup(names, r->host, ips, e))
		return false;
	ip_format(&ips[0], r->host);
	return true;
}

const char *connect_client(const char *asked)
{
	static const char *const clients[] = { SSH_INSTALLED, SSH_PROGRAM };

	for (size_t i = 0; i < sizeof(clients) / sizeof(clients[0]) && !asked; i++)
		if (!access(clients[i], X_OK))
			asked = clients[i];
	return asked ? asked : "/usr/bin/ssh";
}

bool connect_sftp(struct connection *c, const char *words, const char *program,
		  const struct ssh_keys *keys, const struct names *names, double stall_s,
		  uint64_t *durable, struct arena *arena, struct err *e)
{
	struct ssh_login login = {
		.program = program,
		.user = c->remote.user,
		.host = c->remote.host,
		.key_file = keys->key,
		.host_keys = keys->host_keys,
		.n_host_keys = keys->n_host_keys,
	};

	c->client = SSHCLIENT_NONE;
	c->sftp = NULL;
	if (!ssh_check(keys, e) || !remote_parse_sftp(&c->remote, words, e))
		return false;
	login.port = c->remote.port;
	if (names && !resolve(&c->remote, names, e))
		return false;
	snprintf(c->peer, sizeof(c->peer), "sftp:%s@%s", c->remote.user, c->remote.host);
	c->sftp = arena_take(arena, 1, sizeof(*c->sftp), "SFTP connection", e);
	if (!c->sftp ||
	    !sshclient_start(&c->client, &login, stall_s < CONNECT_S ? stall_s : CONNECT_S, e))
		return false;
	sftp_init(c->sftp, c->client.to_fd, c->client.from_fd, c->client.err_fd, c->peer,
		  stall_s, durable);
	if (sftp_hello(c->sftp, e)) {
		sshclient_logged_in(&c->client);
		return true;
	}
	connection_close(c);
	return false;
}

void connection_close(struct connection *c)
{
	sshclient_stop(&c->client, c->sftp && c->sftp->dead);
}
