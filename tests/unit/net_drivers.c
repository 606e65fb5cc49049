/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image/net_drivers on made-up machines: the drivers of a card up to the bus, through bonds
 * and VLANs down to it, of interfaces by name, by MAC and by their net line.
 */
#include "image/net_drivers.h"

#include "base/err.h"
#include "machine/netspec.h"
#include "sysfs.h"

/* A card behind a bridge chip whose driver is a module as well. */
static void card(const char *name, const char *mac, const char *module)
{
	char path[PATH_MAX], net[PATH_MAX], link[PATH_MAX];

	snprintf(path, sizeof(path), "sys/devices/pci0/chip/%s", name);
	driver(path, module, module);
	driver("sys/devices/pci0/chip", "chip", "chip");
	snprintf(net, sizeof(net), "sys/devices/pci0/chip/%s/net/%s", name, name);
	folder(net);
	snprintf(link, sizeof(link), "sys/class/net/%s", name);
	link_to(link, net);
	snprintf(link, sizeof(link), "%.3000s/device", net);
	link_to(link, path);
	snprintf(link, sizeof(link), "%.3000s/address", net);
	text(link, mac);
}

/* An interface on top of others. */
static void upper(const char *name, const char *uevent, const char *lower1,
		  const char *lower2)
{
	const char *lowers[] = { lower1, lower2 };
	char path[PATH_MAX], link[PATH_MAX], to[PATH_MAX];

	snprintf(path, sizeof(path), "sys/devices/virtual/%s", name);
	folder(path);
	snprintf(link, sizeof(link), "sys/class/net/%s", name);
	link_to(link, path);
	snprintf(link, sizeof(link), "%.3000s/uevent", path);
	text(link, uevent);
	for (int i = 0; i < 2 && lowers[i]; i++) {
		snprintf(link, sizeof(link), "%.3000s/lower_%s", path, lowers[i]);
		snprintf(to, sizeof(to), "sys/class/net/%s", lowers[i]);
		link_to(link, to);
	}
}

/* The driver names of one net line, of an interface that was named, or of both. */
static bool ask_net(struct drivers *d, const char *line, const char *iface, struct err *e)
{
	struct net_spec spec;

	*d = (struct drivers){ .root = root };
	return (!iface || net_drivers_add(d, iface, e)) &&
	       (!line || (netspec_parse(&spec, line, e) &&
			  net_drivers_add_spec(d, &spec, iface, e)));
}

static void net_row(const char *line, const char *iface, const char *wanted)
{
	struct drivers d;
	struct err e = { 0 };
	char got[1024];

	if (!T_CHECK(line ? line : iface, ask_net(&d, line, iface, &e)))
		printf("%s\n", e.text);
	T_TEXT(line ? line : iface, wanted, names(&d, got));
}

static void net_refused(const char *line, const char *iface, const char *words)
{
	struct drivers d;
	struct err e = { 0 };

	T_CHECK(words, !ask_net(&d, line, iface, &e));
	if (!T_CHECK(words, strstr(e.text, words)))
		printf("%s\n", e.text);
}

static bool is_set(const char *line)
{
	struct net_spec spec;
	struct err e;

	return netspec_parse(&spec, line, &e) && net_mac_is_set(root, &spec);
}

