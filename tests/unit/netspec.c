/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine/netspec and machine/host_names: net lines, the kernel's ip=, host names. */
#include <errno.h>

#include "base/err.h"
#include "config/config.h"
#include "t.h"

/* says: what the line is printed back as, or, after a '!', what the refusal says. */
static const struct { const char *row, *line, *says; } lines[] = {
	{ "by name", "eth0 dhcp", "eth0 dhcp" },
	{ "by MAC", "52:54:00:AB:cd:01 slaac", "52:54:00:ab:cd:01 slaac" },
	{ "any", "any dhcp slaac", "any dhcp slaac" },
	{ "blanks", "  eth0\t dhcp ", "eth0 dhcp" },
	{ "static", "eth0 address=192.0.2.5/24 gateway=192.0.2.1 mtu=9000",
	  "eth0 mtu=9000 address=192.0.2.5/24 gateway=192.0.2.1" },
	{ "both families", "eth0 address=192.0.2.5/24 address=2001:DB8::5/64 "
	  "gateway=fe80::1 gateway=192.0.2.1", "eth0 address=192.0.2.5/24 "
	  "address=2001:db8::5/64 gateway=fe80::1 gateway=192.0.2.1" },
	{ "routes", "eth0 dhcp route=10.1.2.3/8,192.0.2.254 route=172.16.0.0/12",
	  "eth0 dhcp route=10.0.0.0/8,192.0.2.254 route=172.16.0.0/12" },
	{ "a default route in words", "eth0 dhcp route=0.0.0.0/0,192.0.2.1",
	  "eth0 dhcp gateway=192.0.2.1" },
	{ "a VLAN", "eth0 vlan=42 dhcp", "eth0 vlan=42 dhcp" },
	{ "a VLAN in the name", "eth0.42 dhcp", "eth0 vlan=42 dhcp" },
	{ "a dot that is no VLAN", "eth0.x dhcp", "eth0.x dhcp" },
	{ "a dot that is too much for a VLAN", "eth0.4095 dhcp", "eth0.4095 dhcp" },
	{ "a bond", "bond0 bond=eth0,52:54:00:12:34:56 dhcp",
	  "bond0 bond=eth0,52:54:00:12:34:56 dhcp" },
	{ "a bond of another mode", "bond0 mode=802.3ad bond=a,b dhcp",
	  "bond0 bond=a,b mode=802.3ad dhcp" },
	{ "the usual mode", "bond0 bond=a,b mode=active-backup dhcp", "bond0 bond=a,b dhcp" },
	{ "no such mode", "bond0 bond=a,b mode=4 dhcp", "!'4' is no mode of a bond" },
	{ "a mode without a bond", "eth0 mode=balance-rr dhcp", "!there is no bond=" },
	{ "a VLAN on a bond", "bond0.7 bond=a,b dhcp", "bond0 bond=a,b vlan=7 dhcp" },
	{ "a neighbour", "eth0 dhcp neighbour=192.0.2.1,52:54:00:12:34:56",
	  "eth0 dhcp neighbour=192.0.2.1,52:54:00:12:34:56" },
	{ "times", "eth0 dhcp carrier=5 timeout=600", "eth0 dhcp carrier=5 timeout=600" },
	{ "nothing", "", "!no interface" },
	{ "an interface alone", "eth0", "!no address" },
	{ "a name too long", "abcdefghijklmnop dhcp", "!neither an interface's name nor" },
	{ "a name that is a path", "../eth0 dhcp", "!neither an interface's name nor" },
	{ "a MAC too short", "52:54:00:12:34 dhcp", "!neither an interface's name nor" },
	{ "a MAC with more", "52:54:00:12:34:567 dhcp", "!neither" },
	{ "an unknown word", "eth0 dhcpv4", "!'dhcpv4' is none of dhcp" },
	{ "a word without its value", "eth0 address", "!address: no value" },
	{ "a word with an empty value", "eth0 address= dhcp", "!address: no value" },
	{ "a value too many", "eth0 dhcp=yes", "!dhcp takes no value" },
	{ "an address without a length", "eth0 address=192.0.2.5", "!prefix length" },
	{ "a length too long", "eth0 address=192.0.2.5/33", "!address" },
	{ "a length of words", "eth0 address=192.0.2.5/2x", "!address" },
	{ "a length of nothing", "eth0 address=192.0.2.5/", "!address" },
	{ "a short address", "eth0 address=192.0.2/24", "!address" },
	{ "a multicast address", "eth0 address=224.0.0.1/24", "!cannot be a host's" },
	{ "a loopback address", "eth0 address=::1/64", "!cannot be a host's" },
	{ "five addresses", "e address=10.0.0.1/8 address=10.0.0.2/8 address=10.0.0.3/8 "
	  "address=10.0.0.4/8 address=10.0.0.5/8", "!address: more than 4" },
	{ "a gateway of another family", "eth0 address=192.0.2.5/24 gateway=2001:db8::1",
	  "!of IPv6, but no address" },
	{ "two gateways", "eth0 dhcp gateway=192.0.2.1 gateway=192.0.2.2", "!a second one" },
	{ "a name for a gateway", "eth0 dhcp gateway=router", "!not a host's address" },
	{ "a route without a length", "eth0 dhcp route=10.0.0.0", "!prefix length" },
	{ "a route over another family", "eth0 dhcp route=10.0.0.0/8,fe80::1", "!family" },
	{ "a neighbour without a MAC", "eth0 dhcp neighbour=192.0.2.1", "!ADDRESS,MAC" },
	{ "an mtu too small", "eth0 dhcp mtu=575", "!mtu: '575' is not a number from 576" },
	{ "an mtu too small for IPv6", "eth0 slaac mtu=1000", "!1280" },
	{ "a negative mtu", "eth0 dhcp mtu=-1", "!mtu" },
	{ "VLAN 0", "eth0 dhcp vlan=0", "!vlan" },
	{ "VLAN 4095", "eth0 dhcp vlan=4095", "!vlan" },
	{ "a bond by MAC", "52:54:00:12:34:56 bond=eth0 dhcp", "!needs a name of its own" },
	{ "a bond of itself", "bond0 bond=eth0,bond0 dhcp", "!leg of itself" },
	{ "a bond of anything", "bond0 bond=any dhcp", "!not 'any'" },
	{ "a bond with a hole", "bond0 bond=eth0,,eth1 dhcp", "!neither" },
	{ "a carrier for ever", "eth0 dhcp carrier=100000", "!carrier" },
};

