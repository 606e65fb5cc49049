/* SPDX-License-Identifier: GPL-2.0-or-later */
/* image/kmod: which files of modules load for a name, and in which order. */
#include "image/kmod.h"

#include <errno.h>

#include "base/arena.h"
#include "base/err.h"
#include "sysfs.h"

static void files_row(struct kmods *k, const char *needed, const char *wanted)
{
	char line[1024] = "", name[MODULE_NAME];
	struct err e = { 0 };

	k->n = k->n_asked = 0;
	if (!T_CHECK(needed, kmod_need(k, needed, &e)))
		printf("%s\n", e.text);
	for (unsigned i = 0; i < k->n; i++) {
		T_CHECK(needed, kmod_file_name(k->paths[i], name));
		sprintf(line + strlen(line), "%s%s", i ? " " : "", name);
	}
	T_TEXT(needed, wanted, line);
}

static void test_files(void)
{
	struct arena a = { 0 };
	struct kmods *k;
	struct err e = { 0 };
	char dir[PATH_MAX], name[MODULE_NAME];
	bool has;

	text("m/modules.dep", "kernel/c-disk.ko.zst: kernel/b.ko.xz kernel/a.ko.gz\n"
	     "kernel/b.ko.xz: kernel/a.ko.gz\nkernel/a.ko.gz:\nkernel/soft.ko:\n"
	     "kernel/round.ko:\nkernel/trip.ko:\nkernel/mlx4_core.ko:\n"
	     "kernel/mlx4_en.ko: kernel/mlx4_core.ko\nkernel/hns3.ko:\n");
	text("m/modules.softdep", "# softdep a pre: b\nsoftdep b post: c_disk pre: wish gone\n"
	     "softdep round pre: trip\nsoftdep trip pre: round\n");
	text("m/modules.alias", "alias wish soft\nalias pci:wish b\n");
	text("m/modules.builtin", "kernel/built-in.ko\n");
	at(dir, "m");
	if (!T_CHECK("tables", arena_init(&a, 16 << 20, &e)))
		return;
	k = arena_take(&a, 1, sizeof(*k), "tables", &e);
	T_CHECK("tables", kmod_open(k, &a, dir, &e));
	files_row(k, "a", "a.ko");
	files_row(k, "c-disk", "a.ko soft.ko b.ko c-disk.ko");
	files_row(k, "c_disk", "a.ko soft.ko b.ko c-disk.ko");
	files_row(k, "built_in", "");
	files_row(k, "round", "trip.ko round.ko");
	files_row(k, "mlx4_core", "mlx4_core.ko mlx4_en.ko");
	files_row(k, "mlx4_en", "mlx4_core.ko mlx4_en.ko");
	files_row(k, "hns3", "hns3.ko");	/* hclge is not of this kernel */
	T_CHECK("a wish", kmod_wish(k, "soft", &has, &e) && has && k->n == 2);
	T_CHECK("built in", kmod_wish(k, "built_in", &has, &e) && has && k->n == 2);
	T_CHECK("not there", kmod_wish(k, "gone", &has, &e) && !has && k->n == 2);
	T_CHECK("unknown", !kmod_need(k, "wish", &e) && strstr(e.text, "has no module wish"));
	T_CHECK("a part of a name", !kmod_need(k, "c_dis", &e));
	T_CHECK("a longer name", !kmod_need(k, "c_disks", &e));
	T_CHECK("no module", !kmod_file_name("a/b.so", name));
	T_CHECK("no module", !kmod_file_name("a/b.ko.bz2", name));
	at(dir, "none");
	T_CHECK("no tables", !kmod_open(k, &a, dir, &e) && e.code == ENOENT &&
		strstr(e.text, "run depmod"));
	arena_deinit(&a);
}

int main(void)
{
	if (!mkdtemp(root))
		return 1;
	test_files();
	return machine_done();
}
