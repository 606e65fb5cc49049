/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interfaces, by netlink. rtnetlink's messages, Linux
 * include/uapi/linux/{if_link,if_addr,rtnetlink,neighbour}.h. Whoever asked before, or
 * died in between, must not be in the way: what exists already is replaced.
 */
#include "netdev.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "base/bytes.h"
#include "base/err.h"
#include "netlink.h"

#define BOND_MIIMON_MS 100

static void copy_text(char *to, size_t size, struct nl_bytes from)
{
	size_t len = from.at ? strnlen((const char *)from.at, min_u64(from.len, size - 1)) : 0;

	if (len)
		memcpy(to, from.at, len);
	to[len] = '\0';
}

bool netdev_has_mac(const struct netdev *d, const uint8_t mac[MAC_LEN])
{
	return (d->has_permanent && !memcmp(d->permanent, mac, MAC_LEN)) ||
	       (d->has_mac && !memcmp(d->mac, mac, MAC_LEN));
}

bool netdev_ip(struct nl_bytes in, uint16_t type, uint8_t family, struct ipaddr *ip)
{
	*ip = (struct ipaddr){ .family = family };
	in = nl_find(in, type, ip_len(ip));
	if (in.at)
		memcpy(ip->bytes, in.at, ip_len(ip));
	return in.at;
}

/* ---- links ------------------------------------------------------------------ */

static bool mac_of(struct nl_bytes in, uint16_t type, uint8_t mac[MAC_LEN])
{
	in = nl_find(in, type, MAC_LEN);
	if (in.at && in.len == MAC_LEN)
		memcpy(mac, in.at, MAC_LEN);
	return in.at && in.len == MAC_LEN;
}

static void read_link(const struct nlmsghdr *h, struct netdev *d)
{
	struct nl_bytes all = nl_attributes(h, sizeof(struct ifinfomsg)), info, data, value;
	static const uint8_t nobody[MAC_LEN];
	uint8_t partner[MAC_LEN];
	struct ifinfomsg link;

	memset(d, 0, sizeof(*d));
	if (h->nlmsg_len < NLMSG_HDRLEN + sizeof(link))
		return;
	memcpy(&link, NLMSG_DATA(h), sizeof(link));
	d->index = link.ifi_index;
	d->type = link.ifi_type;
	d->flags = link.ifi_flags;
	d->mtu = nl_u32(all, IFLA_MTU);
	d->master = nl_u32(all, IFLA_MASTER);
	d->lower = nl_u32(all, IFLA_LINK);
	d->has_carrier = (link.ifi_flags & (IFF_UP | IFF_RUNNING | IFF_LOWER_UP)) ==
			 (IFF_UP | IFF_RUNNING | IFF_LOWER_UP);
	d->has_mac = mac_of(all, IFLA_ADDRESS, d->mac);
	copy_text(d->name, sizeof(d->name), nl_find(all, IFLA_IFNAME, 1));
	info = nl_find(all, IFLA_LINKINFO, 0);
	/* A bond gives its legs one MAC, and remembers what each had before. */
	d->has_permanent = mac_of(all, IFLA_PERM_ADDRESS, d->permanent) ||
			   mac_of(nl_find(info, IFLA_INFO_SLAVE_DATA, 0),
				  IFLA_BOND_SLAVE_PERM_HWADDR, d->permanent);
	copy_text(d->kind, sizeof(d->kind), nl_find(info, IFLA_INFO_KIND, 1));
	data = nl_find(info, IFLA_INFO_DATA, 0);
	value = nl_find(data, IFLA_VLAN_ID, 2);
	if (!strcmp(d->kind, "vlan") && value.at)
		d->vlan = get_u16(value.at);
	value = nl_find(data, IFLA_VLAN_PROTOCOL, 2);
	d->is_qinq = !strcmp(d->kind, "vlan") && value.at &&
		     get_u16(value.at) != htons(ETH_P_8021Q);
	value = nl_find(data, IFLA_BOND_MODE, 1);
	if (!strcmp(d->kind, "bond") && value.at)
		d->bond_mode = *value.at;
	d->has_partner = !strcmp(d->kind, "bond") &&
			 mac_of(nl_find(data, IFLA_BOND_AD_INFO, 0),
				IFLA_BOND_AD_INFO_PARTNER_MAC, partner) &&
			 memcmp(partner, nobody, MAC_LEN);
}

