/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parsing net lines. A line is words; a table has a row for each. What one word alone
 * cannot tell, such as a gateway without an address, is checked when all are read.
 */
#include "netspec.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#define CARRIER_S 30
#define TIMEOUT_S 30
#define WORD_MAX 160

void netspec_init(struct net_spec *s)
{
	*s = (struct net_spec){ .carrier_s = CARRIER_S, .timeout_s = TIMEOUT_S,
				.bond_mode = BOND_ACTIVE_BACKUP };
}

static bool parse_number(const char *text, unsigned min, unsigned max, unsigned *out,
			 struct err *e)
{
	size_t n = strspn(text, "0123456789");

	*out = n && n < 7 && !text[n] ? strtoul(text, NULL, 10) : 0;
	return (n && n < 7 && !text[n] && *out >= min && *out <= max) ||
	       fail(e, EINVAL, "'%s' is not a number from %u to %u", text, min, max);
}

static bool parse_which(struct net_which *w, const char *text, struct err *e)
{
	memset(w, 0, sizeof(*w));
	if (mac_parse(w->mac, text)) {
		w->by_mac = true;
		return true;
	}
	if (!*text || strlen(text) >= NET_NAME || strpbrk(text, "/:%=,") ||
	    !strcmp(text, ".") || !strcmp(text, ".."))
		return fail(e, EINVAL, "'%s' is neither an interface's name nor a MAC such as "
			    "52:54:00:12:34:56", text);
	if (strcmp(text, "any"))
		snprintf(w->name, sizeof(w->name), "%s", text);
	return true;
}

/* ---- one function a word ---------------------------------------------------- */

static bool set_dhcp(struct net_spec *s, char *value, struct err *e)
{
	(void)value, (void)e;
	s->dhcp = true;
	return true;
}

static bool set_slaac(struct net_spec *s, char *value, struct err *e)
{
	(void)value, (void)e;
	s->slaac = true;
	return true;
}

static bool set_address(struct net_spec *s, char *value, struct err *e)
{
	struct prefix p;

	if (s->n_addresses == MAX_NET_ADDRESSES)
		return fail(e, EINVAL, "more than %u", MAX_NET_ADDRESSES);
	if (!prefix_parse(&p, value) || !p.len)
		return fail(e, EINVAL, "'%s' is not an address with its prefix length, such as "
			    "192.0.2.5/24", value);
	if (!ip_is_host(&p.ip))
		return fail(e, EINVAL, "'%s' cannot be a host's address", value);
	s->addresses[s->n_addresses++] = p;
	return true;
}

static bool add_route(struct net_spec *s, const struct net_route *r, struct err *e)
{
	if (s->n_routes == MAX_NET_ROUTES)
		return fail(e, EINVAL, "more than %u routes", MAX_NET_ROUTES);
	s->routes[s->n_routes++] = *r;
	return true;
}

static bool parse_gateway(struct ipaddr *ip, const char *value, struct err *e)
{
	return (ip_parse(ip, value) && ip_is_host(ip)) ||
	       fail(e, EINVAL, "'%s' is not a host's address", value);
}

static bool set_gateway(struct net_spec *s, char *value, struct err *e)
{
	struct net_route r = { .to.len = 0 };

	if (!parse_gateway(&r.gateway, value, e))
		return false;
	r.to.ip.family = r.gateway.family;
	for (unsigned i = 0; i < s->n_routes; i++)
		if (!s->routes[i].to.len && s->routes[i].to.ip.family == r.to.ip.family)
			return fail(e, EINVAL, "a second one for %s",
				    r.to.ip.family == AF_INET ? "IPv4" : "IPv6");
	return add_route(s, &r, e);
}

/* DESTINATION/LENGTH[,GATEWAY]; bits behind the length are cut off. */
static bool set_route(struct net_spec *s, char *value, struct err *e)
{
	char *gateway = strchr(value, ',');
	struct net_route r = { .to.len = 0 };

	if (gateway)
		*gateway++ = '\0';
	if (!prefix_parse(&r.to, value))
		return fail(e, EINVAL, "'%s' is not a network with its prefix length, such as "
			    "10.0.0.0/8", value);
	for (unsigned bit = r.to.len; bit < ip_len(&r.to.ip) * 8; bit++)
		r.to.ip.bytes[bit / 8] &= ~(0x80 >> bit % 8);
	if (gateway && !parse_gateway(&r.gateway, gateway, e))
		return false;
	if (gateway && r.gateway.family != r.to.ip.family)
		return fail(e, EINVAL, "'%s' is of another family than '%s'", gateway, value);
	return add_route(s, &r, e);
}

