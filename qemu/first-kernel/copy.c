/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What leaves the guest: the files of the target file system as a ustar archive on
 * the disk "out", or /proc/vmcore byte for byte on the disk "raw". Both disks are raw,
 * so that the host needs no root and no mount to read them. Knows nothing of what the
 * files mean; modes and owners go along, because tests ask for them.
 */
#define _GNU_SOURCE
#include "fk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER (1 << 20)
#define PIECE 32768

static unsigned long n_files;

struct ustar {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type;
	char link[100], magic[6], version[2], uname[32], gname[32], major[8], minor[8];
	char prefix[155], pad[12];
};

static void put_header(int out, const char *name, const struct stat *st)
{
	struct ustar h = { .magic = "ustar", .version = { '0', '0' } };
	unsigned sum = 0;

	if (strlen(name) >= sizeof(h.name))
		report_and_stop("name too long for the archive: %s", name);
	strcpy(h.name, name);
	snprintf(h.mode, 8, "%07o", st->st_mode & 07777);
	snprintf(h.uid, 8, "%07o", st->st_uid & 07777777);
	snprintf(h.gid, 8, "%07o", st->st_gid & 07777777);
	snprintf(h.size, 12, "%011llo",
		 S_ISREG(st->st_mode) ? (unsigned long long)st->st_size : 0ULL);
	snprintf(h.mtime, 12, "%011llo", (unsigned long long)st->st_mtime);
	h.type = S_ISDIR(st->st_mode) ? '5' : '0';
	memset(h.sum, ' ', 8);
	for (size_t i = 0; i < sizeof(h); i++)
		sum += ((unsigned char *)&h)[i];
	snprintf(h.sum, 8, "%06o", sum);
	write_all(out, &h, sizeof(h));
}

static void put_data(int out, const char *path, off_t size)
{
	static char buf[BUFFER];
	int in = open(path, O_RDONLY | O_CLOEXEC);
	off_t left = size;

	if (in < 0)
		report_and_stop("%s: %s", path, strerror(errno));
	while (left > 0) {
		ssize_t n = read(in, buf, left < BUFFER ? (size_t)left : BUFFER);

		if (n <= 0)
			report_and_stop("%s: cannot be read: %s", path, strerror(errno));
		write_all(out, buf, n);
		left -= n;
	}
	close(in);
	memset(buf, 0, 512);
	write_all(out, buf, (512 - size % 512) % 512);
}

/* Names in the archive are relative to the root of the target. */
static void put_tree(int out, const char *folder, const char *name)
{
	struct dirent **list;
	int n = scandir(folder, &list, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		const char *entry = list[i]->d_name;
		char path[512], inside[512];
		struct stat st;

		snprintf(path, sizeof(path), "%s/%s", folder, entry);
		snprintf(inside, sizeof(inside), "%s%s%s", name, *name ? "/" : "", entry);
		if (!strcmp(entry, ".") || !strcmp(entry, "..") || lstat(path, &st))
			continue;
		if (S_ISDIR(st.st_mode)) {
			put_header(out, inside, &st);
			put_tree(out, path, inside);
		} else if (S_ISREG(st.st_mode)) {
			put_header(out, inside, &st);
			put_data(out, path, st.st_size);
			n_files++;
		}
	}
}

static int open_disk(const char *serial)
{
	char path[64];
	int fd;

	if (!find_disk(serial, path))
		report_and_stop("no disk with the serial number '%s'", serial);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		report_and_stop("%s: %s", path, strerror(errno));
	return fd;
}

void copy_target(void)
{
	static const char end[1024];
	const char *type = setting("fs");
	char path[64];
	int out = open_disk("out");

	if (!find_disk("target", path))
		report_and_stop("no disk with the serial number 'target'");
	if (mount(path, "/mnt", type ? type : "ext4", MS_RDONLY, ""))
		report_and_stop("mounting %s: %s", path, strerror(errno));
	put_tree(out, "/mnt", "");
	write_all(out, end, sizeof(end));
	if (fsync(out))
		report_and_stop("disk 'out': %s", strerror(errno));
	umount("/mnt");
	tell("collected files=%lu", n_files);
}

/* The disk is all zeroes yet, and much of the memory too: that is not sent. */
static void write_sparse(int out, const char *buf, size_t len)
{
	static const char zeros[PIECE];

	for (size_t at = 0; at < len; at += PIECE) {
		size_t n = len - at < PIECE ? len - at : PIECE;

		if (memcmp(buf + at, zeros, n))
			write_all(out, buf + at, n);
		else if (lseek(out, n, SEEK_CUR) < 0)
			report_and_stop("disk 'raw': %s", strerror(errno));
	}
}

void copy_vmcore(void)
{
	static char buf[BUFFER];
	unsigned long long size = 0;
	ssize_t n;
	int out = open_disk("raw");
	int in = open("/proc/vmcore", O_RDONLY | O_CLOEXEC);

	if (in < 0)
		report_and_stop("/proc/vmcore: %s", strerror(errno));
	while ((n = read(in, buf, BUFFER)) > 0) {
		write_sparse(out, buf, n);
		size += n;
	}
	if (n < 0)
		report_and_stop("/proc/vmcore at %llu: %s", size, strerror(errno));
	memset(buf, 0, 4096);
	write_all(out, buf, (4096 - size % 4096) % 4096);
	if (fsync(out))
		report_and_stop("disk 'raw': %s", strerror(errno));
	tell("rawcopy size=%llu uptime=%.1f", size, uptime());
}
