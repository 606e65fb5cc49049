/* SPDX-License-Identifier: GPL-2.0-or-later */
/* statfs(2), and which of its numbers counts. */
#include "free_space.h"

#include <errno.h>
#include <string.h>
#include <sys/vfs.h>

#include "base/bytes.h"
#include "base/err.h"

#define BTRFS_MAGIC 0x9123683e
#define RESERVE_MAX (16u << 20)

/*
 * Root may use what is reserved for root, but ext4 keeps 2 % or 16 MiB of clusters back from
 * everybody (fs/ext4/super.c, ext4_calculate_resv_clusters). On btrfs the free blocks are
 * those of all devices, whatever copies its profile makes, and what metadata has for itself;
 * the available ones are what data can get (fs/btrfs/super.c, btrfs_statfs).
 */
bool free_space(int fd, bool as_root, uint64_t *len, struct err *e)
{
	struct statfs fs;
	uint64_t held_back;

	if (fstatfs(fd, &fs))
		return fail(e, errno, "free space is unknown: %s", strerror(errno));
	held_back = min_u64((uint64_t)fs.f_blocks * fs.f_frsize / 50, RESERVE_MAX);
	as_root &= (uint32_t)fs.f_type != BTRFS_MAGIC;
	*len = (uint64_t)(as_root ? fs.f_bfree : fs.f_bavail) * fs.f_frsize;
	*len -= min_u64(*len, held_back);
	return true;
}

/* Who has no table of inodes (btrfs) says that there are none at all. */
uint64_t free_files(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) || !fs.f_files ? FILES_UNKNOWN : fs.f_ffree;
}
