/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the words of a net line to an interface that is up: waits until it is there,
 * builds bond and VLAN on it. Knows nothing of addresses.
 */
#ifndef MACHINE_NET_LINK_H
#define MACHINE_NET_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "netdev.h"
#include "netlink.h"

struct err;

/* What all steps need: the way to the kernel, and to those who watch us. */
struct net_run {
	struct netlink nl;
	uint64_t *alive;
	double began;		/* monotonic second from which all waiting counts */
};

/* A moment of waiting, which counts as life. */
void net_pause(struct net_run *run);

/*
 * The interface of spec is found or made, has its MTU, and is up; until is a monotonic
 * second. An MTU that cannot be had is a warning.
 */
bool net_link_up(struct net_run *run, const struct net_spec *spec, double until,
		 struct netdev *d, struct err *e);

/* Waits until packets can go; d is what it is then. */
bool net_link_carrier(struct net_run *run, struct netdev *d, double until, struct err *e);

#endif