static bool set_neighbour(struct net_spec *s, char *value, struct err *e)
{
	char *mac = strchr(value, ',');
	struct neighbour n;

	if (s->n_neighbours == MAX_NEIGHBOURS)
		return fail(e, EINVAL, "more than %u", MAX_NEIGHBOURS);
	if (mac)
		*mac++ = '\0';
	if (!mac || !mac_parse(n.mac, mac) || !parse_gateway(&n.ip, value, e))
		return fail(e, EINVAL, "'%s' is not ADDRESS,MAC", value);
	s->neighbours[s->n_neighbours++] = n;
	return true;
}

static bool set_mtu(struct net_spec *s, char *value, struct err *e)
{
	return parse_number(value, 576, 65535, &s->mtu, e);
}

static bool set_vlan(struct net_spec *s, char *value, struct err *e)
{
	return parse_number(value, 1, 4094, &s->vlan, e);
}

static bool set_bond(struct net_spec *s, char *value, struct err *e)
{
	char *leg;

	s->n_legs = 0;
	while ((leg = strsep(&value, ","))) {
		if (s->n_legs == MAX_LEGS)
			return fail(e, EINVAL, "more than %u legs", MAX_LEGS);
		if (!parse_which(&s->legs[s->n_legs], leg, e))
			return false;
		if (!s->legs[s->n_legs].by_mac && !s->legs[s->n_legs].name[0])
			return fail(e, EINVAL, "a leg is a name or a MAC, not 'any'");
		s->n_legs++;
	}
	return true;
}

/* Linux Documentation/networking/bonding.rst, by its numbers. */
static const char *const bond_modes[] = {
	"balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb",
	"balance-alb",
};

#define N_BOND_MODES (sizeof(bond_modes) / sizeof(bond_modes[0]))

const char *net_bond_mode(unsigned mode)
{
	return mode < N_BOND_MODES ? bond_modes[mode] : NULL;
}

static bool set_mode(struct net_spec *s, char *value, struct err *e)
{
	for (s->bond_mode = 0; s->bond_mode < N_BOND_MODES; s->bond_mode++)
		if (!strcmp(bond_modes[s->bond_mode], value))
			return true;
	return fail(e, EINVAL, "'%s' is no mode of a bond, such as active-backup, 802.3ad, "
		    "balance-rr", value);
}

static bool set_carrier(struct net_spec *s, char *value, struct err *e)
{
	return parse_number(value, 1, 600, &s->carrier_s, e);
}

static bool set_timeout(struct net_spec *s, char *value, struct err *e)
{
	return parse_number(value, 1, 600, &s->timeout_s, e);
}

static const struct {
	const char *word;
	bool has_value;
	bool (*set)(struct net_spec *s, char *value, struct err *e);
} words[] = {
	{ "dhcp",	false,	set_dhcp },
	{ "slaac",	false,	set_slaac },
	{ "address",	true,	set_address },
	{ "gateway",	true,	set_gateway },
	{ "route",	true,	set_route },
	{ "neighbour",	true,	set_neighbour },
	{ "mtu",	true,	set_mtu },
	{ "vlan",	true,	set_vlan },
	{ "bond",	true,	set_bond },
	{ "mode",	true,	set_mode },
	{ "carrier",	true,	set_carrier },
	{ "timeout",	true,	set_timeout },
};

/* ---- a line ----------------------------------------------------------------- */

