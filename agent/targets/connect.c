/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connecting to an SFTP server. The client's start and its first words; a failure leaves
 * nothing running. The addresses of a name share the time that one would have.
 */
#include "connect.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "machine/host_names.h"
#include "sink_sftp.h"
#include "target_access.h"
#include "target_kinds.h"

#define CONNECT_S 10	/* for a TCP connection and the server's first line */

_Static_assert(SSH_HOST_KEY_LEN == SSH_HOST_KEY_MAX && SSH_N_HOST_KEYS == SSH_MAX_HOST_KEYS,
	       "host keys");

const char *connect_client(const char *asked)
{
	static const char *const clients[] = { SSH_INSTALLED, SSH_PROGRAM };

	for (size_t i = 0; i < sizeof(clients) / sizeof(clients[0]) && !asked; i++)
		if (!access(clients[i], X_OK))
			asked = clients[i];
	return asked ? asked : "/usr/bin/ssh";
}

/* As the client takes them; one with a zone is an address already. */
static unsigned addresses(const struct remote *r, const struct host_names *names,
			  char hosts[MAX_NAME_ADDRESSES][sizeof(r->host)], struct err *e)
{
	struct ipaddr ips[MAX_NAME_ADDRESSES];
	unsigned n;

	if (strchr(r->host, '%')) {
		memcpy(hosts[0], r->host, sizeof(r->host));
		return 1;
	}
	n = host_names_lookup(names, r->host, ips, e);
	for (unsigned i = 0; i < n; i++)
		ip_format(&ips[i], hosts[i]);
	return n;
}

/* One address, for left_s at the most. */
static bool call(struct connection *c, const struct target_access *want, double left_s,
		 struct err *e)
{
	const struct ssh_login login = {
		.program = want->ssh ? want->ssh : SSH_PROGRAM,
		.uid = SSH_CLIENT_UID,
		.passwd = SSH_CLIENT_PASSWD,
		.user = c->remote.user,
		.host = c->remote.host,
		.port = c->remote.port,
		.key_file = want->keys->key,
		.host_keys = want->keys->host_keys,
		.n_host_keys = want->keys->n_host_keys,
		.connect_s = left_s < 1 ? 1 : left_s < CONNECT_S ? left_s : CONNECT_S,
	};

	snprintf(c->peer, sizeof(c->peer), "sftp:%s@%s", c->remote.user, c->remote.host);
	if (!sshclient_start(&c->client, &login, e))
		return false;
	sftp_init(c->sftp, &(struct sftp_carrier){ c->client.to_fd, c->client.from_fd,
						   c->client.err_fd, c->peer },
		  left_s, want->durable);
	if (sftp_hello(c->sftp, e)) {
		sshclient_logged_in(&c->client);
		c->sftp->stall_s = want->stall_s;
		return true;
	}
	connection_close(c);
	return false;
}

static bool take_memory(struct connection *c, struct arena *arena, struct err *e)
{
	c->sftp = arena_take(arena, 1, sizeof(*c->sftp), "SFTP connection", e);
	c->ahead = arena_take(arena, 1, sizeof(*c->ahead), "SFTP connection", e);
	if (!c->sftp || !c->ahead) {
		c->sftp = NULL;
		return false;
	}
	c->ahead->sftp = c->sftp;
	return true;
}

bool connect_sftp(struct connection *c, const struct target_access *want, struct err *e)
{
	char hosts[MAX_NAME_ADDRESSES][sizeof(c->remote.host)];
	double until = monotonic_seconds() + want->stall_s;
	unsigned n;

	c->client = SSHCLIENT_NONE;
	c->sftp = NULL;
	if (!remote_parse_sftp(&c->remote, target_rest(want->words), e) ||
	    !ssh_check(want->keys, e))
		return false;
	n = addresses(&c->remote, want->names, hosts, e);
	if (!n || !take_memory(c, want->arena, e))
		return false;
	for (unsigned i = 0; i < n; i++) {
		memcpy(c->remote.host, hosts[i], sizeof(c->remote.host));
		if (call(c, want, (until - monotonic_seconds()) / (n - i), e))
			return true;
		if (i + 1 < n)
			log_info("%s; trying its next address", e->text);
	}
	return false;
}

void connection_close(struct connection *c)
{
	sshclient_stop(&c->client, c->sftp && c->sftp->dead);
}
