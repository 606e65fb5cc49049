/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Partition tables: one entry is looked up by the number that sysfs gives the partition. */
#include "partition.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"

#define GPT_HEADER_LEN 92
#define GPT_ENTRY_LEN 128
#define GPT_MAX_ENTRIES 4096
#define GPT_NAME 56		/* in an entry, 36 characters of UTF-16 */
#define MBR_PROTECTIVE 0xee

static bool sys_number(const char *root, const char *name, const char *file, uint64_t *n)
{
	char path[PATH_MAX], text[32];
	struct err ignored;

	snprintf(path, sizeof(path), "%s/sys/class/block/%s/%s", root, name, file);
	return read_text(path, text, sizeof(text), &ignored) &&
	       sscanf(text, "%" SCNu64, n) == 1;
}

bool partition_disk(const char *root, const char *name, char disk[PARTITION_NAME_MAX])
{
	char path[PATH_MAX], real[PATH_MAX], *slash;
	uint64_t nr;

	snprintf(path, sizeof(path), "%s/sys/class/block/%s", root, name);
	if (!sys_number(root, name, "partition", &nr) || !realpath(path, real))
		return false;
	slash = strrchr(real, '/');
	*slash = '\0';
	slash = strrchr(real, '/');
	return slash && snprintf(disk, PARTITION_NAME_MAX, "%s", slash + 1) <
			PARTITION_NAME_MAX;
}

/* ---- the tables ------------------------------------------------------------- */

struct table {
	int fd;
	const char *disk;
	uint64_t sector;	/* bytes of a logical block */
	uint64_t nr, start;	/* of the partition: from 1, and bytes; start 0: not known */
};

/* The first three fields are little-endian numbers, so their bytes are turned round. */
static void format_guid(const uint8_t *g, char uuid[37])
{
	snprintf(uuid, 37, "%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", get_u32(g),
		 get_u16(g + 4), get_u16(g + 6), g[8], g[9], g[10], g[11], g[12], g[13], g[14],
		 g[15]);
}

static void take_entry(const uint8_t *entry, struct partition *p)
{
	size_t n;

	format_guid(entry + 16, p->uuid);
	for (n = 0; n < 36 && get_u16(entry + GPT_NAME + 2 * n); n++) {
		uint16_t c = get_u16(entry + GPT_NAME + 2 * n);

		p->label[n] = c < 127 ? printable(c) : '?';
	}
	p->label[n] = '\0';
}

/* False: no table is there, or what it says is not what the kernel has seen. */
static bool read_gpt(const struct table *t, uint64_t lba, struct partition *p)
{
	uint8_t h[GPT_HEADER_LEN], crc[4], entry[GPT_ENTRY_LEN];
	uint64_t entries, n, size;
	struct err ignored;

	if (lba > INT64_MAX / t->sector ||
	    !pread_all(t->fd, h, sizeof(h), lba * t->sector, t->disk, &ignored) ||
	    memcmp(h, "EFI PART", 8) || get_u64(h + 24) != lba ||
	    get_u32(h + 12) != GPT_HEADER_LEN)
		return false;
	memcpy(crc, h + 16, 4);
	memset(h + 16, 0, 4);
	entries = get_u64(h + 72);
	n = get_u32(h + 80);
	size = get_u32(h + 84);
	if (get_u32(crc) != crc32(0, h, sizeof(h)) || n > GPT_MAX_ENTRIES || t->nr > n ||
	    size < sizeof(entry) || size > 4096 ||
	    entries > (INT64_MAX - GPT_MAX_ENTRIES * 4096) / t->sector ||
	    !pread_all(t->fd, entry, sizeof(entry), entries * t->sector + (t->nr - 1) * size,
		       t->disk, &ignored))
		return false;
	if (t->start && get_u64(entry + 32) != t->start / t->sector)
		return false;
	take_entry(entry, p);
	return true;
}

/* The copy at the end is for a first one that is damaged. */
static bool read_table(const struct table *t, struct partition *p)
{
	off_t len = lseek(t->fd, 0, SEEK_END);
	uint8_t mbr[512];
	struct err ignored;

	if (!pread_all(t->fd, mbr, sizeof(mbr), 0, t->disk, &ignored) ||
	    get_u16(mbr + 510) != 0xaa55)
		return false;
	for (int i = 0; i < 4; i++)
		if (mbr[446 + 16 * i + 4] == MBR_PROTECTIVE)
			return read_gpt(t, 1, p) ||
			       (len > 0 && read_gpt(t, len / t->sector - 1, p));
	if (get_u32(mbr + 440))
		snprintf(p->uuid, sizeof(p->uuid), "%08x-%02x", get_u32(mbr + 440),
			 (unsigned)(t->nr & 0xff));
	return p->uuid[0];
}

bool partition_read(const char *root, const char *name, const char *disk,
		    struct partition *p, struct err *e)
{
	struct table t = { .disk = disk, .sector = 512 };
	char path[PATH_MAX], *c;
	cleanup_fd int fd = -1;

	memset(p, 0, sizeof(*p));
	if (!sys_number(root, name, "partition", &t.nr) || !t.nr)
		return fail(e, ENOENT, "%s: no partition", name);
	if (sys_number(root, name, "start", &t.start))
		t.start = t.start > INT64_MAX / 512 ? 0 : t.start * 512;
	if (sys_number(root, disk, "queue/logical_block_size", &t.sector) &&
	    (!is_power_of_two(t.sector) || t.sector < 512 || t.sector > 65536))
		t.sector = 512;
	snprintf(path, sizeof(path), "%s/dev/%s", root, disk);
	for (c = path + strlen(root); (c = strchr(c, '!')); )
		*c = '/';
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(e, errno, "%s: cannot be opened: %s", disk, strerror(errno));
	t.fd = fd;
	return read_table(&t, p) ||
	       fail(e, ENOENT, "%s: no partition table that names %s", disk, name);
}