static bool set_word(struct net_spec *s, char *word, struct err *e)
{
	char *value = strchr(word, '=');

	if (value)
		*value++ = '\0';
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(word, words[i].word))
			continue;
		if (words[i].has_value != (value && *value))
			return fail(e, EINVAL, words[i].has_value ? "%s: no value" :
				    "%s takes no value", word);
		return words[i].set(s, value, e) || within(e, "%s", word);
	}
	return fail(e, EINVAL, "'%s' is none of dhcp, slaac, address=, gateway=, route=, "
		    "neighbour=, mtu=, vlan=, bond=, mode=, carrier=, timeout=", word);
}

/* "eth0.42" is VLAN 42 of eth0, as everybody calls it. */
static void split_vlan(struct net_spec *s)
{
	char *dot = strrchr(s->which.name, '.');
	struct err ignored;
	unsigned vlan;

	if (s->vlan || !dot || dot == s->which.name ||
	    !parse_number(dot + 1, 1, 4094, &vlan, &ignored))
		return;
	s->vlan = vlan;
	*dot = '\0';
}

/* What only all words together tell. */
static bool check(const struct net_spec *s, struct err *e)
{
	bool has[2] = { s->dhcp, s->slaac };

	for (unsigned i = 0; i < s->n_addresses; i++)
		has[s->addresses[i].ip.family == AF_INET6] = true;
	if (!has[0] && !has[1])
		return fail(e, EINVAL, "no address: one of dhcp, slaac, address= is needed");
	for (unsigned i = 0; i < s->n_routes; i++)
		if (!has[s->routes[i].to.ip.family == AF_INET6])
			return fail(e, EINVAL, "a gateway or route of IPv%c, but no address "
				    "of that kind",
				    s->routes[i].to.ip.family == AF_INET6 ? '6' : '4');
	if (s->n_legs && !s->which.name[0])
		return fail(e, EINVAL, "a bond needs a name of its own, such as bond0");
	if (!s->n_legs && s->bond_mode != BOND_ACTIVE_BACKUP)
		return fail(e, EINVAL, "mode: there is no bond=");
	for (unsigned i = 0; i < s->n_legs; i++)
		if (!s->legs[i].by_mac && !strcmp(s->legs[i].name, s->which.name))
			return fail(e, EINVAL, "bond: '%s' cannot be a leg of itself",
				    s->which.name);
	if (has[1] && s->mtu && s->mtu < 1280)
		return fail(e, EINVAL, "mtu: %u is too small for IPv6, which needs 1280",
			    s->mtu);
	return true;
}

bool netspec_parse(struct net_spec *s, const char *text, struct err *e)
{
	char word[WORD_MAX];
	bool first = true;

	netspec_init(s);
	for (; *(text += strspn(text, " \t")); first = false) {
		size_t len = strcspn(text, " \t");

		if (len >= sizeof(word))
			return fail(e, EINVAL, "a word of %zu characters", len);
		memcpy(word, text, len);
		word[len] = '\0';
		text += len;
		if (first ? !parse_which(&s->which, word, e) : !set_word(s, word, e))
			return false;
	}
	if (first)
		return fail(e, EINVAL, "no interface");
	split_vlan(s);
	return check(s, e);
}

/* ---- the kernel's ip= ------------------------------------------------------- */

enum { IP_CLIENT, IP_SERVER, IP_GATEWAY, IP_MASK, IP_HOST, IP_DEVICE, IP_HOW, IP_FIELDS };

static bool ip_how(struct net_spec *s, const char *how, struct err *e)
{
	static const char *const by_dhcp[] = { "dhcp", "on", "any", "both" };

	for (size_t i = 0; i < sizeof(by_dhcp) / sizeof(by_dhcp[0]); i++)
		s->dhcp |= !strcmp(how, by_dhcp[i]);
	if (s->dhcp || !strcmp(how, "off") || !strcmp(how, "none") || !*how)
		return true;
	return fail(e, EINVAL, "ip: '%s' is none of dhcp, on, any, both, off, none", how);
}

static bool ip_mask(struct prefix *p, const char *mask, struct err *e)
{
	struct ipaddr m;

	if (!*mask)
		p->len = class_len(&p->ip);
	else if (!ip_parse(&m, mask) || ip_len(&m) != 4 || !mask_len(m.bytes, &p->len) ||
		 !p->len)
		return fail(e, EINVAL, "ip: '%s' is not a netmask", mask);
	return true;
}

