/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is wanted of one network interface, from a `net` line of the configuration or
 * from the kernel's own ip= words. Text to struct and back; touches no interface.
 */
#ifndef MACHINE_NETSPEC_H
#define MACHINE_NETSPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "netaddr.h"

struct err;

#define NET_NAME 16	/* IFNAMSIZ */
#define NET_TEXT 1024	/* of a line that netspec_format() writes */
#define MAX_NETS 8
#define MAX_LEGS 4
#define MAX_NET_ADDRESSES 4
#define MAX_NET_ROUTES 8
#define MAX_NEIGHBOURS 4

#define BOND_ACTIVE_BACKUP 1	/* Linux include/uapi/linux/if_bonding.h */
#define BOND_LACP 4

/* Which interface: by MAC, by name, or (both empty) the first that has a carrier. */
struct net_which {
	char name[NET_NAME];
	uint8_t mac[MAC_LEN];
	bool by_mac;
};

struct net_route {
	struct prefix to;	/* its family is set, its length 0: the default route */
	struct ipaddr gateway;	/* none: the network is on the link */
};

struct neighbour {
	struct ipaddr ip;
	uint8_t mac[MAC_LEN];
};

struct net_spec {
	struct net_which which;	/* of a bond: the name it gets */
	struct net_which legs[MAX_LEGS];	/* of a bond */
	unsigned n_legs;
	unsigned bond_mode;	/* as the kernel counts them */
	unsigned vlan;		/* 1..4094 on top of it; 0: none */
	unsigned mtu;		/* 0: as it is */
	bool dhcp, slaac;
	struct prefix addresses[MAX_NET_ADDRESSES];
	unsigned n_addresses;
	struct net_route routes[MAX_NET_ROUTES];	/* gateways are default routes */
	unsigned n_routes;
	struct neighbour neighbours[MAX_NEIGHBOURS];	/* where ARP and ND do not answer */
	unsigned n_neighbours;
	unsigned carrier_s;	/* for the interface to appear and have a carrier */
	unsigned timeout_s;	/* for each of DHCP, SLAAC, duplicate address detection */
};

/* The cards that it is of: a bond's, or the one. */
static inline const struct net_which *netspec_cards(const struct net_spec *s, unsigned *n)
{
	*n = s->n_legs ? s->n_legs : 1;
	return s->n_legs ? s->legs : &s->which;
}

/* Any interface, nothing wanted of it, and the usual limits of time. */
void netspec_init(struct net_spec *s);

/* The value of a `net` line: "eth0 dhcp", "52:54:00:12:34:56 address=192.0.2.5/24 ..." */
bool netspec_parse(struct net_spec *s, const char *text, struct err *e);

/*
 * The value of the kernel's ip=, Documentation/admin-guide/nfs/nfsroot.rst. False with
 * code 0 and no text when it asks for nothing ("off"). Servers of boot files, names and
 * time in it are not looked at.
 */
bool netspec_parse_ip(struct net_spec *s, const char *text, struct err *e);

/* The value of a line that says the same. */
void netspec_format(const struct net_spec *s, char text[NET_TEXT]);

/* As the kernel calls a mode of bonds; NULL: there is none of that number. */
const char *net_bond_mode(unsigned mode);

/* "eth0", a MAC, or "any" */
const char *net_which_format(const struct net_which *w, char text[MAC_TEXT]);

#endif
