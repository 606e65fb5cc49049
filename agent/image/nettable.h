/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's tables have for one interface of this running machine, in the words
 * of a net line.
 */
#ifndef IMAGE_NETTABLE_H
#define IMAGE_NETTABLE_H

#include <stdbool.h>

struct err;
struct ipaddr;
struct net_spec;
struct netdev;
struct netlink;

/* Its global addresses, those that will last; at most as many as a line takes. */
bool nettable_addresses(const struct netdev *d, struct net_spec *s, struct err *e);

/* Its routes, those that somebody has set: the kernel makes the others itself. */
bool nettable_routes(const struct netdev *d, struct net_spec *s, struct err *e);

/* The MAC of a neighbour, if it is known and the line has room for it. */
bool nettable_neighbour(const struct netdev *d, const struct ipaddr *ip, struct net_spec *s,
			struct err *e);

/* Over which interface packets to an address go: *d gets that much of it as makes it known. */
bool nettable_way(struct netlink *nl, const struct ipaddr *ip, struct netdev *d,
		  struct err *e);

#endif
