/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tasks that wait for a file system: an ext4 on a SCSI disk, whose driver the capture
 * kernel has not. fk.disk=
 *	use	 the disk stops answering; then a file on it is read, mapped, and written
 *	stack	 the same, with a partition and a mapped device between the two
 *	freeze	 it is frozen as for a snapshot, and then written to
 */
#define _GNU_SOURCE
#include "fk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define DISK "/dev/sda"
#define LEN (4 << 20)
#define FIFREEZE _IOWR('X', 119, int)	/* Linux include/uapi/linux/fs.h */

static int open_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0)
		report_and_stop("%s: %s", path, strerror(errno));
	return fd;
}

/* A file whose pages are on the disk only. */
static void make_file(const char *path)
{
	static char data[LEN];
	int fd = open_file(path);

	memset(data, 'x', sizeof(data));
	write_all(fd, data, sizeof(data));
	if (fsync(fd))
		report_and_stop("%s: %s", path, strerror(errno));
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	close(fd);
}

static void read_file(void)
{
	char data[4096];
	int fd = open_file("/slow/data");

	if (read(fd, data, sizeof(data)))
		close(fd);
}

static void map_file(void)
{
	int fd = open_file("/slow/mapped");
	volatile char *at = mmap(NULL, LEN, PROT_READ, MAP_SHARED, fd, 0);

	if (at != MAP_FAILED)
		(void)at[LEN / 2];
}

static void write_file(void)
{
	int fd = open_file("/slow/new");

	write_all(fd, "news\n", 5);
	fsync(fd);
}

void in_task(const char *name, void (*what)(void))
{
	if (fork())
		return;
	prctl(PR_SET_NAME, name);
	what();
	_exit(0);
}

void disk_way(const char *how)
{
	const char *disk = DISK;
	int fd;

	for (int i = 0; i < 100 && access(DISK, F_OK); i++)
		usleep(100000);
	if (!strcmp(how, "stack")) {
		map_disk(DISK, "vg-root");
		disk = "/dev/dm-0";
	}
	mkdir("/slow", 0755);
	if (mount(disk, "/slow", "ext4", 0, ""))
		report_and_stop("mounting %s: %s", disk, strerror(errno));
	make_file("/slow/data");
	make_file("/slow/mapped");
	fd = open("/slow", O_RDONLY | O_CLOEXEC);
	if (!strcmp(how, "freeze")) {
		if (ioctl(fd, FIFREEZE, 0))
			report_and_stop("freezing: %s", strerror(errno));
		in_task("slow_write", write_file);
		return;
	}
	ask_host("hang slow");
	in_task("slow_read", read_file);
	in_task("slow_map", map_file);
	in_task("slow_write", write_file);
}
