/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image/drivers on made-up machines: every one from the partition up to the bus is named
 * once, built-in ones are not, and what cannot work is refused.
 */
#include "base/err.h"
#include "config/config.h"
#include "sysfs.h"
#include "targets/disk.h"

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

	xfs_disk("nvme0n1p2", nvme, "crash");
	driver("sys/devices/pci0/vmd/nvme0", "nvme", "nvme");
	driver("sys/devices/pci0/vmd", "vmd", "vmd");
	driver("sys/devices/pci0", "pcieport", NULL);
	xfs_disk("dm-0", "sys/devices/virtual/block/dm-0", "mapped");
	row("disk:LABEL=crash:/a:b", "nvme vmd xfs");
	row("disk:UUID=11111111-1111-1111-1111-111111111111:/", "nvme vmd xfs");
	row("disk:/dev/nvme0n1p2:/", "nvme vmd xfs");
	row("", "");
	refused("disk:LABEL=gone:/", "target disk:LABEL=gone:/: no such device here");
	refused("disk:/dev/sdz:/", "no such device here");
	refused("disk:LABEL=mapped:/", "dm-0 has nothing that it could be known by again");
	text("sys/devices/virtual/block/dm-0/dm/uuid", "LVM-abcdef\n");
	text("sys/devices/virtual/block/dm-0/dm/name", "box-crash\n");
	text("dev/mapper/box-crash.table", "0 8 thin 253:1 1\n");
	refused("disk:LABEL=mapped:/", "box-crash: it is a thin volume, which a capture does");
	text("dev/mapper/box-crash.table", "0 8 linear 259:7 0\n");
	refused("disk:LABEL=mapped:/", "device 259:7 is not in /sys");
	link_to("sys/dev/block/259:7", nvme);
	refused("disk:LABEL=mapped:/", "nvme0n1p2 has nothing that it could be known by");
	text("sys/devices/pci0/vmd/nvme0/nvme0n1/wwid", "eui.0011223344556677\n");
	text("sys/devices/pci0/vmd/nvme0/nvme0n1/nvme0n1p2/partition", "2\n");
	row("disk:LABEL=mapped:/", "nvme vmd dm_mod xfs");
	xfs_disk("md127", "sys/devices/virtual/block/md127", "raid");
	refused("disk:LABEL=raid:/", "md127 is a part of an array, or not one that runs");
	text("sys/devices/virtual/block/md127/md/level", "raid5\n");
	text("sys/devices/virtual/block/md127/md/raid_disks", "2\n");
	text("sys/devices/virtual/block/md127/md/metadata_version", "0.90\n");
	refused("disk:LABEL=raid:/", "md127 is raid5 of md, of which a capture puts");
	text("sys/devices/virtual/block/md127/md/level", "raid1\n");
	refused("disk:LABEL=raid:/", "md127 has metadata 0.90, and a capture reads 1.x only");
	text("sys/devices/virtual/block/md127/md/metadata_version", "1.2\n");
	text("sys/devices/virtual/block/md127/md/dev-nvme0n1p2/slot", "1\n");
	text("sys/devices/virtual/block/md127/md/dev-nvme0n1p2/state", "in_sync\n");
	row("disk:LABEL=raid:/", "nvme vmd md_mod raid1 xfs");
	text("dev/mapper/box-crash.table", "0 8 crypt aes-xts-plain64 :64:logon:x 0 259:7 0\n");
	refused("disk:LABEL=mapped:/", "cryptsetup refresh --disable-keyring");
	text("dev/mapper/box-crash.table", "0 8 crypt aes-xts-plain64 00ff 0 259:7 0\n");
	row("disk:LABEL=mapped:/", "nvme vmd dm_crypt xfs");
	xfs_disk("dax0", "sys/devices/virtual/block/dax0", "none");
	refused("disk:LABEL=none:/", "dax0 stands on no device");

	/* One leg of a multipath disk has the label, too. */
	xfs_disk("sda", "sys/devices/pci0/host0/sda", "leg");
	folder("sys/devices/pci0/host0/sda/holders/dm-0");
	refused("disk:LABEL=leg:/", "sda is a part of dm-0: dm-0 is an LVM volume: a target");

	row("nfs:host:/x", "nfs nfsv4 nfsv3");
	row("nfs4:host:/x", "nfs nfsv4");
	row("nfs3:[::1]:/x", "nfs nfsv3");
	row("sftp:u@host:/x", "");
	T_CHECK("named twice", drivers_target(&d, "disk:LABEL=crash:/", &e) &&
		drivers_target(&d, "disk:/dev/nvme0n1p2:/", &e) && d.n == 3);

	text("dev/nvme0n1p2", "swap");
	refused("disk:/dev/nvme0n1p2:/", "cannot be read");
	file("dev/nvme0n1p2", (char [4096]){ 0 }, 4096);
	refused("disk:/dev/nvme0n1p2:/", "/dev/nvme0n1p2: none of ext4, xfs, btrfs is on it");
}

