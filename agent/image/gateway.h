/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gateways of this machine's networks: do they answer, by which MAC, and over which card? */
#ifndef IMAGE_GATEWAY_H
#define IMAGE_GATEWAY_H

#include <stdbool.h>

struct err;
struct ipaddr;
struct net_spec;
struct netdev;

/*
 * The gateway's MAC, over that interface, becomes a neighbour of `s`, if it is known or told
 * within a moment. False only when the kernel cannot be asked.
 */
bool gateway_ask(const struct netdev *d, const struct ipaddr *gateway, struct net_spec *s,
		 struct err *e);

/* Is it there, on the network that leads to it now? False says why not. */
bool gateway_answers(const struct ipaddr *gateway, struct err *e);

/*
 * Does what goes to that address now go over a card of that line, whatever stands on it here?
 * False names the interface that it goes over. True as well where nobody can tell.
 */
bool gateway_is_over(const struct net_spec *s, const struct ipaddr *to, struct err *e);

#endif
