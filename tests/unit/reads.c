/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host/reads: archives that were cut or lie, and which list is asked for a module. */
#include "host/reads.h"

#include "t.h"

static size_t add_file(char *to, const char *name, const char *data)
{
	size_t n = sprintf(to, "070701%048x%08zx%032x%08zx%08x", 0, strlen(data), 0,
			   strlen(name) + 1, 0);

	strcpy(to + n, name);
	n += strlen(name) + 1;
	while (n % 4)
		to[n++] = '\0';
	memcpy(to + n, data, strlen(data));
	n += strlen(data);
	while (n % 4)
		to[n++] = '\0';
	return n;
}

static void check_archive(void)
{
	static const char order[] = "a.ko\nb.ko\n";
	char archive[2048];
	const uint8_t *text;
	size_t len, text_len;

	len = add_file(archive, "init", "binary");
	len += add_file(archive + len, "modules/order", order);
	T_CHECK("the second file", reads_order((uint8_t *)archive, len, &text, &text_len));
	T_EQUAL("the second file", strlen(order), text_len);
	T_CHECK("the second file", !memcmp(text, order, text_len));
	/* Two zeroes that fill up the last word are nobody's. */
	for (size_t cut = 0; cut < len - 2; cut++) {
		uint8_t *exact = malloc(cut ? cut : 1);

		memcpy(exact, archive, cut);
		T_CHECK("cut off", !reads_order(exact, cut, &text, &text_len));
		free(exact);
	}
	memcpy(archive + 54, "ffffffff", 8);
	T_CHECK("a file of 4 GiB", !reads_order((uint8_t *)archive, len, &text, &text_len));
	memcpy(archive + 54, "00000006", 8);
	memcpy(archive + 94, "ffffffff", 8);
	T_CHECK("a name of 4 GiB", !reads_order((uint8_t *)archive, len, &text, &text_len));
}

static void check_release(void)
{
	static const char long_one[] = "vermagic=0123456789012345678901234567890123456789012345"
				       "678901234567890123456789";
	static const struct {
		const char *row, *name, *data, *wanted;
	} rows[] = {
		{ "a module", "modules/a.ko", "ELF vermagic=6.1.0-56 SMP", "6.1.0-56" },
		{ "to the end of the file", "modules/a.ko", "vermagic=6", "6" },
		{ "nothing behind it", "modules/a.ko", "vermagic=", "" },
		{ "no module", "init", "vermagic=6.1.0-56", "" },
		{ "does not tell", "modules/order", "a.ko", "" },
		{ "too long", "modules/a.ko", long_one,
		  "0123456789012345678901234567890123456789012345678901234567890123" },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		char archive[1024], release[RELEASE_MAX] = "left";
		size_t len = add_file(archive, rows[i].name, rows[i].data);

		len += add_file(archive + len, "modules/order", "a.ko\n");
		reads_release((uint8_t *)archive, len, release);
		T_CHECK(rows[i].row, !strcmp(release, rows[i].wanted));
	}
}

static void check_modules(void)
{
	static const char config[] = "\nCONFIG_VIRTIO_BLK=y\nCONFIG_EXT4_FS=m\n";
	static const char builtin[] = "kernel/fs/ext4/ext4.ko\nkernel/drivers/x/odd-one.ko\n";
	static const struct {
		const char *row, *module;
		struct reads r;
		enum read_answer wanted;
	} rows[] = {
		{ "in the image", "ext4", { .modules = "x.ko\next4.ko\n" }, READ_YES },
		{ "in the image, of another kernel", "ext4",
		  { .modules = "ext4.ko\n", .is_foreign = true }, READ_UNKNOWN },
		{ "that, built in", "virtio_blk",
		  { .modules = "", .kconfig = config, .is_foreign = true }, READ_YES },
		{ "with another dash", "odd_one", { .modules = "odd-one.ko\n" }, READ_YES },
		{ "a longer name", "ext", { .modules = "ext4.ko\n" }, READ_UNKNOWN },
		{ "built in", "virtio_blk", { .modules = "", .kconfig = config },
		  READ_YES },
		{ "only as a module", "ext4", { .modules = "", .kconfig = config },
		  READ_NO },
		{ "not in its configuration", "xfs", { .modules = "", .kconfig = config },
		  READ_NO },
		{ "not in our table", "odd_one", { .modules = "", .kconfig = config },
		  READ_UNKNOWN },
		{ "in modules.builtin", "odd_one", { .modules = "", .builtin = builtin },
		  READ_YES },
		{ "not in modules.builtin", "xfs", { .modules = "", .builtin = builtin },
		  READ_NO },
		{ "nothing is known", "xfs", { .modules = "" }, READ_UNKNOWN },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++)
		T_EQUAL(rows[i].row, rows[i].wanted, reads_module(&rows[i].r, rows[i].module));
}

int main(void)
{
	check_archive();
	check_release();
	check_modules();
	return t_done();
}
