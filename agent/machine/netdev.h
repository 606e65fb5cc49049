/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interfaces, addresses, routes and neighbours as the kernel has them: each function is
 * one question or one order, may be repeated, and waits for nothing but the answer.
 */
#ifndef MACHINE_NETDEV_H
#define MACHINE_NETDEV_H

#include <stdbool.h>
#include <stdint.h>

#include "netlink.h"
#include "netspec.h"

struct err;

struct netdev {
	struct netlink *nl;	/* by which it is asked and ordered */
	int index;
	unsigned type;		/* ARPHRD_... */
	unsigned flags;		/* IFF_... */
	unsigned mtu;
	bool has_carrier;	/* and is up: packets can go */
	bool has_mac, has_permanent;
	uint8_t mac[MAC_LEN];
	uint8_t permanent[MAC_LEN];	/* what the card was made with */
	char name[NET_NAME];
	char kind[16];		/* "vlan", "bond", "veth" ...; "" for a real one */
	int master;		/* index of the bond it is a leg of, 0 none */
	int lower;		/* index of what a VLAN stands on */
	unsigned vlan, bond_mode;
	bool has_partner;	/* a bond of mode 802.3ad: somebody answers to its LACP */
	bool is_qinq;		/* a VLAN of another protocol than 802.1q */
};

/* Is it the card's own, or the one that it has now? What stands on a card may have it, too. */
bool netdev_has_mac(const struct netdev *d, const uint8_t mac[MAC_LEN]);

/* An address in an attribute; false when there is none. */
bool netdev_ip(struct nl_bytes in, uint16_t type, uint8_t family, struct ipaddr *ip);

bool netdev_each(struct netlink *nl, void (*each)(const struct netdev *d, void *arg),
		 void *arg, struct err *e);
/* What it is now; ENODEV when it is gone. */
bool netdev_get(struct netlink *nl, int index, struct netdev *d, struct err *e);

/* Of what follows none asks for more of an interface than the first two members. */
bool netdev_up(const struct netdev *d, bool up, struct err *e);
bool netdev_set_mtu(const struct netdev *d, unsigned mtu, struct err *e);
/* Part of a bond, or of none (0). It must be down. */
bool netdev_set_master(const struct netdev *d, int master, struct err *e);
bool netdev_delete(const struct netdev *d, struct err *e);
bool netdev_add_vlan(const struct netdev *lower, const char *name, unsigned vlan,
		     struct err *e);
/* The carriers of its legs are looked at ten times a second, LACP is spoken once a second. */
bool netdev_add_bond(struct netlink *nl, const char *name, unsigned mode, struct err *e);

bool netdev_add_address(const struct netdev *d, const struct prefix *p, struct err *e);
/* A lower metric goes first. */
bool netdev_add_route(const struct netdev *d, const struct net_route *r, unsigned metric,
		      struct err *e);

/* Makes the kernel ask for the MAC of an address. */
bool netdev_ask_neighbour(const struct netdev *d, const struct ipaddr *ip, struct err *e);
/* From now on it is this one, whoever says otherwise. */
bool netdev_set_neighbour(const struct netdev *d, const struct neighbour *n, struct err *e);
/* Has the neighbour itself told its MAC? */
bool netdev_knows_neighbour(const struct netdev *d, const struct ipaddr *ip);

enum address_state { ADDRESS_NONE, ADDRESS_TENTATIVE, ADDRESS_READY, ADDRESS_DUPLICATE };

/* ip NULL: of any global IPv6 address there, which goes to *found. */
enum address_state netdev_address_state(const struct netdev *d, const struct ipaddr *ip,
					struct prefix *found);
/* Is there a default route of IPv6 over that interface? Its gateway goes to *gateway. */
bool netdev_default_route6(const struct netdev *d, struct ipaddr *gateway);

#endif
