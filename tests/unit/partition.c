/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * targets/partition and disk_look(): what tables made by sfdisk call their partitions, also
 * when one of the two copies is damaged, and that no table is believed against sysfs.
 */
#include <fcntl.h>
#include <stdint.h>

#include "base/err.h"
#include "sysfs.h"
#include "targets/disk.h"
#include "targets/partition.h"

#define GPT_UUID "0a1b2c3d-4e5f-4607-8899-aabbccddee0"
#define SECTORS 16384

static const char gpt[] =
	"label: gpt\\n"
	"start=2048, size=2048, uuid=" GPT_UUID "1, name=first\\n"
	"start=4096, size=2048, uuid=" GPT_UUID "2, name=\\\"crash dumps\\\"\\n"
	"start=8192, size=2048, uuid=" GPT_UUID "5, name=Dünger\\n";
static const char pc[] =
	"label: dos\\nlabel-id: 0x0a1b2c3d\\n"
	"start=2048, size=2048, type=83\\nstart=4096, size=8192, type=5\\n"
	"start=5120, size=2048, type=83\\n";

static void make_table(const char *script)
{
	char path[PATH_MAX], command[PATH_MAX + 600];

	snprintf(command, sizeof(command), "truncate -s 0 %1$s && truncate -s %2$d %1$s && "
		 "printf \"%3$s\" | sfdisk -q %1$s", at(path, "dev/vdb"), SECTORS * 512,
		 script);
	T_EQUAL("sfdisk", 0, system(command));
}

static void partition(int nr, unsigned long start)
{
	char name[64], text_of[32];

	snprintf(name, sizeof(name), "sys/devices/vdb/vdb%d/partition", nr);
	snprintf(text_of, sizeof(text_of), "%d\n", nr);
	text(name, text_of);
	snprintf(name, sizeof(name), "sys/devices/vdb/vdb%d/start", nr);
	snprintf(text_of, sizeof(text_of), "%lu\n", start);
	text(name, text_of);
	snprintf(name, sizeof(name), "sys/class/block/vdb%d", nr);
	snprintf(text_of, sizeof(text_of), "sys/devices/vdb/vdb%d", nr);
	link_to(name, text_of);
}

/* uuid NULL: it must not be known */
static void row(const char *what, const char *name, const char *uuid, const char *label)
{
	char disk[PARTITION_NAME_MAX];
	struct partition p;
	struct err e;

	T_CHECK(what, partition_disk(root, name, disk));
	T_TEXT(what, "vdb", disk);
	if (T_EQUAL(what, uuid != NULL, partition_read(root, name, disk, &p, &e)) && uuid) {
		T_TEXT(what, uuid, p.uuid);
		T_TEXT(what, label, p.label);
	}
}

static void damage(off_t at_byte)
{
	char path[PATH_MAX];
	int fd = open(at(path, "dev/vdb"), O_RDWR);
	uint8_t c;

	T_CHECK("damage", fd >= 0 && pread(fd, &c, 1, at_byte) == 1);
	c ^= 0x40;
	T_CHECK("damage", pwrite(fd, &c, 1, at_byte) == 1);
	close(fd);
}

static void test_gpt(void)
{
	make_table(gpt);
	partition(1, 2048);
	partition(2, 4096);
	partition(3, 8192);
	row("the first", "vdb1", GPT_UUID "1", "first");
	row("a blank in its label", "vdb2", GPT_UUID "2", "crash dumps");
	row("another letter", "vdb3", GPT_UUID "5", "D?nger");
	damage(512 + 60);
	row("by the copy at the end", "vdb2", GPT_UUID "2", "crash dumps");
	damage((SECTORS - 1) * 512L + 60);
	row("both are damaged", "vdb2", NULL, NULL);
	damage(512 + 60);
	partition(2, 4097);
	row("it begins elsewhere", "vdb2", NULL, NULL);
	partition(200, 4096);
	row("one that no entry is for", "vdb200", NULL, NULL);
	partition(4, 0);
	partition(2, 4096);
}

static void test_pc(void)
{
	make_table(pc);
	row("of a PC", "vdb1", "0a1b2c3d-01", "");
	partition(5, 5120);
	row("a logical one", "vdb5", "0a1b2c3d-05", "");
	damage(510);
	row("no table", "vdb1", NULL, NULL);
}

static void looked(const char *text_of, const char *device)
{
	struct disk_spec spec;
	const struct disk_search s = { .spec = &spec, .root = root };
	char found[DEVICE_NAME_MAX];
	struct err e;

	T_CHECK(text_of, disk_parse(&spec, text_of, &e));
	T_EQUAL(text_of, device != NULL, disk_look(&s, found));
	T_TEXT(text_of, device ? device : "", found);
	T_EQUAL(text_of, device != NULL, disk_count(&s));
}

static void test_look(void)
{
	struct disk_spec spec = { .by = BY_PARTLABEL, .value = "first" };
	const struct hung_devices hung = { { "/dev/vdb" }, 1, 0 };
	const struct disk_search s = { .spec = &spec, .root = root, .hung = &hung };
	char found[DEVICE_NAME_MAX];

	make_table(gpt);
	looked("PARTLABEL=crash dumps:/", "/dev/vdb2");
	looked("PARTUUID=0A1B2C3D-4E5F-4607-8899-AABBCCDDEE05:/", "/dev/vdb3");
	looked("PARTUUID=0a1b2c3d-4e5f-4607-8899-aabbccddee03", NULL);
	looked("PARTLABEL=crash:/", NULL);
	T_CHECK("a disk that somebody hung on is not read", !disk_look(&s, found));
}

int main(void)
{
	char disk[PARTITION_NAME_MAX];

	setenv("PATH", "/usr/sbin:/sbin:/usr/bin:/bin", 1);
	if (!mkdtemp(root))
		return 1;
	folder("dev");
	folder("sys/devices/vdb");
	link_to("sys/class/block/vdb", "sys/devices/vdb");
	T_CHECK("a whole disk is no partition", !partition_disk(root, "vdb", disk));
	T_CHECK("one that is not there", !partition_disk(root, "vdc1", disk));
	test_gpt();
	test_pc();
	test_look();
	return machine_done();
}
