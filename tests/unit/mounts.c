/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine/mounts: lines of mountinfo, good and odd ones. */
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "machine/mounts.h"
#include "t.h"

static const char text[] =
	"22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,errors=remount-ro\n"
	"not a line\n"
	"30 22 0:26 / /proc rw - proc\n"
	"31 22 259:3 /sub /mnt/with\\040blank ro,noatime shared:2 master:1 - xfs "
	"/dev/nvme0n1p3 rw\n"
	"32 22 0:50 / /net rw - nfs4 [2001:db8::1]:/exp\\134ort rw,vers=4.2\n"
	"33 22 254:2 / /srv rw - ext4 /dev/vdb rw,emergency_ro,errors=remount-ro\n"
	"34 22 254:3 / /opt rw - ext4 /dev/vdc ro,errors=remount-ro\n";

/* Over a mount lies what was mounted later on its place, or on one above. */
static void test_hidden(void)
{
	static const char later[] = "40 22 0:30 / /var rw - ext4 /dev/vdc rw\n"
				    "41 22 0:31 / /srv/x rw - ext4 /dev/vdd rw\n";
	static const struct { const char *at; bool is_hidden; } rows[] = {
		{ "/var", true }, { "/var/crash", true }, { "/variety", false },
		{ "/srv", false }, { "/srv/x/y", true }, { "/", false },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct mount_entry m = { .id = 1 };

		snprintf(m.at, sizeof(m.at), "%s", rows[i].at);
		T_EQUAL(rows[i].at, rows[i].is_hidden, mounts_is_hidden(later, &m));
	}
}

/*
 * The path lies on the mount on top, also where the other one has the longer place; only
 * root can make such a machine.
 */
static void test_over_mounted(void)
{
	struct mount_entry m;
	char on_fs[256], path[64], top[] = "/tmp/unit-mounts-XXXXXX";
	struct err e;

	if (!mkdtemp(top) || unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)) {
		printf("not root: no mounts of our own\n");
		rmdir(top);
		return;
	}
	snprintf(path, sizeof(path), "%s/crash", top);
	mkdir(path, 0755);
	T_CHECK("mounts", !mount("lower", path, "tmpfs", 0, NULL) &&
		!mount("upper", top, "tmpfs", 0, NULL) && !mkdir(path, 0755));
	T_CHECK("a folder of the upper one", mounts_holding(path, &m, on_fs, &e));
	T_TEXT("the upper one", "upper", m.source);
	T_TEXT("its way", "/crash", on_fs);
	umount2(top, MNT_DETACH);
	umount2(path, MNT_DETACH);
	rmdir(path);
	rmdir(top);
}

int main(void)
{
	const char *at = text;
	struct mount_entry m;
	char on_fs[256];
	struct err e;

	T_CHECK("the first", mounts_next(&at, &m));
	T_EQUAL("major", 254, m.major);
	T_EQUAL("minor", 1, m.minor);
	T_TEXT("root", "/", m.root);
	T_TEXT("type", "ext4", m.type);
	T_TEXT("source", "/dev/vda1", m.source);
	T_CHECK("read-write", !m.is_read_only);
	T_CHECK("odd lines are passed over", mounts_next(&at, &m));
	T_TEXT("a blank", "/mnt/with blank", m.at);
	T_TEXT("a folder of it", "/sub", m.root);
	T_CHECK("read-only", m.is_read_only);
	T_CHECK("the last", mounts_next(&at, &m));
	T_TEXT("a backslash", "[2001:db8::1]:/exp\\ort", m.source);
	T_CHECK("not stopped", !m.is_stopped);
	T_CHECK("stopped", mounts_next(&at, &m) && m.is_stopped && !m.is_read_only);
	T_CHECK("as older kernels say it", mounts_next(&at, &m) && m.is_stopped);
	T_CHECK("no more", !mounts_next(&at, &m));

	test_hidden();
	T_CHECK("a folder of /proc", mounts_holding("/proc/sys/kernel", &m, on_fs, &e));
	T_TEXT("a folder of /proc", "proc", m.type);
	T_TEXT("its way there", "/sys/kernel", on_fs);
	T_CHECK("the root of a file system", mounts_holding("/proc", &m, on_fs, &e));
	T_TEXT("the root of a file system", "/", on_fs);
	test_over_mounted();
	T_CHECK("nothing", !mounts_holding("/nowhere-at-all", &m, on_fs, &e));
	return t_done();
}
