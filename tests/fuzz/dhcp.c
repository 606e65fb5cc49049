/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A DHCP message, from its first byte: headers with right sums are put in front of it,
 * so that what is fuzzed is what any machine on the wire can send. What is taken must be
 * something to set an interface up with.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/err.h"
#include "machine/dhcp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEAD 28
#define MESSAGE_MAX 4096

static void set16(uint8_t *p, size_t v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static void check(const struct dhcp_reply *r)
{
	if (!ip_is_host(&r->server) || r->n_routes > MAX_NET_ROUTES)
		abort();
	if (r->type == DHCP_NAK)
		return;
	if ((r->type != DHCP_ACK && r->type != DHCP_OFFER) || !ip_is_host(&r->address.ip) ||
	    !r->address.len || r->address.len > 32 || (r->mtu && r->mtu < 576))
		abort();
	for (unsigned i = 0; i < r->n_routes; i++)
		if (r->routes[i].to.ip.family != AF_INET || r->routes[i].to.len > 32 ||
		    (ip_is_set(&r->routes[i].gateway) && !ip_is_host(&r->routes[i].gateway)))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct dhcp_self self = { 0x11223344,
					       { 0x52, 0x54, 0, 0x12, 0x34, 0x56 } };
	size_t len = HEAD + (size < MESSAGE_MAX ? size : MESSAGE_MAX);
	uint8_t *p = calloc(1, len);
	struct dhcp_reply reply;
	uint32_t sum = 0;
	struct err e;

	p[0] = 0x45;
	p[9] = 17;
	set16(p + 2, len);
	set16(p + 22, 68);
	set16(p + 24, len - 20);
	for (int i = 0; i < 20; i += 2)
		sum += p[i] << 8 | p[i + 1];
	set16(p + 10, ~((sum & 0xffff) + (sum >> 16)));
	memcpy(p + HEAD, data, len - HEAD);
	if (dhcp_read(&reply, &self, &(struct dhcp_heard){ .at = p, .len = len }, &e))
		check(&reply);
	else if (!e.code || !e.text[0])
		abort();
	dhcp_read(&reply, &self, &(struct dhcp_heard){ data, size, true }, &e);
	free(p);
	return 0;
}