static const struct { const char *row, *words, *says; } ips[] = {
	{ "dhcp", "dhcp", "any dhcp" },
	{ "on", "on", "any dhcp" },
	{ "any", "any", "any dhcp" },
	{ "off", "off", "" },
	{ "none", "none", "" },
	{ "everything",
	  "192.0.2.5:192.0.2.9:192.0.2.1:255.255.255.0:web1:eth0:off:8.8.8.8:8.8.4.4:1.1.1.1",
	  "eth0 address=192.0.2.5/24 gateway=192.0.2.1" },
	{ "an address alone", "10.0.0.5", "any address=10.0.0.5/8" },
	{ "the class of an address", "192.0.2.5::192.0.2.1", "any address=192.0.2.5/24 "
	  "gateway=192.0.2.1" },
	{ "dhcp on a device", ":::::eth1:dhcp", "eth1 dhcp" },
	{ "dhcp by default", ":::::eth1", "eth1 dhcp" },
	{ "a device off", ":::::eth1:off", "" },
	{ "an address, but dhcp", "192.0.2.5::::h:eth0:dhcp", "eth0 dhcp" },
	{ "a VLAN", ":::::eth1.7:dhcp", "eth1 vlan=7 dhcp" },
	{ "a method of old", ":::::eth0:rarp", "!'rarp' is none of" },
	{ "a word", "yes", "!'yes' is none of" },
	{ "another's order of words", "eth0:dhcp", "!'eth0' is not a host's IPv4 address" },
	{ "a netmask with holes", "192.0.2.5:::255.0.255.0", "!not a netmask" },
	{ "a gateway that is none", "192.0.2.5::x", "!gateway" },
	{ "a device that is none", ":::::e/0:dhcp", "!neither" },
};

static void compare(const char *row, const char *says, bool ok, const struct net_spec *s,
		    const struct err *e)
{
	char text[NET_TEXT];

	if (says[0] == '!') {
		T_CHECK(row, !ok);
		if (!T_CHECK(row, strstr(e->text, says + 1)))
			printf("%s\n", e->text);
		return;
	}
	if (!says[0]) {
		T_CHECK(row, !ok && !e->code);
		return;
	}
	if (!T_CHECK(row, ok))
		printf("%s\n", e->text);
	netspec_format(s, text);
	T_TEXT(row, says, text);
}

static void test_lines(void)
{
	for (size_t i = 0; i < T_SIZE(lines); i++) {
		size_t size = strlen(lines[i].line) + 1;
		char *line = t_guard(lines[i].line, size), text[NET_TEXT], back[NET_TEXT];
		struct net_spec spec, again;
		struct err e = { .text = "" };
		bool ok = netspec_parse(&spec, line, &e);

		compare(lines[i].row, lines[i].says, ok, &spec, &e);
		if (ok) {
			netspec_format(&spec, text);
			T_CHECK("what is printed", netspec_parse(&again, text, &e));
			netspec_format(&again, back);
			T_TEXT("says the same", text, back);
		}
		t_unguard(line, size);
	}
	for (size_t i = 0; i < T_SIZE(ips); i++) {
		struct err e = { .text = "" };
		struct net_spec spec;
		bool ok = netspec_parse_ip(&spec, ips[i].words, &e);

		compare(ips[i].row, ips[i].says, ok, &spec, &e);
	}
}

static unsigned n_bad;

static void bad(const struct err *e)
{
	n_bad += e->code != 0;
}