/* A card reader of a board, whose clock and regulator are chips with drivers of their own. */
static void test_suppliers(void)
{
	static const char mmc[] = "sys/devices/platform/soc/mmc";
	static const char i2c[] = "sys/devices/platform/soc/i2c";
	struct drivers d = { .root = root, .with_suppliers = true };
	struct err e = { 0 };
	char line[1024];

	driver(mmc, "sdhci", "sdhci_board");
	driver(i2c, "i2c", "i2c_board");
	driver("sys/devices/platform/soc/i2c/1-001b", "pmic", "pmic_board");
	driver("sys/devices/platform/soc/i2c/1-001b/regulator", "ldo", "ldo_board");
	driver("sys/devices/platform/clock", "clock", "clock_board");
	driver("sys/devices/platform/firmware", "firmware", NULL);
	link_to("sys/devices/platform/soc/mmc/supplier:i2c:1-001b/supplier",
		"sys/devices/platform/soc/i2c/1-001b/regulator");
	link_to("sys/devices/platform/soc/i2c/supplier:platform:clock/supplier",
		"sys/devices/platform/clock");
	/* Of one another, as clocks and their firmware may be; and one that is gone. */
	link_to("sys/devices/platform/clock/supplier:platform:firmware/supplier",
		"sys/devices/platform/firmware");
	link_to("sys/devices/platform/firmware/supplier:platform:clock/supplier",
		"sys/devices/platform/clock");
	link_to("sys/devices/platform/soc/mmc/supplier:gone/supplier", "sys/devices/gone");
	xfs_disk("mmcblk0", "sys/devices/platform/soc/mmc/block/mmcblk0", "card");
	row("disk:LABEL=card:/", "sdhci_board xfs");
	T_CHECK("what they hang on", drivers_target(&d, "disk:LABEL=card:/", &e));
	T_TEXT("what they hang on",
	       "ldo_board pmic_board clock_board i2c_board sdhci_board xfs", names(&d, line));
}

/* Of disks of one name the first by its number is taken, however many there are. */
static void test_twins(void)
{
	const struct disk_spec spec = { .by = BY_LABEL, .value = "twin" };
	const struct disk_spec named = { .by = BY_DEVICE, .value = "/dev/vda" };
	const struct disk_search twins = { .spec = &spec, .root = root };
	const struct disk_search device = { .spec = &named, .root = root };
	char found[DEVICE_NAME_MAX], name[32], path[64];

	for (int i = 300; i >= 9; i--) {
		snprintf(name, sizeof(name), "t%d", i);
		snprintf(path, sizeof(path), "sys/devices/pci0/twin%d", i);
		xfs_disk(name, path, i == 9 ? "other" : i % 100 ? "x" : "twin");
	}
	T_CHECK("the first", disk_look(&twins, found));
	T_TEXT("the first", "/dev/t100", found);
	T_EQUAL("all", 3, disk_count(&twins));
	xfs_disk("dm-7", "sys/devices/virtual/block/dm-7", "twin");
	T_EQUAL("but what is put together", 3, disk_count(&twins));
	T_EQUAL("a device is one", 0, disk_count(&device));
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

		xfs_disk(rows[i].name, rows[i].device, rows[i].name);
		if (rows[i].bound)
			driver(rows[i].bound, strstr(rows[i].bound, ":0") ? "sd" : "bnx2i",
			       "sd_mod");
		snprintf(target, sizeof(target), "disk:LABEL=%s:/", rows[i].name);
		refused(target, rows[i].words);
	}
	/* An adapter that logs in by itself; and a SCSI disk whose host has a driver. */
	xfs_disk("sdq", "sys/devices/pci0/q/host8/session1/target8:0:0/8:0:0:1", "by-itself");
	driver("sys/devices/pci0/q", "qla4xxx", "qla4xxx");
	row("disk:LABEL=by-itself:/", "qla4xxx xfs");
	xfs_disk("sdh", "sys/devices/pci0/hba/host9/9:0:0:0/block/sdh", "scsi");
	driver("sys/devices/pci0/hba/host9/9:0:0:0", "sd", "sd_mod");
	driver("sys/devices/pci0/hba", "ahci", NULL);
	row("disk:LABEL=scsi:/", "sd_mod xfs");
}

/* A disk of two controllers is below neither: its folder has links to them. */
static void test_multipath_nvme(void)
{
	const char *subsystem = "sys/devices/virtual/nvme-subsystem/nvme-subsys3";

	xfs_disk("nvme3n1", "sys/devices/virtual/nvme-subsystem/nvme-subsys3/nvme3n1",
		 "two-ways");
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

	xfs_disk("vda", "sys/devices/pci0/virtio0/vda", "late");
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

int main(void)
{
	if (!mkdtemp(root))
		return 1;
	test_disks();
	test_sessions();
	test_suppliers();
	test_twins();
	test_multipath_nvme();
	test_watchdogs();
	return machine_done();
}
