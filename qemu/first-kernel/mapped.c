/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A partition that is all of a disk, and a device of the mapper on it, as LVM makes a volume
 * (Linux include/uapi/linux/{blkpg,dm-ioctl}.h).
 */
#include "fk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLKPG _IO(0x12, 105)
#define BLKGETSIZE64 _IOR(0x12, 114, size_t)
#define DM_DEV_CREATE _IOWR(0xfd, 3, struct mapper)
#define DM_DEV_SUSPEND _IOWR(0xfd, 6, struct mapper)	/* and resume */
#define DM_TABLE_LOAD _IOWR(0xfd, 9, struct mapper)

/* Without a freeze of the file system: as a multipath device that has lost all paths. */
enum { ADD_PARTITION = 1, SECTOR = 512, SUSPEND = 1 << 1 | 1 << 10 };

struct partition {
	long long start, length;
	int number;
	char unused[128];
};

struct partition_do {
	int op, flags, len;
	void *data;
};

struct mapper {
	uint32_t version[3], len, start, n_targets;
	int32_t n_open;
	uint32_t flags, event, pad;
	uint64_t dev;
	char name[128], uuid[129], data[7];
};

struct target {
	uint64_t start, length;
	int32_t status;
	uint32_t next;
	char type[16];
};

struct table {
	struct mapper head;
	struct target target;
	char words[64];
};

static uint64_t add_partition(const char *disk)
{
	int fd = open(disk, O_RDWR | O_CLOEXEC);
	struct partition part = { .number = 1 };
	struct partition_do add = { .op = ADD_PARTITION, .len = sizeof(part), .data = &part };
	uint64_t len;

	if (fd < 0 || ioctl(fd, BLKGETSIZE64, &len))
		report_and_stop("%s: %s", disk, strerror(errno));
	part.length = (long long)len;
	if (ioctl(fd, BLKPG, &add))
		report_and_stop("a partition of %s: %s", disk, strerror(errno));
	close(fd);
	return len / SECTOR;
}

static void map(int fd, unsigned long what, const char *name, struct table *t)
{
	t->head.version[0] = 4;
	t->head.len = sizeof(*t);
	t->head.start = sizeof(t->head);
	snprintf(t->head.name, sizeof(t->head.name), "%s", name);
	if (ioctl(fd, what, t))
		report_and_stop("mapping %s: %s", name, strerror(errno));
}

void suspend_mapped(const char *name)
{
	struct table suspend = { .head.flags = SUSPEND };
	int fd = open("/dev/mapper/control", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		report_and_stop("/dev/mapper/control: %s", strerror(errno));
	map(fd, DM_DEV_SUSPEND, name, &suspend);
	close(fd);
}

void map_disk(const char *disk, const char *name)
{
	struct table create = { .head.flags = 0 }, load = { .head.n_targets = 1 },
		     resume = { .head.flags = 0 };
	int fd = open("/dev/mapper/control", O_RDWR | O_CLOEXEC);

	load.target.length = add_partition(disk);
	snprintf(load.target.type, sizeof(load.target.type), "linear");
	snprintf(load.words, sizeof(load.words), "%s1 0", disk);
	if (fd < 0)
		report_and_stop("/dev/mapper/control: %s", strerror(errno));
	map(fd, DM_DEV_CREATE, name, &create);
	map(fd, DM_TABLE_LOAD, name, &load);
	map(fd, DM_DEV_SUSPEND, name, &resume);
	close(fd);
}
