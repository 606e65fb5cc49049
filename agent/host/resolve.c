/* SPDX-License-Identifier: GPL-2.0-or-later */
/* getaddrinfo(3): /etc/hosts, then the servers of /etc/resolv.conf. */
#include "resolve.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/err.h"
#include "machine/config.h"
#include "machine/nfs.h"

bool resolve_host_of(const char *target, struct remote *remote)
{
	struct nfs_spec nfs;
	struct err ignored;

	if (!strncmp(target, "sftp:", 5))
		return remote_parse_sftp(remote, target + 5, &ignored);
	if (!nfs_is(target) || !nfs_parse(&nfs, target, &ignored))
		return false;
	*remote = nfs.remote;
	return true;
}

/* " ADDRESS ADDRESS..." behind the name; how many. */
static unsigned list_addresses(const struct addrinfo *info, char *line, size_t size)
{
	unsigned n = 0;

	for (; info && n < MAX_NAME_ADDRESSES; info = info->ai_next) {
		const struct sockaddr_in *v4 = (const void *)info->ai_addr;
		const struct sockaddr_in6 *v6 = (const void *)info->ai_addr;
		struct ipaddr ip = { .family = info->ai_family };
		char text[IP_TEXT];

		if (info->ai_family == AF_INET)
			memcpy(ip.bytes, &v4->sin_addr, 4);
		else if (info->ai_family == AF_INET6 && !v6->sin6_scope_id)
			memcpy(ip.bytes, &v6->sin6_addr, 16);
		else
			continue;
		snprintf(line + strlen(line), size - strlen(line), " %s",
			 ip_format(&ip, text));
		n++;
	}
	return n;
}

static bool resolve(struct config *config, const char *host, struct err *e)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	char line[NAMES_LINE];
	struct addrinfo *info = NULL;
	unsigned n = 0;

	snprintf(line, sizeof(line), "%s", host);
	if (!getaddrinfo(host, NULL, &hints, &info)) {
		n = list_addresses(info, line, sizeof(line));
		freeaddrinfo(info);
	}
	if (!n)
		return fail(e, ENOENT, "target host '%s' does not resolve, and in a crash "
			    "there is no DNS (mend the name, or add 'resolve %s ADDRESS')",
			    host, host);
	return names_parse(&config->names, line, e) || within(e, "target host '%s'", host);
}

bool resolve_targets(struct config *config, struct err *e)
{
	for (unsigned i = 0; i < config->n_targets; i++) {
		struct ipaddr ips[MAX_NAME_ADDRESSES];
		struct remote remote;
		struct err ignored;

		if (resolve_host_of(config->targets[i], &remote) &&
		    !names_lookup(&config->names, remote.host, ips, &ignored) &&
		    !resolve(config, remote.host, e))
			return false;
	}
	return true;
}