struct link_walk {
	struct netlink *nl;
	void (*each)(const struct netdev *d, void *arg);
	void *arg;
};

static void walk_link(const struct nlmsghdr *h, void *arg)
{
	const struct link_walk *w = arg;
	struct netdev d;

	read_link(h, &d);
	d.nl = w->nl;
	if (d.index)
		w->each(&d, w->arg);
}

bool netdev_each(struct netlink *nl, void (*each)(const struct netdev *d, void *arg),
		 void *arg, struct err *e)
{
	struct ifinfomsg link = { .ifi_family = AF_UNSPEC };
	struct link_walk w = { nl, each, arg };
	const struct nl_reader reader = { RTM_NEWLINK, walk_link, &w };
	struct nl_msg m;

	nl_begin(&m, RTM_GETLINK, 0, &link, sizeof(link));
	return netlink_dump(nl, &m, &reader, e);
}

struct get { int index; struct netdev *d; bool found; };

static void take_if_it(const struct netdev *d, void *arg)
{
	struct get *g = arg;

	if (d->index == g->index) {
		*g->d = *d;
		g->found = true;
	}
}

bool netdev_get(struct netlink *nl, int index, struct netdev *d, struct err *e)
{
	struct get g = { index, d, false };

	return netdev_each(nl, take_if_it, &g, e) &&
	       (g.found || fail(e, ENODEV, "the interface is gone"));
}

bool netdev_up(const struct netdev *d, bool up, struct err *e)
{
	struct ifinfomsg link = { .ifi_index = d->index, .ifi_flags = up ? IFF_UP : 0,
				  .ifi_change = IFF_UP };
	struct nl_msg m;

	nl_begin(&m, RTM_NEWLINK, 0, &link, sizeof(link));
	return netlink_request(d->nl, &m, e);
}

static bool set_number(const struct netdev *d, uint16_t type, uint32_t value, struct err *e)
{
	struct ifinfomsg link = { .ifi_index = d->index };
	struct nl_msg m;

	nl_begin(&m, RTM_NEWLINK, 0, &link, sizeof(link));
	nl_put_u32(&m, type, value);
	return netlink_request(d->nl, &m, e);
}

bool netdev_set_mtu(const struct netdev *d, unsigned mtu, struct err *e)
{
	return set_number(d, IFLA_MTU, mtu, e);
}

bool netdev_set_master(const struct netdev *d, int master, struct err *e)
{
	return set_number(d, IFLA_MASTER, master, e);
}

bool netdev_delete(const struct netdev *d, struct err *e)
{
	struct ifinfomsg link = { .ifi_index = d->index };
	struct nl_msg m;

	nl_begin(&m, RTM_DELLINK, 0, &link, sizeof(link));
	return netlink_request(d->nl, &m, e);
}

/* A new link up to where its kind's own data go. */
static size_t begin_link(struct nl_msg *m, const char *name, int lower, const char *kind,
			 size_t *info)
{
	struct ifinfomsg link = { .ifi_family = AF_UNSPEC };

	nl_begin(m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &link, sizeof(link));
	nl_put_text(m, IFLA_IFNAME, name);
	if (lower)
		nl_put_u32(m, IFLA_LINK, lower);
	*info = nl_nest_begin(m, IFLA_LINKINFO);
	nl_put_text(m, IFLA_INFO_KIND, kind);
	return nl_nest_begin(m, IFLA_INFO_DATA);
}

bool netdev_add_vlan(const struct netdev *lower, const char *name, unsigned vlan,
		     struct err *e)
{
	uint16_t id = vlan;
	struct nl_msg m;
	size_t info, data = begin_link(&m, name, lower->index, "vlan", &info);

	nl_put(&m, IFLA_VLAN_ID, &id, sizeof(id));
	nl_nest_end(&m, data);
	nl_nest_end(&m, info);
	return netlink_request(lower->nl, &m, e);
}

bool netdev_add_bond(struct netlink *nl, const char *name, unsigned mode, struct err *e)
{
	uint8_t mode_byte = mode, lacp_fast = 1;
	struct nl_msg m;
	size_t info, data = begin_link(&m, name, 0, "bond", &info);

	nl_put(&m, IFLA_BOND_MODE, &mode_byte, sizeof(mode_byte));
	nl_put_u32(&m, IFLA_BOND_MIIMON, BOND_MIIMON_MS);
	if (mode == BOND_LACP)
		nl_put(&m, IFLA_BOND_AD_LACP_RATE, &lacp_fast, sizeof(lacp_fast));
	nl_nest_end(&m, data);
	nl_nest_end(&m, info);
	return netlink_request(nl, &m, e);
}

