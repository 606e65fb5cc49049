/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What file systems ask of a kernel, of those that mkfs makes, and which kernels have it, by
 * their configuration and by the list of what is built in.
 */
#include "image/fsneeds.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "image/builtin.h"
#include "t.h"

static char image[] = "/tmp/unit-fsneeds-XXXXXX", other[] = "/tmp/unit-fsneeds-XXXXXX";

static const struct {
	const char *fs, *command, *wanted;
	int off, byte;		/* of the superblock, changed afterwards, if off is not 0 */
} rows[] = {
	{ "ext4", "mkfs.ext4 -q -F %s 64M", .wanted = "" },
	{ "ext4", "mkfs.ext2 -q -F %s 64M", .wanted = "" },
	{ "ext4", "mkfs.ext4 -q -F -O encrypt,verity,metadata_csum %s 64M", .wanted = "" },
	{ "ext4", "mkfs.ext4 -q -F -O quota %s 64M", .wanted = "quota " },
	{ "ext4", "mkfs.ext4 -q -F -O quota,project %s 64M", .wanted = "quota project " },
	{ "ext4", "mkfs.ext4 -q -F -O casefold %s 64M", .wanted = "casefold " },
	{ "ext4", "mkfs.ext4 -q -F %s 64M", "read-only! ", 1024 + 0x65, 0x10 },
	{ "ext4", "mkfs.ext4 -q -F -O journal_dev -b 4096 %s 64M", .wanted = "journal_dev! " },
	{ "ext4", "mkfs.ext4 -q -F %s 64M", "has_journal! ", 1024 + 0xe0, 0 },
	{ "xfs", "mkfs.xfs -q -f %s", .wanted = "" },
	{ "xfs", "mkfs.xfs -q -f -m crc=0 %s", .wanted = "the old format (V4) " },
	{ "xfs", "mkfs.xfs -q -f -n version=ci %s",
	  .wanted = "names without case (ascii-ci) " },
	{ "xfs", "mkfs.xfs -q -f %s", "needsrepair! ", 219, 0x1b },
	{ "xfs", "mkfs.xfs -q -f -l logdev=%2$s,size=64m %1$s", .wanted = "external log! " },
	{ "xfs", "mkfs.xfs -q -f -r rtdev=%2$s %1$s", .wanted = "realtime! " },
};

static void made(const char *command)
{
	char line[400];

	if (truncate(image, 0) || truncate(image, 320 << 20) || truncate(other, 0) ||
	    truncate(other, 128 << 20))
		abort();
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(line, sizeof(line), command, image, other);
#pragma GCC diagnostic pop
	strcat(line, " > /dev/null 2>&1");
	T_EQUAL(command, 0, system(line));
}

static void test_superblocks(void)
{
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		const struct fs_need *needs[MAX_FS_NEEDS];
		uint8_t sb[SUPERBLOCK_LEN];
		char got[200] = "";
		unsigned n;
		int fd;

		made(rows[i].command);
		fd = open(image, O_RDONLY);
		if (fd < 0 || pread(fd, sb, sizeof(sb), 0) != sizeof(sb))
			abort();
		close(fd);
		if (rows[i].off)
			sb[rows[i].off] = rows[i].byte;
		n = fsneeds_look(sb, rows[i].fs, needs);
		for (unsigned j = 0; j < n; j++)
			sprintf(got + strlen(got), "%s%s ", needs[j]->name,
				needs[j]->never ? "!" : "");
		T_TEXT(rows[i].command, rows[i].wanted, got);
	}
}

static const struct fs_need *named(const char *fs, const char *name)
{
	const struct fs_need *need;

	for (unsigned i = 0; (need = fsneeds_of(fs, i)); i++)
		if (!strcmp(need->name, name))
			return need;
	abort();
}

static void test_kernels(void)
{
	static const struct {
		const char *row, *fs, *name;
		struct builtin b;
		enum need_answer wanted;
	} kernels[] = {
		{ "built in", "ext4", "quota", { .kconfig = "\nCONFIG_QFMT_V2=y\n" },
		  NEED_MET },
		{ "a module", "ext4", "quota", { .kconfig = "\nCONFIG_QFMT_V2=m\n" },
		  NEED_NOT_MET },
		{ "off", "ext4", "project", { .kconfig = "\n# CONFIG_QFMT_V2 is not set\n" },
		  NEED_NOT_MET },
		{ "without quotas at all", "ext4", "quota",
		  { .kconfig = "\n# CONFIG_QUOTA is not set\n" }, NEED_NOT_MET },
		{ "by the list", "ext4", "casefold",
		  { .modules = "kernel/fs/unicode/utf8data.ko\n" }, NEED_MET },
		{ "a list alone", "ext4", "casefold", { .modules = "kernel/fs/ext4/ext4.ko\n" },
		  NEED_UNKNOWN },
		{ "nothing is told", "xfs", "the old format (V4)", { .kconfig = NULL },
		  NEED_UNKNOWN },
		{ "before there was an option", "xfs", "names without case (ascii-ci)",
		  { .kconfig = "\nCONFIG_XFS_FS=y\n" }, NEED_MET },
		{ "switched off", "xfs", "names without case (ascii-ci)",
		  { .kconfig = "\n# CONFIG_XFS_SUPPORT_ASCII_CI is not set\n" }, NEED_NOT_MET },
	};

	for (size_t i = 0; i < T_SIZE(kernels); i++)
		T_EQUAL(kernels[i].row, kernels[i].wanted,
			fsneeds_built_in(named(kernels[i].fs, kernels[i].name), &kernels[i].b));
}

int main(void)
{
	int fd = mkstemp(image), other_fd = mkstemp(other);

	if (fd < 0 || other_fd < 0)
		abort();
	close(fd);
	close(other_fd);
	/* Where mkfs lies on Debian, also for those who are not root. */
	setenv("PATH", "/usr/sbin:/sbin:/usr/bin:/bin", 1);
	test_superblocks();
	test_kernels();
	unlink(image);
	unlink(other);
	return t_done();
}
