/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DHCPv4 messages (RFC 2131, 2132, 3442): building ours and reading theirs. Bytes in,
 * facts out; knows no socket and no clock. Whoever is on the wire can send a reply, so
 * nothing in it is believed before it was checked.
 */
#ifndef MACHINE_DHCP_H
#define MACHINE_DHCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "netspec.h"

struct err;

#define DHCP_LEN 300		/* of a message of ours; some servers drop shorter ones */
#define DHCP_PACKET_LEN (28 + DHCP_LEN)	/* with headers of IP and UDP */

enum dhcp_type {
	DHCP_DISCOVER = 1, DHCP_OFFER, DHCP_REQUEST, DHCP_DECLINE, DHCP_ACK, DHCP_NAK,
};

/* Whom a reply must be for. */
struct dhcp_self {
	uint32_t xid;
	uint8_t mac[MAC_LEN];
};

/* What a server says. Absent: none, 0. */
struct dhcp_reply {
	enum dhcp_type type;
	struct prefix address;
	struct ipaddr server;
	struct net_route routes[MAX_NET_ROUTES];
	unsigned n_routes;
	unsigned mtu;
	uint32_t lease_s;
};

/*
 * A whole IPv4 packet from 0.0.0.0 to everybody. offer NULL: a DISCOVER; else the
 * REQUEST for what it offers. Its length.
 */
size_t dhcp_packet(uint8_t packet[DHCP_PACKET_LEN], const struct dhcp_self *self,
		   uint16_t seconds, const struct dhcp_reply *offer);

/* An IPv4 packet as it has come. */
struct dhcp_heard {
	const uint8_t *at;
	size_t len;
	bool no_checksum;	/* that of UDP was left to the hardware */
};

/*
 * Is it a DHCP reply for us, whole and plausible? On false e says why not, with code
 * ENOMSG when it is somebody else's business.
 */
bool dhcp_read(struct dhcp_reply *r, const struct dhcp_self *self,
	       const struct dhcp_heard *heard, struct err *e);

#endif
