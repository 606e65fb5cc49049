/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine/dhcp: what we send reads back as what it should be, and of what a hostile
 * server sends, only whole and plausible replies for us are taken.
 */
#include <arpa/inet.h>
#include <errno.h>

#include "base/err.h"
#include "machine/dhcp.h"
#include "t.h"

static const struct dhcp_self self = { .xid = 0x11223344,
				       .mac = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 } };

/* A reply as a server makes it: 28 bytes of headers, 240 of BOOTP, options. */
struct reply {
	uint8_t bytes[1500];
	size_t len;
};

static uint16_t sum(uint32_t s, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		s += i % 2 ? p[i] : p[i] << 8;
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return s;
}

static void set16(uint8_t *p, uint16_t v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static void seal(struct reply *r)
{
	uint8_t *ip = r->bytes, *udp = ip + 20;
	size_t len = r->len - 20;

	set16(ip + 2, r->len);
	set16(ip + 10, 0);
	set16(ip + 10, ~sum(0, ip, 20));
	set16(udp + 4, len);
	set16(udp + 6, 0);
	set16(udp + 6, ~sum(17 + len + sum(0, ip + 12, 8), udp, len));
}

static void begin(struct reply *r)
{
	static const uint8_t ip[20] = { 0x45, [8] = 64, 17, [12] = 192, 0, 2, 1, 255, 255, 255,
					255 };
	static const uint8_t bootp[] = { 2, 1, 6, 0, 0x11, 0x22, 0x33, 0x44 };

	memset(r, 0, sizeof(*r));
	memcpy(r->bytes, ip, 20);
	set16(r->bytes + 20, 67);
	set16(r->bytes + 22, 68);
	memcpy(r->bytes + 28, bootp, sizeof(bootp));
	memcpy(r->bytes + 28 + 16, (uint8_t[]){ 192, 0, 2, 50 }, 4);
	memcpy(r->bytes + 28 + 28, self.mac, 6);
	memcpy(r->bytes + 28 + 236, (uint8_t[]){ 0x63, 0x82, 0x53, 0x63 }, 4);
	r->len = 28 + 240;
}

static void option(struct reply *r, const void *bytes, size_t len)
{
	memcpy(r->bytes + r->len, bytes, len);
	r->len += len;
}

#define OPTION(r, ...) \
	option(r, (uint8_t[]){ __VA_ARGS__ }, sizeof((uint8_t[]){ __VA_ARGS__ }))

static void ack(struct reply *r)
{
	begin(r);
	OPTION(r, 53, 1, 5);
	OPTION(r, 54, 4, 192, 0, 2, 1);
}

/* Ends directly before a page that nobody may touch. */
static bool take(const struct reply *r, struct dhcp_reply *out, struct err *e)
{
	uint8_t *copy = t_guard(r->bytes, r->len);
	bool ok = dhcp_read(out, &self, &(struct dhcp_heard){ .at = copy, .len = r->len }, e);

	t_unguard(copy, r->len);
	return ok;
}

static void test_good(void)
{
	struct dhcp_reply out;
	struct reply r;
	char text[PREFIX_TEXT];
	struct err e = { .text = "" };

	ack(&r);
	OPTION(&r, 0, 1, 4, 255, 255, 252, 0, 3, 8, 192, 0, 2, 1, 192, 0, 2, 2);
	OPTION(&r, 26, 2, 5, 120, 51, 4, 0, 0, 2, 88, 255, 9);
	seal(&r);
	T_CHECK("a whole reply", take(&r, &out, &e));
	T_TEXT("no error", "", e.text);
	T_EQUAL("its type", DHCP_ACK, out.type);
	T_TEXT("its address", "192.0.2.50/22", prefix_format(&out.address, text));
	T_EQUAL("the first router alone", 1, out.n_routes);
	T_TEXT("by default", "192.0.2.1", ip_format(&out.routes[0].gateway, text));
	T_EQUAL("its MTU", 1400, out.mtu);
	T_EQUAL("its lease", 600, out.lease_s);

	ack(&r);
	OPTION(&r, 3, 4, 192, 0, 2, 1, 121, 6, 8, 10, 192, 0, 2, 254);
	OPTION(&r, 121, 5, 0, 192, 0, 2, 253, 121, 9, 25, 192, 0, 2, 255, 0, 0, 0, 0, 255);
	seal(&r);
	T_CHECK("routes in three pieces", take(&r, &out, &e));
	T_EQUAL("stand in place of the router", 3, out.n_routes);
	T_TEXT("the first", "10.0.0.0/8", prefix_format(&out.routes[0].to, text));
	T_TEXT("by default", "192.0.2.253", ip_format(&out.routes[1].gateway, text));
	T_TEXT("one on the link", "192.0.2.128/25", prefix_format(&out.routes[2].to, text));
	T_CHECK("has no gateway", !ip_is_set(&out.routes[2].gateway));
	T_EQUAL("the class where no mask is", 24, out.address.len);

	begin(&r);
	OPTION(&r, 52, 1, 3, 255);
	memcpy(r.bytes + 28 + 108, (uint8_t[]){ 53, 1, 2, 255 }, 4);
	memcpy(r.bytes + 28 + 44, (uint8_t[]){ 54, 4, 192, 0, 2, 9, 255 }, 7);
	seal(&r);
	T_CHECK("options in the fields of file and name", take(&r, &out, &e));
	T_EQUAL("the type of one", DHCP_OFFER, out.type);
	T_EQUAL("the server of the other", 9, out.server.bytes[3]);
}

/* Options behind a good beginning of a reply: all of these are refused. */
static const struct { const char *row, *says; uint8_t bytes[24]; size_t len; } bad[] = {
	{ "an option without its length", "cut off", { 1 }, 1 },
	{ "a mask cut off", "cut off", { 1, 4, 255, 255 }, 4 },
	{ "a mask of two bytes", "option 1 of 2 bytes", { 1, 2, 255, 255 }, 4 },
	{ "a mask of no bytes", "option 1 of 0 bytes", { 1, 0 }, 2 },
	{ "a mask with holes", "holes", { 1, 4, 255, 0, 255, 0 }, 6 },
	{ "a mask of nothing", "holes", { 1, 4, 0, 0, 0, 0 }, 6 },
	{ "a router of three bytes", "option 3", { 3, 3, 1, 2, 3 }, 5 },
	{ "a router that is everybody", "no host", { 3, 4, 255, 255, 255, 255 }, 6 },
	{ "a lease of 5 bytes", "option 51", { 51, 5, 0, 0, 0, 0, 0 }, 7 },
	{ "a route of 33 bits", "route", { 121, 10, 33, 1, 2, 3, 4, 5, 9, 9, 9, 9 }, 12 },
	{ "a route without its gateway", "route", { 121, 4, 8, 10, 192, 0 }, 6 },
	{ "a route over a group", "no host", { 121, 6, 8, 10, 224, 0, 0, 1 }, 8 },
	{ "a type of two bytes", "option 53", { 53, 2, 5, 5 }, 4 },
	{ "another type", "type 1", { 53, 1, 1 }, 3 },
	{ "a server that is nobody", "no server", { 54, 4, 0, 0, 0, 0 }, 6 },
	{ "an overload of nothing", "option 52", { 52, 0 }, 2 },
};

static void test_bad_options(void)
{
	for (size_t i = 0; i < T_SIZE(bad); i++) {
		struct dhcp_reply out;
		struct err e = { .text = "" };
		struct reply r;

		ack(&r);
		option(&r, bad[i].bytes, bad[i].len);
		seal(&r);
		T_CHECK(bad[i].row, !take(&r, &out, &e));
		T_EQUAL(bad[i].row, EBADMSG, e.code);
		if (!T_CHECK(bad[i].row, strstr(e.text, bad[i].says)))
			printf("%s\n", e.text);
	}
}

/* One byte of the fixed part is another: not for us, or not to be believed. */
static void test_bad_bytes(void)
{
	static const struct { const char *row; size_t at; uint8_t value; } rows[] = {
		{ "IPv6", 0, 0x65 }, { "a short header", 0, 0x44 }, { "TCP", 9, 6 },
		{ "a fragment", 7, 9 }, { "more fragments", 6, 0x20 },
		{ "to another port", 23, 69 }, { "a request", 28, 1 },
		{ "another hardware", 29, 7 }, { "another length", 30, 16 },
		{ "another exchange", 32, 0x12 }, { "another machine", 28 + 28, 0x50 },
		{ "another magic", 28 + 236, 0 }, { "an address of zero", 28 + 16, 0 },
		{ "an address of loopback", 28 + 16, 127 }, { "a group", 28 + 16, 224 },
	};
	struct dhcp_reply out;
	struct reply r;
	struct err e;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		ack(&r);
		r.bytes[rows[i].at] = rows[i].value;
		seal(&r);
		T_CHECK(rows[i].row, !take(&r, &out, &e));
	}
	ack(&r);
	seal(&r);
	r.bytes[r.len - 1] ^= 1;
	T_CHECK("a wrong checksum", !take(&r, &out, &e) && strstr(e.text, "checksum of UDP"));
	T_CHECK("which is not looked at while it is not there",
		dhcp_read(&out, &self, &(struct dhcp_heard){ r.bytes, r.len, true }, &e));
	r.bytes[8]++;
	T_CHECK("IP's own", !take(&r, &out, &e) && strstr(e.text, "checksum of IP"));
	for (size_t len = 0; len < 28 + 246; len++) {
		ack(&r);
		seal(&r);
		r.len = len;
		T_CHECK("a packet cut off", !take(&r, &out, &e));
	}
	ack(&r);
	OPTION(&r, 26, 2, 0, 68);
	seal(&r);
	T_CHECK("an MTU too small is passed over", take(&r, &out, &e) && !out.mtu);
	begin(&r);
	OPTION(&r, 53, 1, 6, 54, 4, 192, 0, 2, 1);
	memset(r.bytes + 28 + 16, 0, 4);
	seal(&r);
	T_CHECK("a no has no address", take(&r, &out, &e) && out.type == DHCP_NAK);
	ack(&r);
	for (int i = 0; i < 30; i++)
		OPTION(&r, 121, 9, 24, 10, 0, 0, 192, 0, 2, 1, 0);
	seal(&r);
	T_CHECK("more routes than there may be", !take(&r, &out, &e));
}

