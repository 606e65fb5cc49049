/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses of host names. getaddrinfo(3): /etc/hosts, then the servers of
 * /etc/resolv.conf.
 */
#include "resolve.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/err.h"
#include "base/io.h"
#include "config.h"
#include "targets/remote.h"
#include "targets/target_kinds.h"

#define HOSTS_MAX (64u << 10)	/* bytes of /etc/hosts that are read */

bool resolve_spelling(const char *hosts, const char *host, char spelled[NAMES_LINE])
{
	char line[1024], *rest, *word;

	for (; *hosts; hosts += strcspn(hosts, "\n"), hosts += *hosts == '\n') {
		snprintf(line, sizeof(line), "%.*s", (int)strcspn(hosts, "#\n"), hosts);
		rest = line;
		strsep(&rest, " \t");
		while ((word = strsep(&rest, " \t\r")))
			if (!strcasecmp(word, host) && strlen(word) < NAMES_LINE) {
				snprintf(spelled, NAMES_LINE, "%s", word);
				return true;
			}
	}
	return false;
}

unsigned resolve_name(const char *host, struct ipaddr ips[MAX_NAME_ADDRESSES])
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	char hosts[HOSTS_MAX], spelled[NAMES_LINE];
	struct err ignored;
	struct addrinfo *found = NULL;
	unsigned n = 0;

	/* musl compares /etc/hosts letter by letter; DNS does not care. */
	if (read_text("/etc/hosts", hosts, sizeof(hosts), &ignored) &&
	    resolve_spelling(hosts, host, spelled))
		host = spelled;
	if (getaddrinfo(host, NULL, &hints, &found))
		return 0;
	for (struct addrinfo *a = found; a && n < MAX_NAME_ADDRESSES; a = a->ai_next) {
		const struct sockaddr_in *v4 = (const void *)a->ai_addr;
		const struct sockaddr_in6 *v6 = (const void *)a->ai_addr;
		struct ipaddr ip = { .family = a->ai_family };

		if (a->ai_family == AF_INET)
			memcpy(ip.bytes, &v4->sin_addr, 4);
		else if (a->ai_family == AF_INET6 && !v6->sin6_scope_id)
			memcpy(ip.bytes, &v6->sin6_addr, 16);
		else
			continue;
		ips[n++] = ip;
	}
	freeaddrinfo(found);
	return n;
}

unsigned resolve_known(const struct host_names *names, const char *host,
		       struct ipaddr ips[MAX_NAME_ADDRESSES])
{
	struct err ignored;
	unsigned n = host_names_lookup(names, host, ips, &ignored);

	return n ? n : resolve_name(host, ips);
}

unsigned resolve_line(const char *host, char line[NAMES_LINE])
{
	struct ipaddr ips[MAX_NAME_ADDRESSES];
	unsigned n = resolve_name(host, ips);
	char text[IP_TEXT];

	snprintf(line, NAMES_LINE, "%s", host);
	for (unsigned i = 0; i < n; i++)
		snprintf(line + strlen(line), NAMES_LINE - strlen(line), " %s",
			 ip_format(&ips[i], text));
	return n;
}

/* `whose` host it is: "target" or the like. */
static bool resolve(struct host_names *names, const char *whose, const char *host,
		    struct err *e)
{
	struct ipaddr ips[MAX_NAME_ADDRESSES];
	char line[NAMES_LINE];
	struct err ignored;

	/* An address with a zone is of no use elsewhere, and needs no looking up. */
	if (strchr(host, '%') || host_names_lookup(names, host, ips, &ignored))
		return true;
	if (!resolve_line(host, line))
		return fail(e, ENOENT, "%s host '%s' does not resolve, and in a crash there is "
			    "no DNS (mend the name, or add 'resolve %s ADDRESS')", whose, host,
			    host);
	return host_names_parse(names, line, e) || within(e, "%s host '%s'", whose, host);
}

bool resolve_target(struct host_names *names, const char *target, struct err *e)
{
	struct remote remote;

	return !target_host_of(target, &remote) || resolve(names, "target", remote.host, e);
}

bool resolve_targets(struct config *config, struct err *e)
{
	struct remote server;

	for (unsigned i = 0; i < config->n_targets; i++)
		if (!resolve_target(&config->names, config->targets[i], e))
			return false;
	if (config_line_server(config, &server) &&
	    !resolve(&config->names, "report", server.host, e))
		return false;
	for (unsigned i = 0; i < config->fence.n; i++)
		if (remote_parse_node(&server, config->fence.names[i], e) &&
		    !resolve(&config->names, "fence_kdump", server.host, e))
			return false;
	return true;
}
