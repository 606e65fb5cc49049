/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drivers on made-up machines: every one from the partition or the card up to the bus is
 * named once, built-in ones are not, and what cannot work is refused. Then the order in
 * which files of modules load.
 */
#include "image/drivers.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "config/config.h"
#include "image/net_drivers.h"
#include "t.h"
#include "targets/disk.h"

static char root[] = "/tmp/crashbox-drivers.XXXXXX";

/* ---- making a machine ------------------------------------------------------- */

/* A path below the root, whose folders are there then. */
__attribute__((format(printf, 2, 3)))
static const char *at(char path[PATH_MAX], const char *fmt, ...)
{
	int len = snprintf(path, PATH_MAX, "%s/", root);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path + len, PATH_MAX - len, fmt, ap);
	va_end(ap);
	for (char *slash = path + len; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
	return path;
}

static void folder(const char *name)
{
	char path[PATH_MAX];

	at(path, "%s/", name);
}

static void link_to(const char *name, const char *to)
{
	char from[PATH_MAX], target[PATH_MAX];

	at(from, "%s", name);
	unlink(from);
	if (symlink(at(target, "%s", to), from))
		T_CHECK(name, !"symlink");
}

static void file(const char *name, const void *data, size_t len)
{
	char path[PATH_MAX];
	FILE *f = fopen(at(path, "%s", name), "w");

	if (!f || fwrite(data, 1, len, f) != len || fclose(f))
		T_CHECK(name, !"cannot be written");
}

static void text(const char *name, const char *data)
{
	file(name, data, strlen(data));
}

/* A device is bound to a driver, which is of a module, or built in (NULL). */
static void driver(const char *device, const char *name, const char *module)
{
	char drv[PATH_MAX], from[PATH_MAX], to[PATH_MAX];

	snprintf(drv, sizeof(drv), "sys/drivers/%s", name);
	folder(drv);
	snprintf(from, sizeof(from), "%s/driver", device);
	link_to(from, drv);
	if (!module)
		return;
	snprintf(from, sizeof(from), "sys/drivers/%s/module", name);
	snprintf(to, sizeof(to), "sys/module/%s", module);
	folder(to);
	link_to(from, to);
}

/* A block device with an XFS of that label on it. */
static void disk(const char *name, const char *device, const char *label)
{
	uint8_t sb[4096] = "XFSB";
	char path[PATH_MAX];

	folder(device);
	snprintf(path, sizeof(path), "sys/class/block/%s", name);
	link_to(path, device);
	memset(sb + 32, 0x11, 16);
	sb[55] = 1;	/* its log is on it */
	sb[101] = 5;	/* the new format */
	memcpy(sb + 108, label, strlen(label));
	snprintf(path, sizeof(path), "dev/%s", name);
	file(path, sb, sizeof(sb));
}

/* ---- asking ----------------------------------------------------------------- */

static const char *names(const struct drivers *d, char line[1024])
{
	line[0] = '\0';
	for (unsigned i = 0; i < d->n; i++)
		sprintf(line + strlen(line), "%s%s", i ? " " : "", d->names[i]);
	return line;
}

static void row(const char *target, const char *wanted)
{
	struct drivers d = { .root = root };
	struct err e = { 0 };
	char line[1024];

	if (!T_CHECK(target, drivers_watchdogs(&d, &e) && (!*target ||
							   drivers_target(&d, target, &e))))
		printf("%s\n", e.text);
	T_TEXT(target, wanted, names(&d, line));
}

static void refused(const char *target, const char *words)
{
	struct drivers d = { .root = root };
	struct err e = { 0 };

	T_CHECK(target, !drivers_target(&d, target, &e));
	if (!T_CHECK(target, strstr(e.text, words)))
		printf("%s\n", e.text);
}

