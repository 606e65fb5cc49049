/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IP and MAC addresses: text to bytes and back; no state, no sockets. */
#include "netaddr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

size_t ip_len(const struct ipaddr *ip)
{
	return ip->family == AF_INET6 ? 16 : 4;
}

struct ipaddr ip_from_v4(const uint8_t *bytes)
{
	struct ipaddr ip = { .family = AF_INET };

	memcpy(ip.bytes, bytes, 4);
	return ip;
}

bool ip_equal(const struct ipaddr *a, const struct ipaddr *b)
{
	return a->family == b->family && !memcmp(a->bytes, b->bytes, ip_len(a));
}

bool ip_parse(struct ipaddr *ip, const char *text)
{
	memset(ip, 0, sizeof(*ip));
	ip->family = strchr(text, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(ip->family, text, ip->bytes) == 1)
		return true;
	ip->family = 0;
	return false;
}

const char *ip_format(const struct ipaddr *ip, char text[IP_TEXT])
{
	if (!ip->family || !inet_ntop(ip->family, ip->bytes, text, IP_TEXT))
		snprintf(text, IP_TEXT, "none");
	return text;
}

bool ip_is_host(const struct ipaddr *ip)
{
	static const uint8_t one[16] = { [15] = 1 }, zero[16];

	if (ip->family == AF_INET6)
		return ip->bytes[0] != 0xff && memcmp(ip->bytes, zero, 16) &&
		       memcmp(ip->bytes, one, 16);
	return ip->family == AF_INET && ip->bytes[0] != 0 && ip->bytes[0] != 127 &&
	       ip->bytes[0] < 224;
}

/* One to three digits and the end, at most max. */
static bool parse_len(const char *text, unsigned max, uint8_t *len)
{
	unsigned v = 0;
	size_t n = strspn(text, "0123456789");

	if (!n || n > 3 || text[n])
		return false;
	while (*text)
		v = v * 10 + (*text++ - '0');
	*len = v;
	return v <= max;
}

bool prefix_parse(struct prefix *p, const char *text)
{
	const char *slash = strchr(text, '/');
	char ip[IP_TEXT];

	if (!slash || (size_t)(slash - text) >= sizeof(ip))
		return false;
	memcpy(ip, text, slash - text);
	ip[slash - text] = '\0';
	return ip_parse(&p->ip, ip) && parse_len(slash + 1, ip_len(&p->ip) * 8, &p->len);
}

bool prefix_has(const struct prefix *p, const struct ipaddr *ip)
{
	unsigned n = p->len / 8, rest = p->len % 8;

	return p->ip.family == ip->family && p->len <= 8 * ip_len(ip) &&
	       !memcmp(p->ip.bytes, ip->bytes, n) &&
	       (!rest || !((p->ip.bytes[n] ^ ip->bytes[n]) >> (8 - rest)));
}

const char *prefix_format(const struct prefix *p, char text[PREFIX_TEXT])
{
	char ip[IP_TEXT];

	snprintf(text, PREFIX_TEXT, "%s/%u", ip_format(&p->ip, ip), p->len);
	return text;
}

bool mask_len(const uint8_t mask[4], uint8_t *len)
{
	uint32_t bits = (uint32_t)mask[0] << 24 | mask[1] << 16 | mask[2] << 8 | mask[3];

	*len = __builtin_popcount(bits);
	return *len == 0 || *len == 32 || bits == ~0u << (32 - *len);
}

uint8_t class_len(const struct ipaddr *ip)
{
	return ip->bytes[0] < 128 ? 8 : ip->bytes[0] < 192 ? 16 : 24;
}

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 :
	       c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool mac_parse(uint8_t mac[MAC_LEN], const char *text)
{
	if (strlen(text) != MAC_TEXT - 1)
		return false;
	for (int i = 0; i < MAC_LEN; i++, text += 3) {
		if (hex(text[0]) < 0 || hex(text[1]) < 0 ||
		    text[2] != (i == MAC_LEN - 1 ? '\0' : ':'))
			return false;
		mac[i] = hex(text[0]) << 4 | hex(text[1]);
	}
	return true;
}

const char *mac_format(const uint8_t mac[MAC_LEN], char text[MAC_TEXT])
{
	snprintf(text, MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		 mac[3], mac[4], mac[5]);
	return text;
}