bool netspec_parse_ip(struct net_spec *s, const char *text, struct err *e)
{
	char copy[WORD_MAX], *rest = copy, *field[IP_FIELDS] = { NULL };
	struct prefix p;
	struct err cause;

	netspec_init(s);
	e->code = 0;
	e->text[0] = '\0';
	if (strlen(text) >= sizeof(copy))
		return fail(e, EINVAL, "ip: %zu characters", strlen(text));
	strcpy(copy, text);
	if (!strchr(text, ':') && strspn(text, "0123456789.") != strlen(text))
		return ip_how(s, text, e) && s->dhcp;
	for (unsigned i = 0; i < IP_FIELDS; i++) {
		field[i] = strsep(&rest, ":");
		if (!field[i])
			field[i] = copy + strlen(text);
	}
	if (!ip_how(s, field[IP_HOW], e) ||
	    (*field[IP_DEVICE] && !parse_which(&s->which, field[IP_DEVICE], e)))
		return false;
	split_vlan(s);
	if (s->dhcp || !*field[IP_CLIENT]) {
		s->dhcp |= !*field[IP_HOW];
		return s->dhcp;
	}
	if (!ip_parse(&p.ip, field[IP_CLIENT]) || !ip_is_host(&p.ip))
		return fail(e, EINVAL, "ip: '%s' is not a host's IPv4 address",
			    field[IP_CLIENT]);
	if (!ip_mask(&p, field[IP_MASK], e))
		return false;
	s->addresses[s->n_addresses++] = p;
	if (*field[IP_GATEWAY] && !set_gateway(s, field[IP_GATEWAY], &cause))
		return fail(e, EINVAL, "ip: gateway: %s", cause.text);
	return true;
}

/* ---- and back --------------------------------------------------------------- */

const char *net_which_format(const struct net_which *w, char text[MAC_TEXT])
{
	if (w->by_mac)
		return mac_format(w->mac, text);
	snprintf(text, MAC_TEXT, "%s", w->name[0] ? w->name : "any");
	return text;
}

__attribute__((format(printf, 2, 3)))
static void add(char text[NET_TEXT], const char *fmt, ...)
{
	size_t len = strlen(text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text + len, NET_TEXT - len, fmt, ap);
	va_end(ap);
}

void netspec_format(const struct net_spec *s, char text[NET_TEXT])
{
	char a[PREFIX_TEXT], b[IP_TEXT], mac[MAC_TEXT];

	text[0] = '\0';
	add(text, "%s", net_which_format(&s->which, mac));
	for (unsigned i = 0; i < s->n_legs; i++)
		add(text, "%s%s", i ? "," : " bond=", net_which_format(&s->legs[i], mac));
	if (s->n_legs && s->bond_mode != BOND_ACTIVE_BACKUP)
		add(text, " mode=%s", net_bond_mode(s->bond_mode));
	if (s->vlan)
		add(text, " vlan=%u", s->vlan);
	if (s->mtu)
		add(text, " mtu=%u", s->mtu);
	add(text, "%s%s", s->dhcp ? " dhcp" : "", s->slaac ? " slaac" : "");
	for (unsigned i = 0; i < s->n_addresses; i++)
		add(text, " address=%s", prefix_format(&s->addresses[i], a));
	for (unsigned i = 0; i < s->n_routes; i++) {
		const struct net_route *r = &s->routes[i];

		if (!r->to.len && ip_is_set(&r->gateway))
			add(text, " gateway=%s", ip_format(&r->gateway, b));
		else
			add(text, " route=%s%s%s", prefix_format(&r->to, a),
			    ip_is_set(&r->gateway) ? "," : "",
			    ip_is_set(&r->gateway) ? ip_format(&r->gateway, b) : "");
	}
	for (unsigned i = 0; i < s->n_neighbours; i++)
		add(text, " neighbour=%s,%s", ip_format(&s->neighbours[i].ip, b),
		    mac_format(s->neighbours[i].mac, mac));
	if (s->carrier_s != CARRIER_S)
		add(text, " carrier=%u", s->carrier_s);
	if (s->timeout_s != TIMEOUT_S)
		add(text, " timeout=%u", s->timeout_s);
}
