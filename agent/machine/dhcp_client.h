/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gets an address for an interface that is up and has none: DISCOVER, REQUEST, again
 * and again until the time is over. The lease is not renewed; a crash does not last.
 */
#ifndef MACHINE_DHCP_CLIENT_H
#define MACHINE_DHCP_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "dhcp.h"

struct err;
struct netdev;
struct patience;

/*
 * Only asks, and takes nothing: does anybody offer an address? For a machine that is up, whose
 * own client hears neither question nor answer as one of its own.
 */
bool dhcp_offer(struct dhcp_reply *offer, const struct netdev *d, const struct patience *p,
		struct err *e);

/* ETIMEDOUT tells whether anybody said anything. */
bool dhcp_get(struct dhcp_reply *lease, const struct netdev *d, const struct patience *p,
	      struct err *e);

#endif
