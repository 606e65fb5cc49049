/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One list a namespace (Linux include/linux/netdevice.h). A driver stops a queue that is full,
 * and starts it again when the card has sent something: one that stands for long is a card
 * that does not send.
 */
#include "netdevs.h"

#include <string.h>

#include "base/err.h"

#define STEPS_MAX 65536u
#define QUEUES_MAX 1024u
#define FLAG_UP 1u		/* Linux include/uapi/linux/if.h */
#define FIRST_TICK_S 300u	/* before its counter wraps 32 bits (linux/jiffies.h) */
#define NEAR_S 3.0		/* between two clocks */

#define AT(member) offsetof(struct netdev_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "init_net", AT(net) },
	{ WISH_SYMBOL, "net_namespace_list", AT(namespaces) },
	{ WISH_SYMBOL, "jiffies_64", AT(jiffies) },
	{ WISH_SYMBOL, "jiffies", AT(jiffies) },
	{ WISH_VALUE, "netdev_state_t.__LINK_STATE_NOCARRIER", AT(no_carrier) },
	{ WISH_VALUE, "netdev_queue_state_t.__QUEUE_STATE_DRV_XOFF", AT(stopped) },
	{ WISH_SIZE, "netdev_queue", AT(queue_len) },
	WISH_FIELD("net.dev_base_head", AT(devices)),
	WISH_FIELD("net.list", AT(ns_list)),
	WISH_FIELD("net.ns.inum", AT(ns_number)),
	WISH_FIELD("net_device.dev_list", AT(list)),
	WISH_FIELD("net_device.name", AT(name)),
	WISH_FIELD("net_device.flags", AT(flags)),
	WISH_FIELD("net_device.state", AT(state)),
	WISH_FIELD("net_device.mtu", AT(mtu)),
	WISH_FIELD("net_device._tx", AT(queues)),
	WISH_FIELD("net_device.real_num_tx_queues", AT(n_queues)),
	WISH_FIELD("net_device.dev.parent", AT(parent)),
	WISH_FIELD("device.driver", AT(device_driver)),
	WISH_FIELD("device_driver.name", AT(driver_name)),
	WISH_FIELD("netdev_queue.state", AT(queue_state)),
	WISH_FIELD("netdev_queue.trans_start", AT(queue_sent)),
	WISH_FIELD("netdev_queue.trans_timeout", AT(queue_timeouts)),
};

const struct wish_set netdev_wishes = WISH_SET(wishes, struct netdev_facts);

/* ---- ticks --------------------------------------------------------------------------- */

unsigned ticks_a_second(uint64_t jiffies, double uptime_s)
{
	static const unsigned rates[] = { 100, 250, 300, 1000 };
	double near = NEAR_S + uptime_s / 100;
	unsigned found = 0;

	for (unsigned i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		uint64_t first = (1ULL << 32) - FIRST_TICK_S * rates[i];
		double away = (double)(int64_t)(jiffies - first) / rates[i] - uptime_s;

		if (away < 0)
			away = -away;
		if (away >= near)
			continue;
		if (found)
			return 0;
		found = rates[i];
	}
	return found;
}

/* Seconds from that tick to the end; < 0: not known. */
static double since_tick(const struct netdevs *n, uint64_t tick)
{
	const struct field now = { 0, 8, 1 };
	uint64_t jiffies;
	unsigned rate;

	if (n->uptime_s < 0 || !has(n->facts->jiffies) || !tick ||
	    !field_read(n->space, (vaddr_t)n->facts->jiffies, now, &jiffies))
		return -1;
	rate = ticks_a_second(jiffies, n->uptime_s);
	return rate && jiffies >= tick ? (double)(jiffies - tick) / rate : -1;
}

/* ---- interfaces ---------------------------------------------------------------------- */