/* Who wins: crashbox.net over the file's, both over the kernel's ip=. */
static void test_who_wins(void)
{
	static const struct {
		const char *row, *file, *words, *first;
		unsigned n, bad;
	} cases[] = {
		{ "ip= alone", "", "ip=dhcp", "any dhcp", 1, 0 },
		{ "two of them", "", "ip=:::::eth0:dhcp ip=10.0.0.5:::::eth1", "eth0 dhcp",
		  2, 0 },
		{ "ip= and a file", "net eth0 slaac", "ip=dhcp", "eth0 slaac", 1, 0 },
		{ "a word and a file", "net eth0 slaac", "crashbox.net=\"eth1 dhcp\" ip=dhcp",
		  "eth1 dhcp", 1, 0 },
		{ "a wrong word and a file", "net eth0 slaac", "crashbox.net=eth1",
		  "eth0 slaac", 1, 1 },
		{ "a wrong ip=", "", "ip=eth0:dhcp", NULL, 0, 1 },
		{ "ip=off", "", "ip=off", NULL, 0, 0 },
	};

	for (size_t i = 0; i < T_SIZE(cases); i++) {
		static struct config c;
		char text[NET_TEXT];
		struct err e;

		config_init(&c);
		c.told = bad;
		T_CHECK(cases[i].row, config_line(&c, cases[i].file, &e));
		n_bad = 0;
		config_cmdline(&c, cases[i].words);
		T_EQUAL(cases[i].row, cases[i].bad, n_bad);
		T_EQUAL(cases[i].row, cases[i].n, c.n_nets);
		if (!cases[i].first || !c.n_nets)
			continue;
		netspec_format(&c.nets[0], text);
		T_TEXT(cases[i].row, cases[i].first, text);
	}
}

static void test_names(void)
{
	static struct host_names t;
	struct ipaddr found[MAX_NAME_ADDRESSES];
	char text[IP_TEXT];
	struct err e;

	T_CHECK("a name", host_names_parse(&t, "dump.example 2001:db8::9 192.0.2.9", &e));
	T_CHECK("a name without an address", !host_names_parse(&t, "dump.example", &e));
	T_CHECK("an address that is none", !host_names_parse(&t, "x 192.0.2.999", &e));
	T_CHECK("five addresses", !host_names_parse(&t, "x ::2 ::3 ::4 ::5 ::6", &e));
	T_CHECK("a name that is none", !host_names_parse(&t, "a/b 192.0.2.9", &e));
	T_EQUAL("of these one is kept", 1, t.n);
	T_EQUAL("both of its addresses", 2, host_names_lookup(&t, "DUMP.example", found, &e));
	T_TEXT("in their order", "2001:db8::9", ip_format(&found[0], text));
	T_TEXT("in their order", "192.0.2.9", ip_format(&found[1], text));
	T_EQUAL("an address is its own", 1, host_names_lookup(&t, "192.0.2.1", found, &e));
	T_EQUAL("in brackets, too", 1, host_names_lookup(&t, "[2001:db8::1]", found, &e));
	T_TEXT("without them", "2001:db8::1", ip_format(&found[0], text));
	T_EQUAL("IPv4 in brackets is not", 0, host_names_lookup(&t, "[192.0.2.1]", found, &e));
	T_EQUAL("a name that is not there", 0, host_names_lookup(&t, "dump", found, &e));
	T_CHECK("says what to do", strstr(e.text, "add 'resolve dump ADDRESS'"));
	for (unsigned i = 1; i < MAX_NAMES; i++)
		T_CHECK("as many as there may be", host_names_parse(&t, "x ::2", &e));
	T_CHECK("one name too many", !host_names_parse(&t, "x ::2", &e));
}

static void check_prefixes(void)
{
	static const struct {
		const char *prefix, *ip;
		bool has;
	} cases[] = {
		{ "192.0.2.5/24", "192.0.2.200", true },
		{ "192.0.2.5/24", "192.0.3.5", false },
		{ "192.0.2.128/25", "192.0.2.127", false },
		{ "192.0.2.128/25", "192.0.2.255", true },
		{ "192.0.2.5/32", "192.0.2.5", true },
		{ "192.0.2.5/32", "192.0.2.4", false },
		{ "10.0.0.0/0", "192.0.2.4", true },
		{ "2001:db8::1/64", "2001:db8::ffff:1", true },
		{ "2001:db8::1/65", "2001:db8::8000:0:0:1", false },
		{ "2001:db8::1/0", "192.0.2.4", false },
	};

	for (size_t i = 0; i < T_SIZE(cases); i++) {
		struct prefix p;
		struct ipaddr ip;

		T_CHECK(cases[i].prefix, prefix_parse(&p, cases[i].prefix));
		T_CHECK(cases[i].ip, ip_parse(&ip, cases[i].ip));
		T_EQUAL(cases[i].prefix, cases[i].has, prefix_has(&p, &ip));
	}
}

int main(void)
{
	test_lines();
	test_who_wins();
	test_names();
	check_prefixes();
	return t_done();
}
