/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does with this machine's interfaces what the agent does with them before it opens its
 * first network target: netup FILE [CMDLINE] reads the configuration as PID 1 does, and
 * calls net_up(). To be run in a network namespace of its own, as root. The last line is
 * "up" or "down: WHY", then seconds and how often it gave a sign of life.
 * Exit 0 up, 1 down, 2 a wrong configuration.
 * netup --offer IFACE asks for an address, and takes none.
 * netup --over LINE ADDRESS asks whether that goes over a card of the net line.
 * netup --reach ADDRESS asks whether a packet gets there and back: any answer of TCP is
 * one, also a refusal.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "config/config.h"
#include "image/gateway.h"
#include "machine/dhcp_client.h"
#include "machine/net.h"
#include "machine/netdev.h"
#include "machine/netspec.h"
#include "machine/reach.h"

static unsigned n_bad;

static void bad(const struct err *e)
{
	n_bad++;
	log_warn("%s", e->text);
}

static int reach(const char *text)
{
	struct timeval wait = { .tv_sec = 5 };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(9) };
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(9) };
	struct ipaddr ip;
	int fd;

	if (!ip_parse(&ip, text)) {
		fprintf(stderr, "not an address\n");
		return 2;
	}
	memcpy(&v6.sin6_addr, ip.bytes, 16);
	memcpy(&v4.sin_addr, ip.bytes, 4);
	fd = socket(ip.family, SOCK_STREAM, 0);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	if (!connect(fd, ip.family == AF_INET ? (void *)&v4 : (void *)&v6,
		     ip.family == AF_INET ? sizeof(v4) : sizeof(v6)) ||
	    errno == ECONNREFUSED)
		return 0;
	fprintf(stderr, "does not answer: %s\n", strerror(errno));
	return 1;
}

static int offer(const char *name)
{
	struct ifreq card = { .ifr_ifindex = 0 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct dhcp_reply got;
	char text[PREFIX_TEXT];
	struct netdev d = { .index = if_nametoindex(name) };
	uint64_t alive = 0;
	const struct patience patience = { 3, &alive };
	struct err e;

	snprintf(card.ifr_name, sizeof(card.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, SIOCGIFHWADDR, &card)) {
		printf("%s: %s\n", name, strerror(errno));
		return 2;
	}
	memcpy(d.mac, card.ifr_hwaddr.sa_data, MAC_LEN);
	if (!dhcp_offer(&got, &d, &patience, &e)) {
		printf("none: %s\n", e.text);
		return 1;
	}
	printf("%s\n", prefix_format(&got.address, text));
	return 0;
}

static int over(const char *line, const char *address)
{
	struct net_spec spec;
	struct ipaddr ip;
	struct err e = { .text = "not an address" };

	if (!netspec_parse(&spec, line, &e) || !ip_parse(&ip, address)) {
		fprintf(stderr, "%s\n", e.text);
		return 2;
	}
	if (gateway_is_over(&spec, &ip, &e))
		return 0;
	printf("%s\n", e.text);
	return 1;
}

int main(int argc, char **argv)
{
	static struct config config;
	double began = monotonic_seconds();
	uint64_t alive = 0;
	struct err e = { .text = "" };
	bool up;

	if (argc == 3 && !strcmp(argv[1], "--reach"))
		return reach(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "--offer"))
		return offer(argv[2]);
	if (argc == 4 && !strcmp(argv[1], "--over"))
		return over(argv[2], argv[3]);
	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: netup FILE [CMDLINE] | --offer IFACE | "
			"--reach ADDRESS | --over LINE ADDRESS\n");
		return 2;
	}
	config_init(&config);
	config.told = bad;
	if (!config_file(&config, argv[1], &e) && !n_bad)
		bad(&e);
	if (argc == 3)
		config_cmdline(&config, argv[2]);
	if (n_bad)
		return 2;
	up = net_up(config.nets, config.n_nets, &alive, &e);
	printf("%s%s\n", up ? "up" : "down: ", up ? "" : e.text);
	printf("%.1f %llu\n", monotonic_seconds() - began, (unsigned long long)alive);
	return up ? 0 : 1;
}
