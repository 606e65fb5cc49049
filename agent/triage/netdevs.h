/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The crashed machine's network interfaces: are they up, and do their queues stand? */
#ifndef TRIAGE_NETDEVS_H
#define TRIAGE_NETDEVS_H

#include "field.h"
#include "vmcore/bounds.h"

#define NETDEVS_MAX 64u

struct netdev {
	char name[17], driver[32];	/* "" it has none */
	uint32_t ns;		/* its namespace, as /proc/PID/ns has it; 0: the first */
	uint32_t mtu;
	bool is_up, has_carrier, knows_carrier;
	unsigned n_stopped;	/* of its queues to send, that the driver has stopped */
	double stopped_s;	/* since one of those last sent something; < 0: not known */
	uint64_t n_timeouts;	/* of all its queues */
};

struct netdev_facts {
	int64_t net, jiffies;		/* addresses: of the first namespace, of the counter */
	int64_t no_carrier, stopped;	/* bits, by their enumerators */
	int64_t namespaces;		/* address of the list of them all */
	struct field devices, ns_list, ns_number;	/* struct net */
	struct field list, name, flags, state, mtu, queues, n_queues, parent;	/* net_device */
	struct field device_driver, driver_name;	/* struct device, device_driver */
	struct field queue_state, queue_sent, queue_timeouts;	/* netdev_queue */
	int64_t queue_len;
};

extern const struct wish_set netdev_wishes;

struct netdevs {
	struct space *space;
	const struct netdev_facts *facts;
	const struct bounds *bounds;
	double uptime_s;	/* < 0: not known */
	struct netdev list[NETDEVS_MAX];
	unsigned n;
	unsigned steps_left;
	bool cut;		/* there may be more */
};

/*
 * Of the first network namespace, and then of the others, but for their loopback. Never fails:
 * what cannot be read is not in the list.
 */
void netdevs_read(struct netdevs *n);

/*
 * Ticks of a second, by the ticks that a machine has counted which was up for so long; 0: of
 * those that Linux knows none fits, or several do, as when the counter goes through 2^32.
 */
unsigned ticks_a_second(uint64_t jiffies, double uptime_s);

#endif