static void test_disks(void)
{
	/* A partition of an NVMe disk behind a VMD controller; the bus above has no module. */
	const char *nvme = "sys/devices/pci0/vmd/nvme0/nvme0n1/nvme0n1p2";
	struct drivers d = { .root = root };
	struct err e;

	disk("nvme0n1p2", nvme, "crash");
	driver("sys/devices/pci0/vmd/nvme0", "nvme", "nvme");
	driver("sys/devices/pci0/vmd", "vmd", "vmd");
	driver("sys/devices/pci0", "pcieport", NULL);
	disk("dm-0", "sys/devices/virtual/block/dm-0", "mapped");
	row("disk:LABEL=crash:/a:b", "nvme vmd xfs");
	row("disk:UUID=11111111-1111-1111-1111-111111111111:/", "nvme vmd xfs");
	row("disk:/dev/nvme0n1p2:/", "nvme vmd xfs");
	row("", "");
	refused("disk:LABEL=gone:/", "target disk:LABEL=gone:/: no such device here");
	refused("disk:/dev/sdz:/", "no such device here");
	refused("disk:LABEL=mapped:/", "dm-0 is of device mapper: device mapper and md are");
	text("sys/devices/virtual/block/dm-0/dm/uuid", "LVM-abcdef\n");
	refused("disk:LABEL=mapped:/", "dm-0 is an LVM volume: ");
	disk("md127", "sys/devices/virtual/block/md127", "raid");
	refused("disk:LABEL=raid:/", "md127 is a RAID: ");
	disk("dax0", "sys/devices/virtual/block/dax0", "none");
	refused("disk:LABEL=none:/", "dax0 stands on no device");

	/* One leg of a multipath disk has the label, too. */
	disk("sda", "sys/devices/pci0/host0/sda", "leg");
	folder("sys/devices/pci0/host0/sda/holders/dm-0");
	refused("disk:LABEL=leg:/", "sda is a part of dm-0: dm-0 is an LVM volume");

	row("nfs:host:/x", "nfs nfsv4 nfsv3");
	row("nfs4:host:/x", "nfs nfsv4");
	row("nfs3:[::1]:/x", "nfs nfsv3");
	row("sftp:u@host:/x", "");
	T_CHECK("named twice", drivers_target(&d, "disk:LABEL=crash:/", &e) &&
		drivers_target(&d, "disk:/dev/nvme0n1p2:/", &e) && d.n == 3);

	text("dev/nvme0n1p2", "swap");
	refused("disk:/dev/nvme0n1p2:/", "cannot be read");
	file("dev/nvme0n1p2", (char [4096]){ 0 }, 4096);
	refused("disk:/dev/nvme0n1p2:/", "/dev/nvme0n1p2: neither ext4 nor xfs is on it");
}

/* Of disks of one name the first by its number is taken, however many there are. */
static void test_twins(void)
{
	const struct disk_spec spec = { .by = BY_LABEL, .value = "twin" };
	const struct disk_spec device = { .by = BY_DEVICE, .value = "/dev/vda" };
	char found[DEVICE_NAME_MAX], name[32], path[64];

	for (int i = 300; i >= 9; i--) {
		snprintf(name, sizeof(name), "t%d", i);
		snprintf(path, sizeof(path), "sys/devices/pci0/twin%d", i);
		disk(name, path, i == 9 ? "other" : i % 100 ? "x" : "twin");
	}
	T_CHECK("the first", disk_look(&spec, root, NULL, found));
	T_TEXT("the first", "/dev/t100", found);
	T_EQUAL("all", 3, disk_count(&spec, root));
	disk("dm-7", "sys/devices/virtual/block/dm-7", "twin");
	T_EQUAL("but what is put together", 3, disk_count(&spec, root));
	T_EQUAL("a device is one", 0, disk_count(&device, root));
}

