/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the operator's machine has before our tool comes: the modules of /modules-net, and
 * fk.net=ADDRESS for its one network interface, of a /24; an NFS mount of its own.
 */
#define _GNU_SOURCE
#include "fk.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAPPED_LEN (1 << 20)

static void set_up(const char *name, const char *address, const char *mask)
{
	struct ifreq r = { .ifr_flags = 0 };
	struct sockaddr_in *in = (struct sockaddr_in *)&r.ifr_addr;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok;

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", name);
	in->sin_family = AF_INET;
	ok = inet_pton(AF_INET, address, &in->sin_addr) == 1 && !ioctl(fd, SIOCSIFADDR, &r);
	ok = ok && inet_pton(AF_INET, mask, &in->sin_addr) == 1 &&
	     !ioctl(fd, SIOCSIFNETMASK, &r) && !ioctl(fd, SIOCGIFFLAGS, &r);
	r.ifr_flags |= IFF_UP;
	if (!ok || ioctl(fd, SIOCSIFFLAGS, &r))
		report_and_stop("%s: no address %s: %s", name, address, strerror(errno));
	close(fd);
}

void network_up(void)
{
	const char *address = setting("net");

	/* The capture kernel has the same words. */
	if (access("/modules-net", F_OK))
		return;
	load_modules("/modules-net");
	if (!address)
		return;
	set_up("lo", "127.0.0.1", "255.0.0.0");
	set_up("eth0", address, "255.255.255.0");
}

/* Without "soft": who touches it while the server is away waits until it comes back. */
void mount_nfs(const char *source)
{
	char options[160];

	mkdir("/srv", 0755);
	snprintf(options, sizeof(options), "addr=%.*s,vers=4.2,proto=tcp,hard,timeo=50",
		 (int)strcspn(source, ":"), source);
	if (mount(source, "/srv", "nfs4", 0, options))
		report_and_stop("NFS mount of %s: %s", source, strerror(errno));
}

static void look_at_file(void)
{
	struct stat st;

	stat("/srv/not-seen-yet", &st);
}

static void write_file(void)
{
	int fd = open("/srv/file", O_WRONLY | O_CLOEXEC);

	write_all(fd, "news\n", 5);
	fsync(fd);
}

static int mapped;

/* Which the server has and this machine's memory has not. */
static void map_file(void)
{
	volatile char *at = mmap(NULL, MAPPED_LEN, PROT_READ, MAP_SHARED, mapped, 0);

	if (at != MAP_FAILED)
		(void)at[MAPPED_LEN / 2];
}

static void make_file(const char *path, size_t len)
{
	static char data[MAPPED_LEN];
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0)
		report_and_stop("%s: %s", path, strerror(errno));
	write_all(fd, data, len);
	fsync(fd);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	close(fd);
}

void nfs_way(const char *source)
{
	mount_nfs(source);
	make_file("/srv/file", 0);
	make_file("/srv/mapped", MAPPED_LEN);
	mapped = open("/srv/mapped", O_RDONLY | O_CLOEXEC);
	ask_host("cut");
	in_task("far_stat", look_at_file);
	in_task("far_write", write_file);
	in_task("far_map", map_file);
}
