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

/*
 * Only asks, and takes nothing: does anybody offer an address? For a machine that is up, whose
 * own client hears neither question nor answer as one of its own.
 */
bool dhcp_offer(struct dhcp_reply *offer, int ifindex, const uint8_t mac[MAC_LEN],
		double wait_s, uint64_t *alive, struct err *e);

/* *alive is counted up while waiting. ETIMEDOUT tells whether anybody said anything. */
bool dhcp_get(struct dhcp_reply *lease, int ifindex, const uint8_t mac[MAC_LEN],
	      double wait_s, uint64_t *alive, struct err *e);

#endif
