/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * targets/disk: what a target may be called, and what real file systems made by their own
 * tools look like to us; a leg of a mirror is never taken for a file system.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/err.h"
#include "t.h"
#include "targets/disk.h"

#define UUID "0a1b2c3d-4e5f-4607-8899-aabbccddeeff"
#define IMAGE_LEN (300L << 20)
#define BLKDEV_SECTOR 512

static const struct {
	const char *row, *text;
	const char *value, *path;	/* value NULL: refused, and `path` is in the message */
} specs[] = {
	{ "a UUID", "UUID=" UUID ":/crash", UUID, "/crash" },
	{ "a label without a folder", "LABEL=crash", "crash", "/var/crash" },
	{ "the root of it", "LABEL=crash:/", "crash", "/" },
	{ "a partition's UUID", "PARTUUID=" UUID ":/crash", UUID, "/crash" },
	{ "one of a PC's", "PARTUUID=0a1b2c3d-02", "0a1b2c3d-02", "/var/crash" },
	{ "a partition's label", "PARTLABEL=dumps:/", "dumps", "/" },
	{ "a partition's UUID with other letters", "PARTUUID=x:/", NULL, "not a UUID" },
	{ "a device", "/dev/nvme0n1p2:/a/b", "/dev/nvme0n1p2", "/a/b" },
	{ "a device with a colon", "/dev/x:y:/a", "/dev/x:y", "/a" },
	{ "a folder with two dots in its name", "LABEL=c:/a/..b", "c", "/a/..b" },
	{ "a link that udev would have made", "/dev/disk/by-uuid/x:/crash", NULL, "UUID=" },
	{ "the same without a folder", "/dev/disk/by-label/x", NULL, "LABEL=" },
	{ "device mapper's name", "/dev/mapper/vg-lv:/", NULL, "no udev" },
	{ "a UUID with other letters", "UUID=xyz:/", NULL, "not a UUID" },
	{ "no label", "LABEL=:/", NULL, "0 characters" },
	{ "a folder that climbs", "LABEL=c:/a/../b", NULL, "upwards" },
	{ "a folder that ends up there", "LABEL=c:/a/..", NULL, "upwards" },
	{ "a folder above", "LABEL=c:/..", NULL, "upwards" },
	{ "a bare name", "sda1", NULL, "none of" },
	{ "nothing", "", NULL, "none of" },
};

static void test_parse(void)
{
	for (size_t i = 0; i < T_SIZE(specs); i++) {
		struct disk_spec spec;
		struct err e = { .text = "" };
		const char *row = specs[i].row;
		bool ok = disk_parse(&spec, specs[i].text, &e);

		T_EQUAL(row, specs[i].value != NULL, ok);
		if (!ok) {
			T_EQUAL(row, EINVAL, e.code);
			if (!T_CHECK(row, specs[i].path && strstr(e.text, specs[i].path)))
				printf("%s\n", e.text);
		} else if (specs[i].value) {
			T_TEXT(row, specs[i].value, spec.value);
			T_TEXT(row, specs[i].path, spec.path);
		}
	}
}

static char image[] = "/tmp/unit-disk-XXXXXX";

static void resize(off_t len)
{
	if (truncate(image, 0) || truncate(image, len))
		abort();
}

static void put_word(off_t off, uint32_t word)
{
	int fd = open(image, O_WRONLY);

	if (fd < 0 || pwrite(fd, &word, sizeof(word), off) != sizeof(word))
		abort();
	close(fd);
}

static void probed(const char *row, const char *type, const char *label)
{
	struct disk_fs fs;
	struct err e;

	T_CHECK(row, disk_probe(image, &fs, &e));
	T_TEXT(row, type, fs.type);
	T_TEXT(row, *type ? UUID : "", fs.uuid);
	T_TEXT(row, label, fs.label);
}

