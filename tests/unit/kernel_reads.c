/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ready/kernel_reads: which list is asked for a module. */
#include "ready/kernel_reads.h"

#include "t.h"

static void check_modules(void)
{
	static const struct builtin config = {
		.kconfig = "\nCONFIG_VIRTIO_BLK=y\nCONFIG_EXT4_FS=m\n" };
	static const struct builtin list = {
		.modules = "kernel/fs/ext4/ext4.ko\nkernel/drivers/x/odd-one.ko\n" };
	static const struct {
		const char *row, *module;
		struct kernel_reads r;
		enum read_answer wanted;
	} rows[] = {
		{ "in the image", "ext4", { .modules = "x.ko\next4.ko\n" }, READ_YES },
		{ "in the image, of another kernel", "ext4",
		  { .modules = "ext4.ko\n", .is_foreign = true }, READ_UNKNOWN },
		{ "that, built in", "virtio_blk",
		  { .modules = "", .builtin = config, .is_foreign = true }, READ_YES },
		{ "with another dash", "odd_one", { .modules = "odd-one.ko\n" }, READ_YES },
		{ "a longer name", "ext", { .modules = "ext4.ko\n" }, READ_UNKNOWN },
		{ "built in", "virtio_blk", { .modules = "", .builtin = config },
		  READ_YES },
		{ "only as a module", "ext4", { .modules = "", .builtin = config },
		  READ_NO },
		{ "not in its configuration", "xfs", { .modules = "", .builtin = config },
		  READ_NO },
		{ "not in our table", "odd_one", { .modules = "", .builtin = config },
		  READ_UNKNOWN },
		{ "in modules.builtin", "odd_one", { .modules = "", .builtin = list },
		  READ_YES },
		{ "not in modules.builtin", "xfs", { .modules = "", .builtin = list },
		  READ_NO },
		{ "nothing is known", "xfs", { .modules = "" }, READ_UNKNOWN },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++)
		T_EQUAL(rows[i].row, rows[i].wanted, kernel_reads_module(&rows[i].r,
									 rows[i].module));
}

int main(void)
{
	check_modules();
	return t_done();
}