static void test_net(void)
{
	card("ens3", "52:54:00:12:34:56\n", "virtio_net");
	card("ens4", "52:54:00:12:34:57\n", "e1000e");
	card("ens5", "52:54:00:12:34:57\n", "igb");
	text("sys/devices/pci0/chip/ens5/net/ens5/bonding_slave/perm_hwaddr",
	     "52:54:00:12:34:58\n");
	upper("bond0", "", "ens4", "ens5");
	folder("sys/devices/virtual/bond0/bonding");
	upper("bond0.7", "DEVTYPE=vlan\n", "bond0", NULL);
	upper("lo", "", NULL, NULL);

	net_row(NULL, "ens3", "virtio_net chip");
	net_row("ens3 dhcp", NULL, "virtio_net chip af_packet");
	net_row("52:54:00:12:34:56 address=192.0.2.5/24", NULL, "virtio_net chip");
	net_row("ens3.42 slaac", NULL, "virtio_net chip ipv6 8021q");
	net_row("ens3 vlan=42 address=2001:db8::5/64", NULL, "virtio_net chip ipv6 8021q");
	net_row("bond9 bond=52:54:00:12:34:58,ens4 address=192.0.2.5/24", NULL,
		"igb chip e1000e bonding");
	net_row("any dhcp", "ens3", "virtio_net chip af_packet");
	net_row("ens4 dhcp", "ens3", "virtio_net chip e1000e af_packet");
	driver("sys/devices/pci0/mdio/phy0", "marvell", "marvell");
	link_to("sys/devices/pci0/chip/ens3/net/ens3/phydev", "sys/devices/pci0/mdio/phy0");
	net_row(NULL, "ens3", "virtio_net chip marvell");
	net_refused("ens9 dhcp", NULL, "net ens9: no such interface here");
	net_refused("52:54:00:00:00:01 dhcp", NULL,
		    "net 52:54:00:00:00:01: no interface here has this MAC");
	net_refused("any dhcp", NULL, "net any: which one");
	/* Drivers of what is named on the command line; a line is for a crash, without udev. */
	text("sys/devices/pci0/chip/ens3/net/ens3/name_assign_type", "2\n");
	net_row("ens3 address=192.0.2.5/24", NULL, "virtio_net chip marvell");
	text("sys/devices/pci0/chip/ens3/net/ens3/name_assign_type", "4\n");
	net_row(NULL, "ens3", "virtio_net chip marvell");
	net_row("52:54:00:12:34:56 address=192.0.2.5/24", NULL, "virtio_net chip marvell");
	net_refused("ens3 dhcp", NULL, "no udev: write net 52:54:00:12:34:56");
	net_refused("ens3 vlan=7 dhcp", NULL, "no udev: write net 52:54:00:12:34:56");
	text("sys/devices/pci0/chip/ens5/net/ens5/name_assign_type", "4\n");
	net_refused("bond9 bond=ens4,ens5 dhcp", NULL, "no udev: write net 52:54:00:12:34:58");
	net_refused("bond0 dhcp", NULL, "net bond0: no card but made of others");
	net_refused("bond0 vlan=7 dhcp", NULL, "net bond0: no card but made of others");
	upper("eth0", "", NULL, NULL);	/* of a container, whose image is for other machines */
	text("sys/devices/virtual/eth0/name_assign_type", "4\n");
	net_refused("eth0 dhcp", NULL, "net eth0: has no device and stands on none");
	text("sys/devices/pci0/chip/ens3/net/ens3/addr_assign_type", "3\n");
	net_row("52:54:00:12:34:56 address=192.0.2.5/24", NULL, "virtio_net chip marvell");
	T_CHECK("set by a program", is_set("52:54:00:12:34:56 address=192.0.2.5/24"));
	text("sys/devices/pci0/chip/ens3/net/ens3/addr_assign_type", "1\n");
	net_refused("52:54:00:12:34:56 dhcp", NULL, "ens3 has this MAC by chance");
	text("sys/devices/pci0/chip/ens3/net/ens3/addr_assign_type", "0\n");
	net_row("52:54:00:12:34:56 address=192.0.2.5/24", NULL, "virtio_net chip marvell");
	T_CHECK("its own", !is_set("52:54:00:12:34:56 address=192.0.2.5/24"));
	T_CHECK("by name", !is_set("ens3 address=192.0.2.5/24"));
	text("sys/devices/pci0/chip/ens5/net/ens5/addr_assign_type", "3\n");
	T_CHECK("of a bond", !is_set("52:54:00:12:34:58 address=192.0.2.5/24"));
	net_row("52:54:00:12:34:58 address=192.0.2.5/24", NULL, "igb chip");
	net_refused(NULL, "lo", "net lo: has no device");
	net_refused(NULL, "../net/ens3", "no such interface");
}

static void carrier_row(const char *line, bool wanted)
{
	struct net_spec spec;
	struct err e;

	T_CHECK(line, netspec_parse(&spec, line, &e));
	T_CHECK(line, net_has_carrier(root, &spec) == wanted);
}

static void test_carrier(void)
{
	carrier_row("ens3 dhcp", true);
	carrier_row("any dhcp", true);
	text("sys/devices/pci0/chip/ens3/net/ens3/carrier", "0\n");
	text("sys/devices/pci0/chip/ens4/net/ens4/carrier", "1\n");
	carrier_row("ens3 dhcp", false);
	carrier_row("52:54:00:12:34:56 vlan=7 dhcp", false);
	carrier_row("52:54:00:12:34:57 dhcp", true);
	carrier_row("bond9 bond=ens3,ens4 dhcp", true);
	/* EINVAL, as of one that is down */
	folder("sys/devices/pci0/chip/ens5/net/ens5/carrier");
	carrier_row("bond9 bond=ens3,52:54:00:12:34:58 dhcp", false);
}

/* A folder is read in no certain order: which of two legs comes first is not said. */
static void test_stacked(void)
{
	struct drivers d;
	struct err e = { 0 };
	char got[1024];

	T_CHECK("a VLAN on a bond", ask_net(&d, NULL, "bond0.7", &e));
	names(&d, got);
	T_CHECK("a VLAN on a bond", !strcmp(got, "e1000e chip igb bonding 8021q") ||
		!strcmp(got, "igb chip e1000e bonding 8021q"));
	upper("loop1", "", "loop2", NULL);
	upper("loop2", "", "loop1", NULL);
	net_refused(NULL, "loop1", "stands on too many others");
}

int main(void)
{
	if (!mkdtemp(root))
		return 1;
	test_net();
	test_carrier();
	test_stacked();
	return machine_done();
}
