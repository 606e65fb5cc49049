/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DHCP messages. Numbers of the wire are big-endian and get read byte by byte. A wrong
 * option makes the whole reply void: half of an answer is no ground to put a machine on.
 */
#include "dhcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"

#define IP_LEN 20
#define UDP_LEN 8
#define FIXED_LEN 236		/* a BOOTP message up to its options */
#define MAGIC 0x63825363
#define CLIENT_PORT 68
#define SERVER_PORT 67
#define MIN_MTU 576
#define MAX_ROUTES_LEN 255	/* option 121 may come in pieces, RFC 3396 */

enum {
	OPT_PAD = 0, OPT_MASK = 1, OPT_ROUTER = 3, OPT_MTU = 26, OPT_REQUESTED = 50,
	OPT_LEASE = 51, OPT_OVERLOAD = 52, OPT_TYPE = 53, OPT_SERVER = 54, OPT_WANTED = 55,
	OPT_MAX_LEN = 57, OPT_ROUTES = 121, OPT_END = 255,
};

static uint16_t be16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)be16(p) << 16 | be16(p + 2);
}

static void put_be16(uint8_t *p, uint16_t v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static void put_be32(uint8_t *p, uint32_t v)
{
	put_be16(p, v >> 16);
	put_be16(p + 2, v);
}

/* The Internet's sum of 16-bit words, not yet folded. */
static uint32_t sum(uint32_t s, const uint8_t *p, size_t len)
{
	for (; len > 1; p += 2, len -= 2)
		s += be16(p);
	return len ? s + (*p << 8) : s;
}

static uint16_t fold(uint32_t s)
{
	s = (s & 0xffff) + (s >> 16);
	return s + (s >> 16);
}

/* Over addresses, protocol, length and all of UDP: 0xffff when a sum in it is right. */
static uint16_t udp_sum(const uint8_t *ip, const uint8_t *udp, size_t len)
{
	return fold(sum(sum(17 + len, ip + 12, 8), udp, len));
}

/* ---- out -------------------------------------------------------------------- */

static void frame(uint8_t packet[DHCP_PACKET_LEN])
{
	uint8_t *udp = packet + IP_LEN;

	put_be16(udp, CLIENT_PORT);
	put_be16(udp + 2, SERVER_PORT);
	put_be16(udp + 4, DHCP_PACKET_LEN - IP_LEN);
	packet[0] = 0x45;
	put_be16(packet + 2, DHCP_PACKET_LEN);
	packet[8] = 64;
	packet[9] = 17;
	memset(packet + 16, 0xff, 4);
	put_be16(udp + 6, ~udp_sum(packet, udp, DHCP_PACKET_LEN - IP_LEN));
	put_be16(packet + 10, ~fold(sum(0, packet, IP_LEN)));
}

size_t dhcp_packet(uint8_t packet[DHCP_PACKET_LEN], const struct dhcp_self *self,
		   uint16_t seconds, const struct dhcp_reply *offer)
{
	static const uint8_t wanted[] = { OPT_MASK, OPT_ROUTER, OPT_MTU, OPT_LEASE,
					  OPT_SERVER, OPT_ROUTES };
	uint8_t *b = packet + IP_LEN + UDP_LEN, *o = b + FIXED_LEN + 4;

	memset(packet, 0, DHCP_PACKET_LEN);
	b[0] = 1;	/* a request, of Ethernet */
	b[1] = 1;
	b[2] = MAC_LEN;
	put_be32(b + 4, self->xid);
	put_be16(b + 8, seconds);
	memcpy(b + 28, self->mac, MAC_LEN);
	put_be32(b + FIXED_LEN, MAGIC);
	*o++ = OPT_TYPE;
	*o++ = 1;
	*o++ = offer ? DHCP_REQUEST : DHCP_DISCOVER;
	*o++ = OPT_MAX_LEN;
	*o++ = 2;
	put_be16(o, 1500 - IP_LEN - UDP_LEN);
	o += 2;
	*o++ = OPT_WANTED;
	*o++ = sizeof(wanted);
	memcpy(o, wanted, sizeof(wanted));
	o += sizeof(wanted);
	if (offer) {
		*o++ = OPT_REQUESTED;
		*o++ = 4;
		memcpy(o, offer->address.ip.bytes, 4);
		o += 4;
		*o++ = OPT_SERVER;
		*o++ = 4;
		memcpy(o, offer->server.bytes, 4);
		o += 4;
	}
	*o = OPT_END;
	frame(packet);
	return DHCP_PACKET_LEN;
}

/* ---- in --------------------------------------------------------------------- */

/* From an IPv4 packet to the DHCP message in it. */
static bool unwrap(struct cursor *c, const struct dhcp_heard *heard, struct err *e)
{
	const uint8_t *ip = heard->at, *udp;
	size_t head, whole, udp_len;

	if (heard->len < IP_LEN || ip[0] >> 4 != 4)
		return fail(e, ENOMSG, "not an IPv4 packet");
	head = (ip[0] & 15) * 4;
	whole = be16(ip + 2);
	if (head < IP_LEN || whole > heard->len || whole < head + UDP_LEN || ip[9] != 17 ||
	    be16(ip + 6) & 0x3fff)
		return fail(e, ENOMSG, "not a whole UDP packet");
	if (fold(sum(0, ip, head)) != 0xffff)
		return fail(e, EBADMSG, "the checksum of IP is wrong");
	udp = ip + head;
	udp_len = be16(udp + 4);
	if (be16(udp + 2) != CLIENT_PORT)
		return fail(e, ENOMSG, "not to the port of a DHCP client");
	if (udp_len < UDP_LEN || udp_len > whole - head)
		return fail(e, EBADMSG, "UDP of %zu bytes, %zu left", udp_len, whole - head);
	if (!heard->no_checksum && be16(udp + 6) && udp_sum(ip, udp, udp_len) != 0xffff)
		return fail(e, EBADMSG, "the checksum of UDP is wrong");
	*c = (struct cursor){ udp + UDP_LEN, udp + udp_len };
	return true;
}

/* A reply, and what is put together for it over several options. */
struct options {
	struct dhcp_reply *reply;
	struct ipaddr router;
	uint8_t routes[MAX_ROUTES_LEN];
	size_t routes_len;
	bool has_routes, has_mask;
	uint8_t overload;
};

/* RFC 3442: prefix length, as many bytes of it as count, gateway; and again. */
static bool read_routes(const struct options *o, struct err *e)
{
	struct dhcp_reply *r = o->reply;
	const uint8_t *p = o->routes;
	size_t left = o->routes_len;

	while (left) {
		struct net_route route = { .to.ip.family = AF_INET, .to.len = *p };
		size_t n = (*p + 7) / 8;

		if (*p > 32 || left < 1 + n + 4)
			return fail(e, EBADMSG, "a route of %u bits, %zu bytes left", *p, left);
		memcpy(route.to.ip.bytes, p + 1, n);
		for (unsigned bit = *p; bit < 32; bit++)
			route.to.ip.bytes[bit / 8] &= ~(0x80 >> bit % 8);
		if (be32(p + 1 + n))
			route.gateway = ip_from_v4(p + 1 + n);
		if (ip_is_set(&route.gateway) && !ip_is_host(&route.gateway))
			return fail(e, EBADMSG, "a route over what is no host");
		if (r->n_routes < MAX_NET_ROUTES)
			r->routes[r->n_routes++] = route;
		p += 1 + n + 4;
		left -= 1 + n + 4;
	}
	return true;
}

static bool read_option(struct options *o, uint8_t code, struct cursor value, struct err *e)
{
	static const uint8_t lengths[256] = {
		[OPT_MASK] = 4, [OPT_ROUTER] = 4, [OPT_MTU] = 2, [OPT_LEASE] = 4,
		[OPT_OVERLOAD] = 1, [OPT_TYPE] = 1, [OPT_SERVER] = 4, [OPT_ROUTES] = 1,
	};
	struct dhcp_reply *r = o->reply;
	const uint8_t *p = value.at;
	size_t len = cursor_left(&value);

	if (len < lengths[code] || (len > lengths[code] && lengths[code] &&
				    code != OPT_ROUTER && code != OPT_ROUTES))
		return fail(e, EBADMSG, "option %u of %zu bytes", code, len);
	switch (code) {
	case OPT_MASK:
		if (!mask_len(p, &r->address.len) || !r->address.len)
			return fail(e, EBADMSG, "a netmask with holes");
		o->has_mask = true;
		break;
	case OPT_ROUTER:
		o->router = ip_from_v4(p);
		if (!ip_is_host(&o->router))
			return fail(e, EBADMSG, "a router that is no host");
		break;
	case OPT_MTU:
		/* Too small for IP: a slip of the server's, which costs nothing to ignore. */
		r->mtu = be16(p) < MIN_MTU ? 0 : be16(p);
		break;
	case OPT_LEASE:
		r->lease_s = be32(p);
		break;
	case OPT_OVERLOAD:
		o->overload = *p;
		break;
	case OPT_TYPE:
		r->type = *p;
		break;
	case OPT_SERVER:
		r->server = ip_from_v4(p);
		break;
	case OPT_ROUTES:
		if (len > sizeof(o->routes) - o->routes_len)
			return fail(e, EBADMSG, "more routes than %zu bytes",
				    sizeof(o->routes));
		memcpy(o->routes + o->routes_len, p, len);
		o->routes_len += len;
		o->has_routes = true;
		break;
	}
	return true;
}

static bool read_options(struct options *o, struct cursor c, struct err *e)
{
	const uint8_t *code, *len, *value;

	while (cursor_take(&c, 1, &code) && *code != OPT_END) {
		if (*code == OPT_PAD)
			continue;
		if (!cursor_take(&c, 1, &len) || !cursor_take(&c, *len, &value))
			return fail(e, EBADMSG, "option %u is cut off", *code);
		if (!read_option(o, *code, (struct cursor){ value, value + *len }, e))
			return false;
	}
	return true;
}

/* What must be there, and must fit together. */
static bool plausible(const struct options *o, struct err *e)
{
	struct dhcp_reply *r = o->reply;

	if (r->type != DHCP_OFFER && r->type != DHCP_ACK && r->type != DHCP_NAK)
		return fail(e, EBADMSG, "a message of type %u", r->type);
	if (!ip_is_set(&r->server) || !ip_is_host(&r->server))
		return fail(e, EBADMSG, "no server that says who it is");
	if (r->type == DHCP_NAK)
		return true;
	if (!ip_is_host(&r->address.ip))
		return fail(e, EBADMSG, "an address that nobody can have");
	if (!o->has_mask)
		r->address.len = class_len(&r->address.ip);
	if (o->has_routes)
		return read_routes(o, e);
	if (ip_is_set(&o->router))
		r->routes[r->n_routes++] = (struct net_route){ .to.ip.family = AF_INET,
							       .gateway = o->router };
	return true;
}

bool dhcp_read(struct dhcp_reply *r, const struct dhcp_self *self,
	       const struct dhcp_heard *heard, struct err *e)
{
	struct options o = { .reply = r };
	struct cursor c;
	const uint8_t *b;

	memset(r, 0, sizeof(*r));
	if (!unwrap(&c, heard, e))
		return false;
	if (!cursor_take(&c, FIXED_LEN + 4, &b) || be32(b + FIXED_LEN) != MAGIC)
		return fail(e, EBADMSG, "too short, or not DHCP");
	if (b[0] != 2 || b[1] != 1 || b[2] != MAC_LEN || be32(b + 4) != self->xid ||
	    memcmp(b + 28, self->mac, MAC_LEN))
		return fail(e, ENOMSG, "an answer for somebody else");
	r->address.ip = ip_from_v4(b + 16);
	if (!read_options(&o, c, e))
		return false;
	/* Where options did not fit they go on in the fields of file and server name. */
	if (o.overload & 1 && !read_options(&o, (struct cursor){ b + 108, b + 236 }, e))
		return false;
	if (o.overload & 2 && !read_options(&o, (struct cursor){ b + 44, b + 108 }, e))
		return false;
	return plausible(&o, e);
}
