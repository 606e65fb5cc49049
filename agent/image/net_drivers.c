/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The modules of interfaces. Down from an interface to its cards, then up from each of
 * these to the bus.
 */
#include "net_drivers.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "drivers.h"
#include "machine/netspec.h"

#define MAX_DEPTH 6	/* a VLAN on a bridge on a bond on cards is 4 */
#define NAME_THEM "(name its modules with --drivers)"

/* A file or folder of an interface in sysfs. */
static const char *file_of(const char *root, const char *iface, const char *file,
			   char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/sys/class/net/%s/%s", root, iface, file);
	return path;
}

static bool has(const char *root, const char *iface, const char *file)
{
	char path[PATH_MAX];
	struct stat st;

	return !stat(file_of(root, iface, file, path), &st);
}

bool net_lower(const char *root, const char *iface, unsigned n, char *name)
{
	char path[PATH_MAX];
	cleanup_dir DIR *dir = opendir(file_of(root, iface, "", path));
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (!strncmp(entry->d_name, "lower_", 6) && !n--) {
			snprintf(name, NET_NAME, "%.*s", NET_NAME - 1, entry->d_name + 6);
			return true;
		}
	return false;
}

static bool is_vlan(const char *root, const char *iface)
{
	char path[PATH_MAX], text[512];
	struct err ignored;

	return read_text(file_of(root, iface, "uevent", path), text, sizeof(text), &ignored) &&
	       strstr(text, "DEVTYPE=vlan");
}

/*
 * The module that made the interface, which need not be the one that drives the card: the
 * name that it gives itself, if a loaded module is called so.
 */
static bool add_maker(struct drivers *d, const char *iface, struct err *e)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct ifreq ask = { .ifr_data = (void *)&info };
	char path[PATH_MAX];
	cleanup_fd int fd = -1;

	if (*d->root || strlen(iface) >= IFNAMSIZ)
		return true;	/* a made-up machine has no kernel to be asked */
	memcpy(ask.ifr_name, iface, strlen(iface));
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCETHTOOL, &ask))
		return true;
	info.driver[sizeof(info.driver) - 1] = '\0';
	for (char *c = info.driver; (c = strchr(c, '-')); c++)
		*c = '_';
	snprintf(path, sizeof(path), "/sys/module/%s/initstate", info.driver);
	return strchr(info.driver, '/') || access(path, F_OK) ||
	       drivers_add(d, info.driver, e);
}

/* Up from its device, and from the chip at its plug. */
static bool add_card(struct drivers *d, const char *iface, struct err *e)
{
	char path[PATH_MAX];
	unsigned ignored;

	return drivers_above(d, file_of(d->root, iface, "device", path), &ignored, e) &&
	       (!has(d->root, iface, "phydev") ||
		drivers_above(d, file_of(d->root, iface, "phydev", path), &ignored, e)) &&
	       add_maker(d, iface, e);
}

static bool add(struct drivers *d, const char *iface, unsigned depth, struct err *e)
{
	char lower[NET_NAME];
	unsigned n = 0;

	if (!*iface || strchr(iface, '/') || !has(d->root, iface, ""))
		return fail(e, ENODEV, "net %s: no such interface here " NAME_THEM, iface);
	if (has(d->root, iface, "device"))
		return add_card(d, iface, e);
	if (!depth)
		return fail(e, ELOOP, "net %s: stands on too many others", iface);
	for (; net_lower(d->root, iface, n, lower); n++)
		if (!add(d, lower, depth - 1, e))
			return false;
	if (!n)
		return fail(e, ENODEV, "net %s: has no device and stands on none", iface);
	if (has(d->root, iface, "bonding") && !drivers_add(d, "bonding", e))
		return false;
	return !is_vlan(d->root, iface) || drivers_add(d, "8021q", e);
}

bool net_drivers_add(struct drivers *d, const char *iface, struct err *e)
{
	return add(d, iface, MAX_DEPTH, e);
}

bool net_drivers_add_up(struct drivers *d, struct err *e)
{
	char path[PATH_MAX], state[32];
	cleanup_dir DIR *dir = opendir(file_of(d->root, "", "", path));
	const struct dirent *entry;
	struct err ignored;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && has(d->root, entry->d_name, "device") &&
		    read_text(file_of(d->root, entry->d_name, "operstate", path), state,
			      sizeof(state), &ignored) &&
		    !strcmp(state, "up") && !net_drivers_add(d, entry->d_name, e))
			return false;
	return true;
}

/* The card's own, whatever a bond has given it. */
static bool own_mac(const char *root, const char *iface, char text[MAC_TEXT])
{
	static const char *const files[] = { "bonding_slave/perm_hwaddr", "address" };
	char path[PATH_MAX];
	struct err ignored;

	for (unsigned i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (read_text(file_of(root, iface, files[i], path), text, MAC_TEXT, &ignored))
			return true;
	return false;
}

static bool has_mac(const char *root, const char *iface, const uint8_t mac[MAC_LEN])
{
	char text[MAC_TEXT], wanted[MAC_TEXT];

	mac_format(mac, wanted);
	return own_mac(root, iface, text) && !strcasecmp(text, wanted);
}

/*
 * In a crash there is no udev that gives cards their names, and of others nothing is put
 * together but what the line itself asks for.
 */
static bool has_that_name_then(const char *root, const char *iface, struct err *e)
{
	static const char renamed[] = "4";	/* NET_NAME_RENAMED, linux/netdevice.h */
	char path[PATH_MAX], type[16], mac[MAC_TEXT] = "MAC", lower[NET_NAME];
	struct err ignored;

	/* What is not here, or is a container's, whoever looks for its drivers speaks of. */
	if (!has(root, iface, "device") && !net_lower(root, iface, 0, lower))
		return true;
	if (!has(root, iface, "device"))
		return fail(e, ENOTSUP, "net %s: no card but made of others, which nobody does "
			    "in the capture kernel: name the cards, with bond= and vlan=, or "
			    "make the image with --host", iface);
	if (!read_text(file_of(root, iface, "name_assign_type", path), type, sizeof(type),
		       &ignored) || strcmp(type, renamed))
		return true;
	own_mac(root, iface, mac);
	return fail(e, ENOTSUP, "net %s: udev has called it so, and the capture kernel has no "
		    "udev: write net %s", iface, mac);
}

static bool find_by_mac(const char *root, const uint8_t mac[MAC_LEN], char name[NET_NAME])
{
	char path[PATH_MAX];
	cleanup_dir DIR *dir = opendir(file_of(root, "", "", path));
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && has(root, entry->d_name, "device") &&
		    has_mac(root, entry->d_name, mac)) {
			snprintf(name, NET_NAME, "%.*s", NET_NAME - 1, entry->d_name);
			return true;
		}
	return false;
}

