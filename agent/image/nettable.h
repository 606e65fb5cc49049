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
struct netlink;

/* Its global addresses, those that will last; at most as many as a line takes. */
bool nettable_addresses(struct netlink *nl, int index, struct net_spec *s, struct err *e);

/* Its routes, those that somebody has set: the kernel makes the others itself. */
bool nettable_routes(struct netlink *nl, int index, struct net_spec *s, struct err *e);

/* The MAC of a neighbour, if it is known and the line has room for it. */
bool nettable_neighbour(struct netlink *nl, int index, const struct ipaddr *ip,
			struct net_spec *s, struct err *e);

/* Over which interface packets to an address go. */
bool nettable_way(struct netlink *nl, const struct ipaddr *ip, int *index, struct err *e);

#endif
