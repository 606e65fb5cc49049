/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/netdevs: interfaces of made-up memory, since when a queue stands, damaged lists. */
#include "triage/netdevs.h"

#include "flat.h"
#include "t.h"

enum { NET = 0x100, LO = 0x200, ETH = 0x300, QUEUES = 0x400, PARENT = 0x500, DRIVER = 0x600,
       TEXT = 0x700, JIFFIES = 0x800, SPACES = 0x900, OTHER = 0xa00, FAR = 0xb00,
       FAR_LO = 0xc00, LEN = 0x1000, QUEUE_LEN = 32 };
#define UPTIME_S 1000.0
#define NOW ((1ULL << 32) - 300 * 250 + 1000 * 250)	/* ticks, 250 a second */

static uint8_t memory[LEN];

static void make_ring(const unsigned *ring, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		flat_put_at(memory, ring[i], ring[(i + 1) % n]);
		flat_put_at(memory, ring[(i + 1) % n] + 8, ring[i]);
	}
}

/* NET.dev_base_head, LO.dev_list and ETH.dev_list, all at 0. */
static void make_memory(void)
{
	memset(memory, 0, sizeof(memory));
	make_ring((const unsigned[]){ NET, LO, ETH }, 3);
	memcpy(memory + LO + 16, "lo", 3);
	memcpy(memory + ETH + 16, "eth0", 5);
	flat_put(memory, ETH + 32, 1);		/* .flags */
	flat_put(memory, LO + 40, 4);		/* .state: no carrier */
	flat_put(memory, ETH + 48, 1500);
	flat_put_at(memory, ETH + 56, QUEUES);
	flat_put(memory, ETH + 64, 2);
	flat_put_at(memory, ETH + 72, PARENT);
	flat_put_at(memory, PARENT, DRIVER);
	flat_put_at(memory, DRIVER, TEXT);
	memcpy(memory + TEXT, "virtio_net", 11);
	flat_put(memory, QUEUES + QUEUE_LEN, 1);	/* the second stands */
	flat_put(memory, QUEUES + QUEUE_LEN + 8, NOW - 12 * 250);
	flat_put(memory, QUEUES + QUEUE_LEN + 16, 3);
	flat_put(memory, JIFFIES, NOW);
	make_ring((const unsigned[]){ SPACES, NET + 96, OTHER + 96 }, 3);
	make_ring((const unsigned[]){ OTHER, FAR_LO, FAR }, 3);
	flat_put(memory, OTHER + 120, 4026532008);
	memcpy(memory + FAR_LO + 16, "lo", 3);
	memcpy(memory + FAR + 16, "veth1", 6);
}

static void read_with(struct flat *f, struct netdevs *n, struct field ns_number)
{
	static const struct bounds bounds = { .until = 1e12 };
	static struct netdev_facts facts;

	flat_open(f, memory, sizeof(memory));
	facts = (struct netdev_facts){
		.net = (int64_t)(FLAT_BASE + NET), .jiffies = (int64_t)(FLAT_BASE + JIFFIES),
		.no_carrier = 2, .stopped = 0, .devices = flat8(0),
		.namespaces = (int64_t)(FLAT_BASE + SPACES), .ns_list = flat8(96),
		.ns_number = ns_number, .list = flat8(0),
		.name = { 16, 1, 16 }, .flags = flat8(32), .state = flat8(40), .mtu = flat8(48),
		.queues = flat8(56), .n_queues = flat8(64), .parent = flat8(72),
		.device_driver = flat8(0), .driver_name = flat8(0), .queue_state = flat8(0),
		.queue_sent = flat8(8), .queue_timeouts = flat8(16), .queue_len = QUEUE_LEN };
	*n = (struct netdevs){ .space = &f->space, .facts = &facts, .uptime_s = UPTIME_S,
			       .bounds = &bounds };
	netdevs_read(n);
}

static void read_memory(struct flat *f, struct netdevs *n)
{
	read_with(f, n, flat8(120));
}

static void test_good(void)
{
	static struct netdevs n;
	struct flat f;

	make_memory();
	read_memory(&f, &n);
	T_EQUAL("two, and one elsewhere", 3, n.n);
	T_TEXT("that one", "veth1", n.list[2].name);
	T_EQUAL("where", 4026532008, n.list[2].ns);
	T_EQUAL("the others are in the first", 0, n.list[0].ns + n.list[1].ns);
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
		{ "one without a name", LO + 16, 0, 2, false },
		{ "the namespaces lead nowhere", SPACES, 8, 2, true },
		{ "another's devices do", OTHER, 8, 2, true },
		{ "four thousand million queues", ETH + 64, UINT64_MAX, 3, false },
		{ "queues nowhere", ETH + 56, 8, 3, false },
		{ "the last comes from the future", QUEUES + QUEUE_LEN + 8, NOW + 1, 3, false },
	};
	static struct netdevs n;
	struct flat f;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		make_memory();
		flat_put(memory, rows[i].at, rows[i].value);
		read_memory(&f, &n);
		T_EQUAL(rows[i].row, rows[i].n, n.n);
		T_EQUAL(rows[i].row, rows[i].cut, n.cut);
	}
}

/* Another namespace is not told as the first because its number is not to be had. */
static void test_no_number(void)
{
	static struct netdevs n;
	struct flat f;

	make_memory();
	read_with(&f, &n, (struct field){ ABSENT, 8, 1 });
	T_EQUAL("only those of the first", 2, n.n);
	read_with(&f, &n, flat8(LEN));
	T_EQUAL("a number outside of memory", 2, n.n);
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
	test_no_number();
	test_ticks();
	return t_done();
}