/* How a card came by its MAC: one of Linux uapi/linux/netdevice.h's NET_ADDR. */
enum mac_origin { MAC_BY_CHANCE = '1', MAC_SET = '3' };

static bool came_by(const char *root, const char *iface, enum mac_origin origin)
{
	char path[PATH_MAX], type[16];
	struct err ignored;

	/* A bond gives its cards another one; theirs is known. */
	return !has(root, iface, "bonding_slave/perm_hwaddr") &&
	       read_text(file_of(root, iface, "addr_assign_type", path), type, sizeof(type),
			 &ignored) && type[0] == (char)origin && !type[1];
}

/* One that is drawn at each start is another one in a crash. */
static bool has_that_mac_then(const char *root, const char *iface, struct err *e)
{
	char mac[MAC_TEXT] = "MAC";

	own_mac(root, iface, mac);
	return !came_by(root, iface, MAC_BY_CHANCE) ||
	       fail(e, ENOTSUP, "net %s: %s has this MAC by chance, and in a crash another "
		    "one: write net any", mac, iface);
}

/* Who has set it may have given the card its own one again: that cannot be told here. */
bool net_mac_is_set(const char *root, const struct net_spec *spec)
{
	unsigned n;
	const struct net_which *which = netspec_cards(spec, &n);
	char name[NET_NAME];

	for (unsigned i = 0; i < n; i++)
		if (which[i].by_mac && find_by_mac(root, which[i].mac, name) &&
		    came_by(root, name, MAC_SET))
			return true;
	return false;
}

static bool add_by_mac(struct drivers *d, const uint8_t mac[MAC_LEN], struct err *e)
{
	char name[NET_NAME], text[MAC_TEXT];

	if (!find_by_mac(d->root, mac, name))
		return fail(e, ENODEV, "net %s: no interface here has this MAC " NAME_THEM,
			    mac_format(mac, text));
	return has_that_mac_then(d->root, name, e) && net_drivers_add(d, name, e);
}

static bool add_which(struct drivers *d, const struct net_which *which, bool any_is_known,
		      struct err *e)
{
	if (which->by_mac)
		return add_by_mac(d, which->mac, e);
	if (which->name[0])
		return has_that_name_then(d->root, which->name, e) &&
		       net_drivers_add(d, which->name, e);
	return any_is_known ||
	       fail(e, EINVAL, "net any: which one is it here? (--net IFACE, or --drivers)");
}

static bool needs_ipv6(const struct net_spec *spec)
{
	for (unsigned i = 0; i < spec->n_addresses; i++)
		if (ip_len(&spec->addresses[i].ip) == 16)
			return true;
	return spec->slaac;
}

/* 1 it has one, 0 none, -1 nobody can tell. */
static int has_carrier(const char *root, const struct net_which *which)
{
	char name[NET_NAME], path[PATH_MAX], text[16];
	struct err e;

	snprintf(name, sizeof(name), "%s", which->name);
	if (which->by_mac ? !find_by_mac(root, which->mac, name) : !name[0])
		return -1;
	if (read_text(file_of(root, name, "carrier", path), text, sizeof(text), &e))
		return strcmp(text, "0") != 0;
	return e.code == EINVAL ? 0 : -1;	/* that is down has none */
}

unsigned net_count_carriers(const char *root)
{
	char path[PATH_MAX], text[16];
	cleanup_dir DIR *dir = opendir(file_of(root, "", "", path));
	const struct dirent *entry;
	struct err ignored;
	unsigned n = 0;

	while (dir && (entry = readdir(dir)))
		n += entry->d_name[0] != '.' && has(root, entry->d_name, "device") &&
		     read_text(file_of(root, entry->d_name, "carrier", path), text,
			       sizeof(text), &ignored) &&
		     !strcmp(text, "1");
	return n;
}

bool net_has_carrier(const char *root, const struct net_spec *spec)
{
	unsigned n, n_without = 0;
	const struct net_which *which = netspec_cards(spec, &n);

	for (unsigned i = 0; i < n; i++)
		n_without += !has_carrier(root, &which[i]);
	return n_without < n;
}

bool net_drivers_add_spec(struct drivers *d, const struct net_spec *spec,
			  bool any_is_known, struct err *e)
{
	unsigned n;
	const struct net_which *which = netspec_cards(spec, &n);

	for (unsigned i = 0; i < n; i++)
		if (!add_which(d, &which[i], any_is_known, e))
			return false;
	return (!needs_ipv6(spec) || drivers_add(d, "ipv6", e)) &&
	       (!spec->n_legs || drivers_add(d, "bonding", e)) &&
	       (!spec->vlan || drivers_add(d, "8021q", e)) &&
	       (!spec->dhcp || drivers_add(d, "af_packet", e));
}
