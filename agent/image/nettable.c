/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses, routes and neighbours of an interface. Each table is asked for once for each
 * family, IPv4 first.
 */
#include "nettable.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "base/err.h"
#include "machine/netdev.h"
#include "machine/netlink.h"
#include "machine/netspec.h"

static const uint8_t families[] = { AF_INET, AF_INET6 };

struct walk {
	int index;
	struct net_spec *s;
	const struct ipaddr *ip;
	int way;
	struct err e;	/* its code is set at the first mistake */
};

/* The fixed part of a message, if it has one. */
static bool take_body(const struct nlmsghdr *h, void *body, size_t len)
{
	if (h->nlmsg_len < NLMSG_HDRLEN + len)
		return false;
	memcpy(body, NLMSG_DATA(h), len);
	return true;
}

/* ---- addresses -------------------------------------------------------------- */

static void take_address(const struct nlmsghdr *h, void *arg)
{
	struct nl_bytes all = nl_attributes(h, sizeof(struct ifaddrmsg));
	struct walk *w = arg;
	struct net_spec *s = w->s;
	struct ifaddrmsg a;
	struct prefix p;
	uint32_t flags;

	if (!take_body(h, &a, sizeof(a)) || (int)a.ifa_index != w->index ||
	    a.ifa_scope != RT_SCOPE_UNIVERSE || s->n_addresses == MAX_NET_ADDRESSES)
		return;
	flags = a.ifa_flags | nl_u32(all, IFA_FLAGS);
	/* The bit of a temporary address is that of a second one in IPv4. */
	if ((flags & (IFA_F_DEPRECATED | IFA_F_TENTATIVE | IFA_F_DADFAILED)) ||
	    (a.ifa_family == AF_INET6 && flags & IFA_F_TEMPORARY))
		return;
	p.len = a.ifa_prefixlen;
	if (netdev_ip(all, IFA_LOCAL, a.ifa_family, &p.ip) ||
	    netdev_ip(all, IFA_ADDRESS, a.ifa_family, &p.ip))
		s->addresses[s->n_addresses++] = p;
}

bool nettable_addresses(const struct netdev *d, struct net_spec *s, struct err *e)
{
	struct walk w = { .index = d->index, .s = s };
	const struct nl_reader reader = { RTM_NEWADDR, take_address, &w };

	for (int i = 0; i < 2; i++) {
		struct ifaddrmsg a = { .ifa_family = families[i] };
		struct nl_msg m;

		nl_begin(&m, RTM_GETADDR, 0, &a, sizeof(a));
		if (!netlink_dump(d->nl, &m, &reader, e))
			return false;
	}
	return true;
}

/* ---- routes ----------------------------------------------------------------- */

static bool is_wanted(const struct rtmsg *r, const struct nl_bytes all, int index)
{
	struct nl_bytes table = nl_find(all, RTA_TABLE, 4);

	return (table.at ? nl_u32(all, RTA_TABLE) : r->rtm_table) == RT_TABLE_MAIN &&
	       r->rtm_type == RTN_UNICAST && r->rtm_protocol != RTPROT_KERNEL &&
	       !(r->rtm_flags & (RTM_F_CLONED | RTNH_F_DEAD | RTNH_F_LINKDOWN)) &&
	       (int)nl_u32(all, RTA_OIF) == index;
}

/* Link-local and multicast networks of IPv6 are on every link. */
static bool is_on_every_link(const struct prefix *p)
{
	return p->ip.family == AF_INET6 && p->len &&
	       ((p->ip.bytes[0] == 0xfe && (p->ip.bytes[1] & 0xc0) == 0x80) ||
		p->ip.bytes[0] == 0xff);
}

/* Of several default routes the kernel names that which it takes first. */
static bool has_default(const struct net_spec *s, uint8_t family)
{
	for (unsigned i = 0; i < s->n_routes; i++)
		if (!s->routes[i].to.len && s->routes[i].to.ip.family == family)
			return true;
	return false;
}

