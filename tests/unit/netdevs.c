/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/netdevs: interfaces of made-up memory, since when a queue stands, damaged lists. */
#include "triage/netdevs.h"

#include "flat.h"
#include "t.h"

enum { NET = 0x100, LO = 0x200, ETH = 0x300, QUEUES = 0x400, PARENT = 0x500, DRIVER = 0x600,
       TEXT = 0x700, JIFFIES = 0x800, LEN = 0x1000, QUEUE_LEN = 32 };
#define UPTIME_S 1000.0
#define NOW ((1ULL << 32) - 300 * 250 + 1000 * 250)	/* ticks, 250 a second */

static uint8_t memory[LEN];

static void put(unsigned at, uint64_t value)
{
	memcpy(memory + at, &value, sizeof(value));
}

static void put_at(unsigned at, unsigned to)
{
	put(at, FLAT_BASE + to);
}

/* NET.dev_base_head, LO.dev_list and ETH.dev_list, all at 0. */
static void make_memory(void)
{
	static const unsigned ring[] = { NET, LO, ETH };

	memset(memory, 0, sizeof(memory));
	for (unsigned i = 0; i < 3; i++) {
		put_at(ring[i], ring[(i + 1) % 3]);
		put_at(ring[(i + 1) % 3] + 8, ring[i]);
	}
	memcpy(memory + LO + 16, "lo", 3);
	memcpy(memory + ETH + 16, "eth0", 5);
	put(ETH + 32, 1);		/* .flags */
	put(LO + 40, 4);		/* .state: no carrier */
	put(ETH + 48, 1500);
	put_at(ETH + 56, QUEUES);
	put(ETH + 64, 2);
	put_at(ETH + 72, PARENT);
	put_at(PARENT, DRIVER);
	put_at(DRIVER, TEXT);
	memcpy(memory + TEXT, "virtio_net", 11);
	put(QUEUES + QUEUE_LEN, 1);	/* the second stands */
	put(QUEUES + QUEUE_LEN + 8, NOW - 12 * 250);
	put(QUEUES + QUEUE_LEN + 16, 3);
	put(JIFFIES, NOW);
}

static struct field at(int64_t off)
{
	return (struct field){ off, 8, 1 };
}

static void read_memory(struct flat *f, struct netdevs *n)
{
	static struct netdev_facts facts;

	flat_open(f, memory, sizeof(memory));
	facts = (struct netdev_facts){
		.net = (int64_t)(FLAT_BASE + NET), .jiffies = (int64_t)(FLAT_BASE + JIFFIES),
		.no_carrier = 2, .stopped = 0, .devices = at(0), .list = at(0),
		.name = { 16, 1, 16 }, .flags = at(32), .state = at(40), .mtu = at(48),
		.queues = at(56), .n_queues = at(64), .parent = at(72),
		.device_driver = at(0), .driver_name = at(0), .queue_state = at(0),
		.queue_sent = at(8), .queue_timeouts = at(16), .queue_len = QUEUE_LEN };
	*n = (struct netdevs){ .space = &f->space, .facts = &facts, .uptime_s = UPTIME_S };
	netdevs_read(n);
}

static void test_good(void)
{
	static struct netdevs n;
	struct flat f;

	make_memory();
	read_memory(&f, &n);
	T_EQUAL("two", 2, n.n);
	T_CHECK("and no more", !n.cut);
	T_TEXT("the first", "lo", n.list[0].name);
	T_CHECK("is down, without carrier", !n.list[0].is_up && !n.list[0].has_carrier);
	T_CHECK("has nothing stopped", !n.list[0].n_stopped && n.list[0].stopped_s < 0);
	T_TEXT("the second", "eth0", n.list[1].name);
	T_TEXT("its driver", "virtio_net", n.list[1].driver);
	T_CHECK("is up, with carrier", n.list[1].is_up && n.list[1].has_carrier);
	T_EQUAL("its mtu", 1500, n.list[1].mtu);
	T_EQUAL("one queue stands", 1, n.list[1].n_stopped);
	T_EQUAL("for", 12, (unsigned)(n.list[1].stopped_s + 0.5));
	T_EQUAL("timeouts", 3, n.list[1].n_timeouts);
}

static void test_damage(void)
{
	static const struct {
		const char *row;
		unsigned at;
		uint64_t value;
		unsigned n;
		bool cut;
	} rows[] = {
		{ "the list leads nowhere", LO, 8, 1, true },
		{ "does not point back", ETH + 8, 0, 1, true },
		{ "one without a name", LO + 16, 0, 1, false },
		{ "four thousand million queues", ETH + 64, UINT64_MAX, 2, false },
		{ "queues nowhere", ETH + 56, 8, 2, false },
		{ "the last comes from the future", QUEUES + QUEUE_LEN + 8, NOW + 1, 2, false },
	};
	static struct netdevs n;
	struct flat f;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		make_memory();
		put(rows[i].at, rows[i].value);
		read_memory(&f, &n);
		T_EQUAL(rows[i].row, rows[i].n, n.n);
		T_EQUAL(rows[i].row, rows[i].cut, n.cut);
	}
}

static void test_ticks(void)
{
	static const struct {
		unsigned rate;
		double uptime_s;
	} rows[] = { { 100, 36 }, { 250, 36 }, { 300, 400 }, { 1000, 5 }, { 250, 3e6 } };

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		uint64_t jiffies = (1ULL << 32) - 300 * rows[i].rate +
				   (uint64_t)(rows[i].uptime_s * rows[i].rate);

		T_EQUAL("ticks a second", rows[i].rate,
			ticks_a_second(jiffies, rows[i].uptime_s));
	}
	T_EQUAL("all fit after five minutes", 0, ticks_a_second(1ULL << 32, 300));
	T_EQUAL("none fits", 0, ticks_a_second(5, 36));
}

int main(void)
{
	test_good();
	test_damage();
	test_ticks();
	return t_done();
}