/* The md superblock's magic at its place in a disk of that length, there and away again. */
static void test_mirrors(const char *type, const char *label)
{
	static const off_t more[] = { 0, 512, 4096 + 512, 65536 - 4096, 65536 - 512 };
	const uint32_t magic = 0xa92b4efc;

	for (size_t i = 0; i < T_SIZE(more); i++) {
		off_t len = IMAGE_LEN + more[i], sectors = len / BLKDEV_SECTOR;
		/* as mdadm reckons: 0.90 64 KiB up, 1.0 8 KiB up, in whole such steps */
		off_t old = ((sectors & ~127L) - 128) * BLKDEV_SECTOR;
		off_t at_end = ((sectors - 16) & ~7L) * BLKDEV_SECTOR;
		char row[80];

		snprintf(row, sizeof(row), "%s on a disk of %ld sectors", type, (long)sectors);
		if (truncate(image, len))
			abort();
		probed(row, type, label);
		put_word(old, magic);
		probed("a leg of a 0.90 mirror", "", "");
		put_word(old, 0);
		put_word(at_end, magic);
		probed("a leg of a 1.0 mirror", "", "");
		put_word(at_end, magic + 1);
		probed(row, type, label);
		put_word(at_end, 0);
	}
}

static const struct {
	const char *type, *label, *command;
} mkfs[] = {
	{ "ext4", "crash-dumps", "mkfs.ext4 -q -F -U " UUID " -L crash-dumps %s" },
	{ "ext4", "sixteen-letters-", "mkfs.ext4 -q -F -O ^has_journal -b 1024 -U " UUID
	  " -L sixteen-letters- %s" },
	{ "ext4", "", "mkfs.ext2 -q -F -U " UUID " %s" },
	{ "ext4", "Dünger-ß", "mkfs.ext4 -q -F -U " UUID " -L Dünger-ß %s" },
	{ "xfs", "twelve-chars", "mkfs.xfs -q -f -m uuid=" UUID " -L twelve-chars %s" },
	{ "btrfs", "a longer label than the others have", "mkfs.btrfs -q -f -U " UUID
	  " -L 'a longer label than the others have' %s" },
	{ "xfs", "", "mkfs.xfs -q -f -m uuid=" UUID " %s" },
};

static void test_probe(void)
{
	struct disk_fs fs;
	struct err e;

	for (size_t i = 0; i < T_SIZE(mkfs); i++) {
		char command[300];

		resize(IMAGE_LEN);
		snprintf(command, sizeof(command), mkfs[i].command, image);
		strcat(command, " > /dev/null");
		if (T_EQUAL(command, 0, system(command)))
			test_mirrors(mkfs[i].type, mkfs[i].label);
	}
	resize(IMAGE_LEN);
	probed("an empty disk", "", "");
	resize(1000);
	T_CHECK("shorter than a superblock", !disk_probe(image, &fs, &e));
	T_TEXT("shorter than a superblock", "", fs.type);
	T_CHECK("not there", !disk_probe("/dev/none-such", &fs, &e));
	T_EQUAL("not there", ENOENT, e.code);
	T_CHECK("it says why", strstr(e.text, strerror(ENOENT)));
}

/* None of ours makes the kernel panic, and who only looks changes nothing. */
static void test_options(void)
{
	T_TEXT("ext4, to write", "errors=remount-ro", disk_mount_options("ext4", true));
	T_TEXT("ext4, to look", "errors=remount-ro,norecovery",
	       disk_mount_options("ext4", false));
	T_CHECK("xfs, to write", !disk_mount_options("xfs", true));
	T_TEXT("btrfs, to write", "subvolid=5", disk_mount_options("btrfs", true));
	T_TEXT("xfs, to look", "norecovery", disk_mount_options("xfs", false));
}

/* While others appear it may be on its way, but not for ever. */
static void test_wait(void)
{
	static const struct {
		const char *row;
		struct disk_wait wait;
		double appeared, end;	/* of a wait that begins at 1000 */
	} waits[] = {
		{ "nothing appears", { 30, 150 }, 0, 1030 },
		{ "one was there before", { 30, 150 }, 990, 1030 },
		{ "one appears", { 30, 150 }, 1020, 1050 },
		{ "they go on appearing", { 30, 150 }, 1140, 1150 },
		{ "told how long", { 180, 180 }, 1020, 1180 },
		{ "a look", { 0, 0 }, 0, 1000 },
	};

	for (size_t i = 0; i < T_SIZE(waits); i++)
		T_EQUAL(waits[i].row, (long)waits[i].end,
			(long)disk_wait_end(&waits[i].wait, 1000, waits[i].appeared));
}

int main(void)
{
	int fd = mkstemp(image);

	if (fd < 0)
		abort();
	close(fd);
	/* Where mkfs lies on Debian, also for those who are not root. */
	setenv("PATH", "/usr/sbin:/sbin:/usr/bin:/bin", 1);
	test_parse();
	test_options();
	test_wait();
	test_probe();
	unlink(image);
	return t_done();
}
