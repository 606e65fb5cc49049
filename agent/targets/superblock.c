/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Superblocks: ext2-4 at 1024 (Linux fs/ext4/ext4.h), XFS at 0, big-endian
 * (fs/xfs/libxfs/xfs_format.h), btrfs at 65536 (include/uapi/linux/btrfs_tree.h).
 */
#include "superblock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "free_space.h"

#define MD_MAGIC 0xa92b4efc	/* Linux include/uapi/linux/raid/md_p.h */
#define EXT4(off) (1024 + (off))
#define EXT4_ERROR_FS 2		/* of s_state */
#define BTRFS_AT 65536

static void format_uuid(const uint8_t *raw, char *to)
{
	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*to++ = '-';
		to += sprintf(to, "%02x", raw[i]);
	}
}

static void copy_label(char *to, size_t size, const uint8_t *from, size_t len)
{
	size_t n = 0;

	while (n < len && n < size - 1 && from[n] >= ' ' && from[n] != 127) {
		to[n] = from[n];
		n++;
	}
	to[n] = '\0';
}

static void parse_btrfs(const uint8_t *sb, struct disk_fs *fs)
{
	snprintf(fs->type, sizeof(fs->type), "btrfs");
	format_uuid(sb + 0x20, fs->uuid);
	copy_label(fs->label, sizeof(fs->label), sb + 0x12b, 256);
	fs->n_devices = get_u64(sb + 0x88);
}

static bool is_btrfs(const uint8_t *sb)
{
	return !memcmp(sb + 0x40, "_BHRfS_M", 8) && get_u64(sb + 0x30) == BTRFS_AT;
}

static void parse_superblock(const uint8_t *sb, struct disk_fs *fs)
{
	if (get_u16(sb + 1024 + 56) == 0xef53) {
		snprintf(fs->type, sizeof(fs->type), "ext4");
		format_uuid(sb + 1024 + 104, fs->uuid);
		copy_label(fs->label, sizeof(fs->label), sb + 1024 + 120, 16);
	} else if (!memcmp(sb, "XFSB", 4)) {
		snprintf(fs->type, sizeof(fs->type), "xfs");
		format_uuid(sb + 32, fs->uuid);
		copy_label(fs->label, sizeof(fs->label), sb + 108, 12);
	}
}

/*
 * A leg of a mirror whose md superblock is at the end (0.90, 1.0) shows the file system
 * at the same place as the mirror does; written to alone, it would split the mirror.
 */
static bool is_raid_member(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	const off_t places[] = { (size & ~65535LL) - 65536, (size & ~4095LL) - 8192 };
	uint8_t magic[4];
	struct err ignored;

	for (int i = 0; i < 2; i++)
		if (places[i] > 0 && pread_all(fd, magic, 4, places[i], "", &ignored) &&
		    get_u32(magic) == MD_MAGIC)
			return true;
	return false;
}

bool disk_probe(const char *device, struct disk_fs *fs, struct err *e)
{
	cleanup_fd int fd = open(device, O_RDONLY | O_CLOEXEC);
	uint8_t sb[SUPERBLOCK_LEN];
	struct err ignored;

	memset(fs, 0, sizeof(*fs));
	fs->n_devices = 1;
	if (fd < 0)
		return fail(e, errno, "%s: cannot be opened: %s", device, strerror(errno));
	if (!pread_all(fd, sb, sizeof(sb), 0, device, e))
		return false;
	if (is_raid_member(fd))
		return true;
	parse_superblock(sb, fs);
	if (!fs->type[0] && lseek(fd, 0, SEEK_END) >= BTRFS_AT + SUPERBLOCK_LEN &&
	    pread_all(fd, sb, sizeof(sb), BTRFS_AT, device, &ignored) && is_btrfs(sb))
		parse_btrfs(sb, fs);
	return true;
}

bool disk_superblock(const char *device, const char *type, uint8_t sb[SUPERBLOCK_LEN],
		     struct err *e)
{
	cleanup_fd int fd = open(device, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fail(e, errno, "%s: %s", device, strerror(errno));
	return pread_all(fd, sb, SUPERBLOCK_LEN, strcmp(type, "btrfs") ? 0 : BTRFS_AT, device,
			 e);
}

/* Of btrfs only what is used of all devices is known, and copies are counted as often. */
uint64_t superblock_free(const char *type, const uint8_t sb[SUPERBLOCK_LEN])
{
	uint64_t n;

	if (!strcmp(type, "xfs"))
		return __builtin_bswap64(get_u64(sb + 144)) *
		       __builtin_bswap32(get_u32(sb + 4));
	if (!strcmp(type, "btrfs"))
		return get_u64(sb + 0x70) - min_u64(get_u64(sb + 0x70), get_u64(sb + 0x78));
	n = get_u32(sb + EXT4(0x0c));
	if (get_u32(sb + EXT4(0x60)) & 0x80)	/* INCOMPAT_64BIT */
		n |= (uint64_t)get_u32(sb + EXT4(0x158)) << 32;
	return n << (10 + (get_u32(sb + EXT4(0x18)) & 31));
}

/* XFS makes inodes of what is free, and btrfs has none. */
uint64_t superblock_free_files(const char *type, const uint8_t sb[SUPERBLOCK_LEN])
{
	return strcmp(type, "ext4") ? FILES_UNKNOWN : get_u32(sb + EXT4(0x10));
}

/* ext4's: the flag, which fsck takes away, or how many there were. */
uint32_t superblock_errors(const char *type, const uint8_t sb[SUPERBLOCK_LEN])
{
	uint32_t n = get_u32(sb + EXT4(0x194));

	if (strcmp(type, "ext4"))
		return 0;
	return n ? n : !!(get_u16(sb + EXT4(0x3a)) & EXT4_ERROR_FS);
}