/* Somebody has to log in to them, or to put them together, and nobody is there. */
static void test_sessions(void)
{
	static const struct {
		const char *name, *device, *bound, *words;
	} rows[] = {
		{ "sdx", "sys/devices/platform/host6/session1/target6:0:0/6:0:0:1",
		  "sys/devices/platform/host6/session1/target6:0:0/6:0:0:1",
		  "sdx is a disk over iSCSI, which nobody sets up" },
		{ "sdy", "sys/devices/pci0/bnx2i/host7/session1/target7:0:0/7:0:0:1",
		  "sys/devices/pci0/bnx2i", "sdy is a disk over iSCSI" },
		{ "rbd0", "sys/devices/rbd/0/block/rbd0", NULL, "rbd0 is an image of Ceph" },
		{ "nvme9n1", "sys/devices/virtual/nvme-fabrics/ctl/nvme9/nvme9n1", NULL,
		  "nvme9n1 is a disk over NVMe-oF" },
		{ "nbd0", "sys/devices/virtual/block/nbd0", NULL,
		  "nbd0 is a network block device" },
		{ "loop0", "sys/devices/virtual/block/loop0", NULL, "loop0 is a file" },
		{ "sdw", "sys/devices/new-kind/8:0:0:0/block/sdw",
		  "sys/devices/new-kind/8:0:0:0", "sdw stands on no device" },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		char target[64];

		disk(rows[i].name, rows[i].device, rows[i].name);
		if (rows[i].bound)
			driver(rows[i].bound, strstr(rows[i].bound, ":0") ? "sd" : "bnx2i",
			       "sd_mod");
		snprintf(target, sizeof(target), "disk:LABEL=%s:/", rows[i].name);
		refused(target, rows[i].words);
	}
	/* An adapter that logs in by itself; and a SCSI disk whose host has a driver. */
	disk("sdq", "sys/devices/pci0/q/host8/session1/target8:0:0/8:0:0:1", "by-itself");
	driver("sys/devices/pci0/q", "qla4xxx", "qla4xxx");
	row("disk:LABEL=by-itself:/", "qla4xxx xfs");
	disk("sdh", "sys/devices/pci0/hba/host9/9:0:0:0/block/sdh", "scsi");
	driver("sys/devices/pci0/hba/host9/9:0:0:0", "sd", "sd_mod");
	driver("sys/devices/pci0/hba", "ahci", NULL);
	row("disk:LABEL=scsi:/", "sd_mod xfs");
}

/* A disk of two controllers is below neither: its folder has links to them. */
static void test_multipath_nvme(void)
{
	const char *subsystem = "sys/devices/virtual/nvme-subsystem/nvme-subsys3";

	disk("nvme3n1", "sys/devices/virtual/nvme-subsystem/nvme-subsys3/nvme3n1", "two-ways");
	folder(subsystem);
	link_to("sys/devices/virtual/nvme-subsystem/nvme-subsys3/nvme3",
		"sys/devices/pci0/port3/nvme3");
	folder("sys/devices/pci0/port3/nvme3");
	driver("sys/devices/pci0/port3", "nvme", "nvme");
	row("disk:LABEL=two-ways:/", "nvme xfs");
}

/*
 * One on a bridge whose driver makes its device, one that has no device, one whose driver
 * is built in. Their drivers come first, and once.
 */
static void test_watchdogs(void)
{
	const char *wdt = "sys/devices/pci0/bridge/wdt";

	disk("vda", "sys/devices/pci0/virtio0/vda", "late");
	driver("sys/devices/pci0/virtio0", "virtio_blk", "virtio_blk");
	folder(wdt);
	driver("sys/devices/pci0/bridge", "i801_smbus", "i2c_i801");
	driver(wdt, "iTCO_wdt", "iTCO_wdt");
	driver("sys/devices/pci0/port", "wdat_wdt", NULL);
	link_to("sys/class/watchdog/watchdog0/device", wdt);
	folder("sys/class/watchdog/watchdog1");
	link_to("sys/class/watchdog/watchdog2/device", "sys/devices/pci0/port");
	row("disk:LABEL=late:/", "iTCO_wdt i2c_i801 virtio_blk xfs");
	row("", "iTCO_wdt i2c_i801");
}

