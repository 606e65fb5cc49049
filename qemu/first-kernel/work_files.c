/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page cache of real file systems: clean and read from the disk, written and on the
 * disk, dirty; and that of the file system which will get the dump.
 */
#define _GNU_SOURCE
#include "work.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * The file system that will get the dump is also in use when the crash comes, as on a
 * real machine: its journal is dirty, and its cache holds pages with and without
 * buffers. fk.cache=0 leaves the disk alone.
 */
void make_target_cache(void)
{
	unsigned long mib = setting_number("cache", 8);
	const char *type = setting("fs");
	char disk[64];

	if (!mib || !setting("target") || !find_disk("target", disk))
		return;
	mkdir("/busy", 0755);
	if (mount(disk, "/busy", type ? type : "ext4", 0, "")) {
		tell("note the target disk cannot be mounted: %s", strerror(errno));
		return;
	}
	fill_file("/busy/busy-file", mib * MIB, "cache");
	sync();
	fill_file("/busy/busy-file", mib * MIB / 2, "dirty");
}

static void mount_work(const char *type, char disk[static 64])
{
	char serial[16], folder[16];

	snprintf(serial, sizeof(serial), "work-%s", type);
	snprintf(folder, sizeof(folder), "/%s", type);
	if (!find_disk(serial, disk))
		report_and_stop("no disk with the serial number '%s'", serial);
	mkdir(folder, 0755);
	if (mount(disk, folder, type, 0, ""))
		report_and_stop("mounting %s of type %s: %s", disk, type, strerror(errno));
}

/* A file whose pages came from the disk, in as large units as read-ahead asks for. */
static int read_from_disk(const char *path, size_t len, const char *kind)
{
	static char buf[MIB];
	int fd = fill_file(path, len, kind);

	if (fsync(fd))
		report_and_stop("%s: %s", path, strerror(errno));
	posix_fadvise(fd, 0, len, POSIX_FADV_DONTNEED);
	lseek(fd, 0, SEEK_SET);
	for (size_t i = 0; i < len / MIB; i++)
		if (read(fd, buf, MIB) != (ssize_t)MIB)
			report_and_stop("%s: cannot be read: %s", path, strerror(errno));
	memset(buf, 0, sizeof(buf));
	return fd;
}

static void make_files(const char *type)
{
	size_t len = 16 * MIB;
	char disk[64], path[128], kind[32];
	int fd;

	mount_work(type, disk);
	snprintf(path, sizeof(path), "/sys/block/%s/queue/read_ahead_kb", disk + 5);
	write_text(path, "2048");
	write_text("/proc/sys/vm/dirty_writeback_centisecs", "0");

	snprintf(path, sizeof(path), "/%s/clean", type);
	snprintf(kind, sizeof(kind), "%sclean", type);
	fd = read_from_disk(path, len, kind);
	made_file(kind, fd, len, KPF_NONE, len / PAGE);

	snprintf(path, sizeof(path), "/%s/written", type);
	snprintf(kind, sizeof(kind), "%swritten", type);
	fd = fill_file(path, len / 2, kind);
	if (fsync(fd))
		report_and_stop("%s: %s", path, strerror(errno));
	made_file(kind, fd, len / 2, KPF_NONE, len / PAGE / 2);

	snprintf(path, sizeof(path), "/%s/dirty", type);
	snprintf(kind, sizeof(kind), "%sdirty", type);
	fd = fill_file(path, len / 2, kind);
	/* Of a large folio only the head has the flag. */
	made_file(kind, fd, len / 2, KPF_DIRTY, 2);
}

void make_ext4(void)
{
	make_files("ext4");
}

void make_xfs(void)
{
	make_files("xfs");
}