static void read_queue(const struct netdevs *n, vaddr_t queue, struct netdev *dev)
{
	const struct netdev_facts *f = n->facts;
	uint64_t state;
	double since;

	dev->n_timeouts += field_value(n->space, queue, f->queue_timeouts);
	if (!has(f->stopped) || f->stopped > 63 ||
	    !field_read(n->space, queue, f->queue_state, &state) || !(state >> f->stopped & 1))
		return;
	dev->n_stopped++;
	since = since_tick(n, field_value(n->space, queue, f->queue_sent));
	if (since > dev->stopped_s)
		dev->stopped_s = since;
}

static void read_queues(struct netdevs *n, vaddr_t at, struct netdev *dev)
{
	const struct netdev_facts *f = n->facts;
	vaddr_t queues = field_value(n->space, at, f->queues);
	uint64_t many = queues ? field_value(n->space, at, f->n_queues) : 0;

	if (!has(f->queue_len) || f->queue_len <= 0)
		return;
	for (unsigned i = 0; i < many && i < QUEUES_MAX && n->steps_left; i++) {
		n->steps_left--;
		read_queue(n, queues + i * (uint64_t)f->queue_len, dev);
	}
}

static void add_device(struct netdevs *n, vaddr_t at, uint32_t ns)
{
	const struct netdev_facts *f = n->facts;
	struct netdev *dev = &n->list[n->n];
	uint64_t state;
	vaddr_t driver;

	if (n->n == NETDEVS_MAX) {
		n->cut = true;
		return;
	}
	*dev = (struct netdev){ .stopped_s = -1, .ns = ns };
	field_text(n->space, at, f->name, dev->name, sizeof(dev->name));
	if (!dev->name[0] || (ns && !strcmp(dev->name, "lo")) ||
	    !field_read(n->space, at, f->state, &state))
		return;
	driver = field_value(n->space, field_value(n->space, at, f->parent), f->device_driver);
	text_at(n->space, field_value(n->space, driver, f->driver_name), dev->driver,
		sizeof(dev->driver));
	dev->mtu = (uint32_t)field_value(n->space, at, f->mtu);
	dev->is_up = field_value(n->space, at, f->flags) & FLAG_UP;
	dev->knows_carrier = has(f->no_carrier) && f->no_carrier < 64;
	dev->has_carrier = dev->knows_carrier && !(state >> f->no_carrier & 1);
	read_queues(n, at, dev);
	n->n++;
}

/* The next in a list, whose neighbour must point back; 0: the last, or it is damaged. */
static vaddr_t next_in(struct netdevs *n, vaddr_t head, vaddr_t at)
{
	vaddr_t next, back;
	struct err ignored;

	if (!n->steps_left) {
		n->cut = true;
		return 0;
	}
	n->steps_left--;
	if (!space_read_u64(n->space, at, &next, &ignored) ||
	    !space_read_u64(n->space, next + 8, &back, &ignored) || back != at) {
		n->cut = true;
		return 0;
	}
	return next == head ? 0 : next;
}

static void read_namespace(struct netdevs *n, vaddr_t net, uint32_t number)
{
	const struct netdev_facts *f = n->facts;
	vaddr_t head = net + f->devices.off, at = head;

	while (!bounds_over(n->bounds) && (at = next_in(n, head, at))) {
		add_device(n, at - f->list.off, number);
		if (n->n == NETDEVS_MAX && n->cut)
			return;
	}
}

void netdevs_read(struct netdevs *n)
{
	const struct netdev_facts *f = n->facts;
	vaddr_t first = (vaddr_t)f->net, head = (vaddr_t)f->namespaces, at = head, net;
	uint64_t number;

	n->n = 0;
	n->cut = false;
	n->steps_left = STEPS_MAX;
	if (!has(f->net) || !has(f->devices.off) || !has(f->list.off))
		return;
	read_namespace(n, first, 0);
	if (!has(f->namespaces) || !has(f->ns_list.off))
		return;
	while (!n->cut && !bounds_over(n->bounds) && (at = next_in(n, head, at))) {
		net = at - f->ns_list.off;
		/* One without a number would be told as the first. */
		if (net != first && field_read(n->space, net, f->ns_number, &number))
			read_namespace(n, net, (uint32_t)number);
	}
}