/* ---- interfaces ------------------------------------------------------------- */

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
	net_refused(NULL, "lo", "net lo: has no device");
	net_refused(NULL, "../net/ens3", "no such interface");
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

/* ---- files of modules ------------------------------------------------------- */

static void files_row(struct kmods *k, const char *needed, const char *wanted)
{
	char line[1024] = "", name[MODULE_NAME];
	struct err e = { 0 };

	k->n = k->n_asked = 0;
	if (!T_CHECK(needed, kmod_need(k, needed, &e)))
		printf("%s\n", e.text);
	for (unsigned i = 0; i < k->n; i++) {
		T_CHECK(needed, kmod_file_name(k->paths[i], name));
		sprintf(line + strlen(line), "%s%s", i ? " " : "", name);
	}
	T_TEXT(needed, wanted, line);
}

static void test_files(void)
{
	struct arena a = { 0 };
	struct kmods *k;
	struct err e = { 0 };
	char dir[PATH_MAX], name[MODULE_NAME];
	bool has;

	text("m/modules.dep", "kernel/c-disk.ko.zst: kernel/b.ko.xz kernel/a.ko.gz\n"
	     "kernel/b.ko.xz: kernel/a.ko.gz\nkernel/a.ko.gz:\nkernel/soft.ko:\n"
	     "kernel/round.ko:\nkernel/trip.ko:\nkernel/mlx4_core.ko:\n"
	     "kernel/mlx4_en.ko: kernel/mlx4_core.ko\nkernel/hns3.ko:\n");
	text("m/modules.softdep", "# softdep a pre: b\nsoftdep b post: c_disk pre: wish gone\n"
	     "softdep round pre: trip\nsoftdep trip pre: round\n");
	text("m/modules.alias", "alias wish soft\nalias pci:wish b\n");
	text("m/modules.builtin", "kernel/built-in.ko\n");
	at(dir, "m");
	if (!T_CHECK("tables", arena_init(&a, 16 << 20, &e)))
		return;
	k = arena_take(&a, 1, sizeof(*k), "tables", &e);
	T_CHECK("tables", kmod_open(k, &a, dir, &e));
	files_row(k, "a", "a.ko");
	files_row(k, "c-disk", "a.ko soft.ko b.ko c-disk.ko");
	files_row(k, "c_disk", "a.ko soft.ko b.ko c-disk.ko");
	files_row(k, "built_in", "");
	files_row(k, "round", "trip.ko round.ko");
	files_row(k, "mlx4_core", "mlx4_core.ko mlx4_en.ko");
	files_row(k, "mlx4_en", "mlx4_core.ko mlx4_en.ko");
	files_row(k, "hns3", "hns3.ko");	/* hclge is not of this kernel */
	T_CHECK("a wish", kmod_wish(k, "soft", &has, &e) && has && k->n == 2);
	T_CHECK("built in", kmod_wish(k, "built_in", &has, &e) && has && k->n == 2);
	T_CHECK("not there", kmod_wish(k, "gone", &has, &e) && !has && k->n == 2);
	T_CHECK("unknown", !kmod_need(k, "wish", &e) && strstr(e.text, "has no module wish"));
	T_CHECK("a part of a name", !kmod_need(k, "c_dis", &e));
	T_CHECK("a longer name", !kmod_need(k, "c_disks", &e));
	T_CHECK("no module", !kmod_file_name("a/b.so", name));
	T_CHECK("no module", !kmod_file_name("a/b.ko.bz2", name));
	at(dir, "none");
	T_CHECK("no tables", !kmod_open(k, &a, dir, &e) && e.code == ENOENT &&
		strstr(e.text, "run depmod"));
	arena_deinit(&a);
}

int main(void)
{
	char command[64];

	if (!mkdtemp(root))
		return 1;
	test_disks();
	test_sessions();
	test_twins();
	test_multipath_nvme();
	test_watchdogs();
	test_net();
	test_stacked();
	test_files();
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return t_done() + !!system(command);
}
