/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tasks that wait for a file system: an ext4 on a SCSI disk, whose driver the capture
 * kernel has not. fk.disk=
 *	use	 the disk stops answering; then a file on it is read, mapped, and written
 *	hold	 the same, and that is cut short and written to, for which it is locked
 *	commit	 the same, and its journal has to write down what was changed
 *	change	 the same, in the midst of a change for which the journal waits
 *	stack	 the same, with a partition and a mapped device between the two
 *	freeze	 it is frozen as for a snapshot, and then written to
 *	suspend	 the mapped device is suspended, and the file system then used
 *	shut	 the file system is shut down, as after an error that it cannot mend
 *	error	 it finds an error in itself, and is told to panic then
 */
#define _GNU_SOURCE
#include "fk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
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
#define SHUTDOWN _IOR('X', 125, uint32_t)	/* Linux fs/ext4/ext4.h */

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

static void read_end(void)
{
	char data[4096];
	int fd = open_file("/slow/data");

	if (pread(fd, data, sizeof(data), LEN - sizeof(data)) >= 0)
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

/* Keeps the file locked until what is being written of it is on the disk. */
static void cut_file(void)
{
	if (ftruncate(open_file("/slow/new"), 0))
		report_and_stop("/slow/new: %s", strerror(errno));
}

/* Of /slow/data and /slow/mapped, opened while the disk still answered. */
static int changed_fd, cut_fd;

static void change_file(void)
{
	fchmod(changed_fd, 0600);
}

static void commit_change(void)
{
	change_file();
	fsync(changed_fd);
}

/* Which blocks are free the disk alone knows, as all was unmounted. */
static void free_blocks(void)
{
	if (ftruncate(cut_fd, 0))
		report_and_stop("/slow/mapped: %s", strerror(errno));
}

static void sync_all(void)
{
	syncfs(changed_fd);
}

void in_task(const char *name, void (*what)(void))
{
	if (fork())
		return;
	prctl(PR_SET_NAME, name);
	what();
	_exit(0);
}

/*
 * As after a boot: of what is on the disk little is known yet, and nobody reads ahead. The
 * journal has written once, as the first time it has more to do.
 */
static void mount_again(const char *disk)
{
	static const char known[] = "errors=panic,noinit_itable",	/* to all */
			  options[] = "errors=panic,noinit_itable,no_prefetch_block_bitmaps";

	if (umount("/slow") || (mount(disk, "/slow", "ext4", 0, options) &&
				mount(disk, "/slow", "ext4", 0, known)))
		report_and_stop("mounting %s again: %s", disk, strerror(errno));
	changed_fd = open_file("/slow/data");
	cut_fd = open_file("/slow/mapped");
	commit_change();
}

static void commit_or_change(const char *how)
{
	if (!strcmp(how, "commit")) {
		in_task("slow_commit", commit_change);
		return;
	}
	in_task("slow_cut", free_blocks);
	sleep(1);
	in_task("slow_sync", sync_all);
	sleep(1);
	in_task("slow_change", change_file);
}

void disk_way(const char *how)
{
	bool is_journal = !strcmp(how, "commit") || !strcmp(how, "change");
	bool is_mapped = !strcmp(how, "stack") || !strcmp(how, "suspend");
	const char *disk = DISK;
	uint32_t no_flush = 2;
	int fd;

	for (int i = 0; i < 100 && access(DISK, F_OK); i++)
		usleep(100000);
	if (is_mapped) {
		map_disk(DISK, "vg-root");
		disk = "/dev/dm-0";
	}
	mkdir("/slow", 0755);
	if (mount(disk, "/slow", "ext4", 0, strcmp(how, "error") ? "" : "errors=panic"))
		report_and_stop("mounting %s: %s", disk, strerror(errno));
	make_file("/slow/data");
	make_file("/slow/mapped");
	if (is_journal)
		mount_again(disk);
	fd = open("/slow", O_RDONLY | O_CLOEXEC);
	if (!strcmp(how, "freeze")) {
		if (ioctl(fd, FIFREEZE, 0))
			report_and_stop("freezing: %s", strerror(errno));
		in_task("slow_write", write_file);
		return;
	}
	if (!strcmp(how, "shut")) {
		if (ioctl(fd, SHUTDOWN, &no_flush))
			report_and_stop("shutting down: %s", strerror(errno));
		return;
	}
	if (!strcmp(how, "error")) {
		write_text("/sys/fs/ext4/sda/trigger_fs_error", "1");
		return;
	}
	if (!strcmp(how, "suspend")) {
		suspend_mapped("vg-root");
	} else {
		ask_host("hang slow");
		/* QEMU lets the next one through, and then none. */
		in_task("slow_first", read_end);
		usleep(500000);
	}
	if (is_journal) {
		commit_or_change(how);
		return;
	}
	in_task("slow_read", read_file);
	in_task("slow_map", map_file);
	in_task("slow_write", write_file);
	if (!strcmp(how, "hold")) {
		sleep(1);
		in_task("slow_hold", cut_file);
		sleep(1);
		in_task("slow_behind", write_file);
	}
}