static void take_route(const struct nlmsghdr *h, void *arg)
{
	struct nl_bytes all = nl_attributes(h, sizeof(struct rtmsg));
	struct net_route route = { 0 };
	struct walk *w = arg;
	struct net_spec *s = w->s;
	struct rtmsg r;

	if (!take_body(h, &r, sizeof(r)) || !is_wanted(&r, all, w->index))
		return;
	route.to.len = r.rtm_dst_len;
	netdev_ip(all, RTA_DST, r.rtm_family, &route.to.ip);
	if (!netdev_ip(all, RTA_GATEWAY, r.rtm_family, &route.gateway))
		route.gateway = (struct ipaddr){ 0 };
	if (is_on_every_link(&route.to) ||
	    (!route.to.len && (!ip_is_set(&route.gateway) || has_default(s, r.rtm_family))))
		return;
	if (nl_find(all, RTA_VIA, 1).at)
		err_set(&w->e, ENOTSUP, "has an IPv4 route over an IPv6 gateway, which "
			"crashbox cannot rebuild");
	else if (s->n_routes == MAX_NET_ROUTES)
		err_set(&w->e, E2BIG, "has more than %u routes: write the net line yourself",
			MAX_NET_ROUTES);
	else
		s->routes[s->n_routes++] = route;
}

bool nettable_routes(const struct netdev *d, struct net_spec *s, struct err *e)
{
	struct walk w = { .index = d->index, .s = s };
	const struct nl_reader reader = { RTM_NEWROUTE, take_route, &w };

	for (int i = 0; i < 2; i++) {
		struct rtmsg r = { .rtm_family = families[i] };
		struct nl_msg m;

		nl_begin(&m, RTM_GETROUTE, 0, &r, sizeof(r));
		if (!netlink_dump(d->nl, &m, &reader, e))
			return false;
	}
	if (w.e.code)
		*e = w.e;
	return !w.e.code;
}

static void take_way(const struct nlmsghdr *h, void *arg)
{
	((struct walk *)arg)->way = nl_u32(nl_attributes(h, sizeof(struct rtmsg)), RTA_OIF);
}

bool nettable_way(struct netlink *nl, const struct ipaddr *ip, struct netdev *d,
		  struct err *e)
{
	struct rtmsg r = { .rtm_family = ip->family, .rtm_dst_len = 8 * ip_len(ip) };
	struct walk w = { 0 };
	const struct nl_reader reader = { RTM_NEWROUTE, take_way, &w };
	struct nl_msg m;

	nl_begin(&m, RTM_GETROUTE, 0, &r, sizeof(r));
	nl_put(&m, RTA_DST, ip->bytes, ip_len(ip));
	if (!netlink_ask(nl, &m, &reader, e))
		return false;
	*d = (struct netdev){ .nl = nl, .index = w.way };
	return w.way || fail(e, ENETUNREACH, "no way there");
}

/* ---- neighbours ------------------------------------------------------------- */

static void take_neighbour(const struct nlmsghdr *h, void *arg)
{
	struct nl_bytes all = nl_attributes(h, sizeof(struct ndmsg)), mac;
	struct walk *w = arg;
	struct net_spec *s = w->s;
	struct ipaddr ip;
	struct ndmsg n;

	mac = nl_find(all, NDA_LLADDR, MAC_LEN);
	if (!take_body(h, &n, sizeof(n)) || n.ndm_ifindex != w->index || !mac.at ||
	    !netdev_ip(all, NDA_DST, n.ndm_family, &ip) || !ip_equal(&ip, w->ip) ||
	    s->n_neighbours == MAX_NEIGHBOURS ||
	    (n.ndm_state & (NUD_FAILED | NUD_INCOMPLETE | NUD_NOARP)))
		return;
	for (unsigned i = 0; i < s->n_neighbours; i++)
		if (ip_equal(&s->neighbours[i].ip, &ip))
			return;
	s->neighbours[s->n_neighbours].ip = ip;
	memcpy(s->neighbours[s->n_neighbours++].mac, mac.at, MAC_LEN);
}

bool nettable_neighbour(const struct netdev *d, const struct ipaddr *ip, struct net_spec *s,
			struct err *e)
{
	struct ndmsg n = { .ndm_family = ip->family };
	struct walk w = { .index = d->index, .s = s, .ip = ip };
	const struct nl_reader reader = { RTM_NEWNEIGH, take_neighbour, &w };
	struct nl_msg m;

	nl_begin(&m, RTM_GETNEIGH, 0, &n, sizeof(n));
	return netlink_dump(d->nl, &m, &reader, e);
}