/* ---- addresses -------------------------------------------------------------- */

bool netdev_add_address(const struct netdev *d, const struct prefix *p, struct err *e)
{
	struct ifaddrmsg a = { .ifa_family = p->ip.family, .ifa_prefixlen = p->len,
			       .ifa_index = d->index };
	uint8_t broadcast[4];
	struct nl_msg m;

	nl_begin(&m, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, &a, sizeof(a));
	nl_put(&m, IFA_LOCAL, p->ip.bytes, ip_len(&p->ip));
	nl_put(&m, IFA_ADDRESS, p->ip.bytes, ip_len(&p->ip));
	if (p->ip.family == AF_INET && p->len < 31) {
		memcpy(broadcast, p->ip.bytes, 4);
		for (unsigned bit = p->len; bit < 32; bit++)
			broadcast[bit / 8] |= 0x80 >> bit % 8;
		nl_put(&m, IFA_BROADCAST, broadcast, 4);
	}
	return netlink_request(d->nl, &m, e) || e->code == EEXIST;
}

struct address_walk {
	int index;
	const struct ipaddr *ip;
	struct prefix *found;
	enum address_state state;
};

static void walk_address(const struct nlmsghdr *h, void *arg)
{
	struct nl_bytes all = nl_attributes(h, sizeof(struct ifaddrmsg));
	struct address_walk *w = arg;
	enum address_state state;
	struct ifaddrmsg a;
	struct ipaddr ip;
	uint32_t flags;

	if (h->nlmsg_len < NLMSG_HDRLEN + sizeof(a))
		return;
	memcpy(&a, NLMSG_DATA(h), sizeof(a));
	if ((int)a.ifa_index != w->index || !netdev_ip(all, IFA_ADDRESS, a.ifa_family, &ip))
		return;
	if (w->ip ? !ip_equal(&ip, w->ip)
		  : ip.family != AF_INET6 || a.ifa_scope != RT_SCOPE_UNIVERSE)
		return;
	flags = a.ifa_flags | nl_u32(all, IFA_FLAGS);
	state = flags & IFA_F_DADFAILED ? ADDRESS_DUPLICATE :
		flags & IFA_F_TENTATIVE ? ADDRESS_TENTATIVE : ADDRESS_READY;
	/* Of several, one that can be used counts. */
	if (w->state == ADDRESS_READY || (w->state != ADDRESS_NONE && state != ADDRESS_READY))
		return;
	w->state = state;
	if (w->found)
		*w->found = (struct prefix){ ip, a.ifa_prefixlen };
}

enum address_state netdev_address_state(const struct netdev *d, const struct ipaddr *ip,
					struct prefix *found)
{
	struct ifaddrmsg a = { .ifa_family = ip ? ip->family : AF_INET6 };
	struct address_walk w = { d->index, ip, found, ADDRESS_NONE };
	const struct nl_reader reader = { RTM_NEWADDR, walk_address, &w };
	struct nl_msg m;
	struct err ignored;

	nl_begin(&m, RTM_GETADDR, 0, &a, sizeof(a));
	netlink_dump(d->nl, &m, &reader, &ignored);
	return w.state;
}

/* ---- routes ----------------------------------------------------------------- */

static bool send_route(const struct netdev *d, const struct net_route *r, unsigned metric,
		       unsigned flags, struct err *e)
{
	bool via = ip_is_set(&r->gateway);
	struct rtmsg route = {
		.rtm_family = r->to.ip.family, .rtm_dst_len = r->to.len,
		.rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_STATIC,
		.rtm_scope = via || r->to.ip.family == AF_INET6 ? RT_SCOPE_UNIVERSE
								: RT_SCOPE_LINK,
		.rtm_type = RTN_UNICAST, .rtm_flags = flags,
	};
	struct nl_msg m;

	nl_begin(&m, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, &route, sizeof(route));
	if (r->to.len)
		nl_put(&m, RTA_DST, r->to.ip.bytes, ip_len(&r->to.ip));
	if (via)
		nl_put(&m, RTA_GATEWAY, r->gateway.bytes, ip_len(&r->gateway));
	nl_put_u32(&m, RTA_OIF, d->index);
	nl_put_u32(&m, RTA_PRIORITY, metric);
	return netlink_request(d->nl, &m, e);
}