/* Ours, read with the eyes of a server. */
static void test_out(void)
{
	struct dhcp_reply offer = { .address.ip = ip_from_v4((uint8_t[]){ 192, 0, 2, 50 }),
				    .server = ip_from_v4((uint8_t[]){ 192, 0, 2, 1 }) };
	static const uint8_t want[] = { 50, 4, 192, 0, 2, 50, 54, 4, 192, 0, 2, 1, 255 };
	uint8_t p[DHCP_PACKET_LEN];
	size_t len = dhcp_packet(p, &self, 7, NULL);

	T_EQUAL("its length", 328, len);
	T_EQUAL("the checksum of IP", 0xffff, sum(0, p, 20));
	T_EQUAL("of UDP", 0xffff, sum(17 + 308 + sum(0, p + 12, 8), p + 20, 308));
	T_EQUAL("to a server's port", 67, p[23]);
	T_CHECK("our MAC", !memcmp(p + 28 + 28, self.mac, 6));
	T_EQUAL("a DISCOVER", 1, p[28 + 242]);
	T_EQUAL("the seconds", 7, p[28 + 9]);
	dhcp_packet(p, &self, 7, &offer);
	T_EQUAL("a REQUEST", 3, p[28 + 242]);
	T_CHECK("for what was offered, of whom",
		memmem(p + 28 + 240, 60, want, sizeof(want)) != NULL);
}

int main(void)
{
	test_good();
	test_bad_options();
	test_bad_bytes();
	test_out();
	return t_done();
}
