/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host/mounts: lines of mountinfo, good and odd ones. */
#include "base/err.h"
#include "host/mounts.h"
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

	T_CHECK("a folder of /proc", mounts_holding("/proc/sys/kernel", &m, on_fs, &e));
	T_TEXT("a folder of /proc", "proc", m.type);
	T_TEXT("its way there", "/sys/kernel", on_fs);
	T_CHECK("the root of a file system", mounts_holding("/proc", &m, on_fs, &e));
	T_TEXT("the root of a file system", "/", on_fs);
	T_CHECK("nothing", !mounts_holding("/nowhere-at-all", &m, on_fs, &e));
	return t_done();
}
