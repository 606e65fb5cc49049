/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * By efivarfs: a file is a variable, four bytes of attributes and what is in it, all of it
 * in one write(2).
 */
#include "efi_log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "log_end.h"

#define EFIVARFS_MAGIC 0xde5e81e4	/* Linux include/uapi/linux/magic.h */
/* NON_VOLATILE, BOOTSERVICE_ACCESS, RUNTIME_ACCESS */
#define ATTRIBUTES 0x7
/* Of a variable beside its own bytes: a header (EDK II: 60), and the name in 16 bits. */
#define OVERHEAD 160
#define PIECES_MAX (LOG_END_MAX / (EFI_LOG_PIECE - LOG_END_HEAD_MAX))
#define DIGITS 15
#define ENTRIES_MAX 4096	/* of the folder, which is firmware's */

bool efi_log_is_ours(const char *file, char name[64])
{
	size_t len = strlen(file), guid = strlen("-" EFI_LOG_GUID);

	if (strncmp(file, EFI_LOG_PREFIX, strlen(EFI_LOG_PREFIX)) || len <= guid ||
	    strcmp(file + len - guid, "-" EFI_LOG_GUID) || len - guid >= 64)
		return false;
	memcpy(name, file, len - guid);
	name[len - guid] = '\0';
	len = strlen(EFI_LOG_PREFIX);
	return strspn(name + len, "0123456789") == DIGITS && !name[len + DIGITS];
}

bool efi_log_mount(const char *folder, struct err *e)
{
	struct statfs st;

	if (statfs(folder, &st))
		return fail(e, errno, errno == ENOENT ? "this machine has no EFI variables"
						      : "%s: %s", folder, strerror(errno));
	/* In a test the folder is another, which stands for it. */
	if (strcmp(folder, EFI_VARIABLES) || (uint32_t)st.f_type == EFIVARFS_MAGIC)
		return true;
	if (mount("efivarfs", folder, "efivarfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
		return fail(e, errno, errno == ENODEV
			    ? "the capture kernel has no efivarfs"
			    : "%s: cannot mount: %s", folder, strerror(errno));
	return true;
}

/* EEXIST: some are there. */
static bool none_is_there(const char *folder, struct err *e)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	bool any = false;
	char name[64];

	if (!dir)
		return fail(e, errno, "%s: %s", folder, strerror(errno));
	for (unsigned i = 0; i < ENTRIES_MAX && !any && (entry = readdir(dir)); i++)
		any = efi_log_is_ours(entry->d_name, name);
	closedir(dir);
	return !any || fail(e, EEXIST, "EFI variables have the log of an earlier crash, which "
			    "nobody has fetched (crashbox pstore)");
}

unsigned efi_log_pieces(uint64_t all, uint64_t free_len)
{
	if (!all)
		return PIECES_MAX / 2;
	if (free_len > all || free_len <= all / 2)
		return 0;
	return min_u64((free_len - all / 2) / (EFI_LOG_PIECE + OVERHEAD), PIECES_MAX);
}

static unsigned pieces_allowed(const char *folder)
{
	struct statfs st;

	/* Before 6.6 efivarfs says 0; a folder of a test knows nothing of firmware. */
	if (statfs(folder, &st) || (uint32_t)st.f_type != EFIVARFS_MAGIC)
		return efi_log_pieces(0, 0);
	return efi_log_pieces(st.f_blocks * (uint64_t)st.f_bsize,
			      st.f_bavail * (uint64_t)st.f_bsize);
}

/* Whole, and read back. */
static bool put(const char *path, const char *data, size_t len, struct err *e)
{
	cleanup_fd int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	char back[EFI_LOG_ATTRIBUTES + EFI_LOG_PIECE];
	cleanup_fd int seen = -1;
	struct err ignored;
	ssize_t n;

	if (fd < 0)
		return fail(e, errno, "%s: %s", path, strerror(errno));
	n = write(fd, data, len);
	if (n != (ssize_t)len) {
		fail(e, n < 0 ? errno : EIO, "%s: %s", path,
		     strerror(n < 0 ? errno : EIO));
		efi_log_remove(path, &ignored);
		return false;
	}
	seen = open(path, O_RDONLY | O_CLOEXEC);
	if (seen >= 0 && read(seen, back, len) == (ssize_t)len && !memcmp(back, data, len))
		return true;
	/* It would be taken for a log, and keep that of the next crash away. */
	efi_log_remove(path, &ignored);
	return fail(e, EIO, "%s: is not what was written", path);
}

bool efi_log_write(const char *folder, const struct log_end *log,
		   struct log_end_kept *kept, struct err *e)
{
	unsigned most;

	*kept = (struct log_end_kept){ 0 };
	if (!none_is_there(folder, e))
		return false;
	most = pieces_allowed(folder);
	if (!most)
		return fail(e, ENOSPC, "half of the room for EFI variables is in use, and the "
			    "other half is the firmware's");
	while (kept->n < most && kept->len < log->len && monotonic_seconds() < log->until) {
		char data[EFI_LOG_ATTRIBUTES + EFI_LOG_PIECE] = { ATTRIBUTES }, path[256];
		struct log_end_piece piece = log_end_next(log, kept, data + EFI_LOG_ATTRIBUTES,
							  EFI_LOG_PIECE);

		snprintf(path, sizeof(path), "%s/" EFI_LOG_PREFIX "%010lld%02u%03u-"
			 EFI_LOG_GUID, folder, (long long)(log->when % 10000000000ll),
			 kept->n + 1, 1u);
		if (!put(path, data, EFI_LOG_ATTRIBUTES + piece.len, e)) {
			kept->refused = true;
			return kept->n;
		}
		log_end_took(log, kept, piece.log_len);
	}
	return kept->n || fail(e, ETIMEDOUT, "no time is left for EFI variables");
}

bool efi_log_remove(const char *path, struct err *e)
{
	int flags = 0, fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	/* Linux fs/efivarfs: what it does not know to be harmless is immutable. */
	if (fd >= 0) {
		if (!ioctl(fd, FS_IOC_GETFLAGS, &flags) && (flags & FS_IMMUTABLE_FL)) {
			flags &= ~FS_IMMUTABLE_FL;
			ioctl(fd, FS_IOC_SETFLAGS, &flags);
		}
		close(fd);
	}
	return !unlink(path) || errno == ENOENT ||
	       fail(e, errno, "%s: cannot be removed: %s", path, strerror(errno));
}