bool netdev_add_route(const struct netdev *d, const struct net_route *r, unsigned metric,
		      struct err *e)
{
	if (send_route(d, r, metric, 0, e) || e->code == EEXIST)
		return true;
	/* In many clouds the gateway lies outside of the machine's /32, and yet is there. */
	return ip_is_set(&r->gateway) &&
	       (e->code == ENETUNREACH || e->code == EHOSTUNREACH || e->code == EINVAL) &&
	       send_route(d, r, metric, RTNH_F_ONLINK, e);
}

struct route_walk { int index; struct ipaddr *gateway; bool found; };

static void walk_route(const struct nlmsghdr *h, void *arg)
{
	struct nl_bytes all = nl_attributes(h, sizeof(struct rtmsg));
	struct route_walk *w = arg;
	struct rtmsg route;

	if (h->nlmsg_len < NLMSG_HDRLEN + sizeof(route))
		return;
	memcpy(&route, NLMSG_DATA(h), sizeof(route));
	if (route.rtm_family == AF_INET6 && !route.rtm_dst_len &&
	    route.rtm_type == RTN_UNICAST && (int)nl_u32(all, RTA_OIF) == w->index &&
	    netdev_ip(all, RTA_GATEWAY, AF_INET6, w->gateway))
		w->found = true;
}

bool netdev_default_route6(const struct netdev *d, struct ipaddr *gateway)
{
	struct rtmsg route = { .rtm_family = AF_INET6 };
	struct route_walk w = { d->index, gateway, false };
	const struct nl_reader reader = { RTM_NEWROUTE, walk_route, &w };
	struct nl_msg m;
	struct err ignored;

	nl_begin(&m, RTM_GETROUTE, 0, &route, sizeof(route));
	netlink_dump(d->nl, &m, &reader, &ignored);
	return w.found;
}

/* ---- neighbours ------------------------------------------------------------- */

bool netdev_ask_neighbour(const struct netdev *d, const struct ipaddr *ip, struct err *e)
{
	struct ndmsg n = { .ndm_family = ip->family, .ndm_ifindex = d->index,
			   .ndm_flags = NTF_USE };
	struct nl_msg m;

	nl_begin(&m, RTM_NEWNEIGH, NLM_F_CREATE, &n, sizeof(n));
	nl_put(&m, NDA_DST, ip->bytes, ip_len(ip));
	return netlink_request(d->nl, &m, e);
}

bool netdev_set_neighbour(const struct netdev *d, const struct neighbour *n, struct err *e)
{
	struct ndmsg body = { .ndm_family = n->ip.family, .ndm_ifindex = d->index,
			      .ndm_state = NUD_PERMANENT };
	struct nl_msg m;

	nl_begin(&m, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, &body, sizeof(body));
	nl_put(&m, NDA_DST, n->ip.bytes, ip_len(&n->ip));
	nl_put(&m, NDA_LLADDR, n->mac, MAC_LEN);
	return netlink_request(d->nl, &m, e);
}

struct neighbour_walk { int index; const struct ipaddr *ip; bool knows; };

static void walk_neighbour(const struct nlmsghdr *h, void *arg)
{
	struct nl_bytes all = nl_attributes(h, sizeof(struct ndmsg));
	struct neighbour_walk *w = arg;
	struct ndmsg n;
	struct ipaddr ip;

	if (h->nlmsg_len < NLMSG_HDRLEN + sizeof(n))
		return;
	memcpy(&n, NLMSG_DATA(h), sizeof(n));
	if (n.ndm_ifindex == w->index && netdev_ip(all, NDA_DST, n.ndm_family, &ip) &&
	    ip_equal(&ip, w->ip) && (n.ndm_state & NUD_REACHABLE))
		w->knows = true;
}

bool netdev_knows_neighbour(const struct netdev *d, const struct ipaddr *ip)
{
	struct ndmsg n = { .ndm_family = ip->family };
	struct neighbour_walk w = { d->index, ip, false };
	const struct nl_reader reader = { RTM_NEWNEIGH, walk_neighbour, &w };
	struct nl_msg m;
	struct err ignored;

	nl_begin(&m, RTM_GETNEIGH, 0, &n, sizeof(n));
	netlink_dump(d->nl, &m, &reader, &ignored);
	return w.knows;
}
