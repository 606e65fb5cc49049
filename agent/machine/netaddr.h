/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IP and MAC addresses as text and as bytes in the order of the wire. Knows what may
 * stand on an interface, and nothing of interfaces.
 */
#ifndef MACHINE_NETADDR_H
#define MACHINE_NETADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAC_LEN 6
#define MAC_TEXT 18	/* "52:54:00:12:34:56" and its NUL */
#define IP_TEXT 46
#define PREFIX_TEXT (IP_TEXT + 4)

struct ipaddr {
	uint8_t family;		/* AF_INET, AF_INET6; 0: none */
	uint8_t bytes[16];	/* the first 4 of them for AF_INET */
};

/* An address and how many of its bits are the network's. */
struct prefix {
	struct ipaddr ip;
	uint8_t len;
};

static inline bool ip_is_set(const struct ipaddr *ip)
{
	return ip->family != 0;
}

/* 4 or 16 bytes */
size_t ip_len(const struct ipaddr *ip);
struct ipaddr ip_from_v4(const uint8_t *bytes);
bool ip_equal(const struct ipaddr *a, const struct ipaddr *b);

/* Strict: "192.0.2.1", "2001:db8::1"; no names, no zones, no short forms of IPv4. */
bool ip_parse(struct ipaddr *ip, const char *text);
const char *ip_format(const struct ipaddr *ip, char text[IP_TEXT]);

/* Neither unspecified, loopback, multicast nor broadcast: somebody can have it. */
bool ip_is_host(const struct ipaddr *ip);

/* "192.0.2.5/24"; the length must be there. */
bool prefix_parse(struct prefix *p, const char *text);
/* Does the address lie in that network? */
bool prefix_has(const struct prefix *p, const struct ipaddr *ip);
const char *prefix_format(const struct prefix *p, char text[PREFIX_TEXT]);

/* Bits of a netmask; false when they are not all in front. */
bool mask_len(const uint8_t mask[4], uint8_t *len);
/* What a network's class says of its mask, where nobody else does. */
uint8_t class_len(const struct ipaddr *ip);

bool mac_parse(uint8_t mac[MAC_LEN], const char *text);
const char *mac_format(const uint8_t mac[MAC_LEN], char text[MAC_TEXT]);

#endif
