/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which firmware a driver names: by the section of its file (this program has one), in the
 * list of what is built in; and which of several files the kernel's loader would take.
 */
#include "image/firmware.h"

#include <elf.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/err.h"
#include "t.h"

__attribute__((section(".modinfo"), used))
static const char modinfo[] = "license=GPL\0firmware=x/a.fw\0firmwares=no\0firmware=b.bin";

/* ---- names ------------------------------------------------------------------ */

static const char *all(struct blob info, const char *driver, char line[400])
{
	char name[FIRMWARE_NAME];

	line[0] = '\0';
	while (firmware_next(&info, driver, name))
		sprintf(line + strlen(line), "%s ", name);
	return line;
}

static void names_row(const char *row, const char *text, size_t len, const char *driver,
		      const char *wanted)
{
	uint8_t *exact = malloc(len);
	struct blob info = { exact, len };
	char line[400];

	memcpy(exact, text, len);
	T_TEXT(row, wanted, all(info, driver, line));
	free(exact);
}

#define NAMES(row, text, driver, wanted) names_row(row, text, sizeof(text) - 1, driver, wanted)

static void test_names(void)
{
	NAMES("a module's", "a=b\0firmware=c\0firmware=d/e\0", NULL, "c d/e ");
	NAMES("cut off", "firmware=c\0firmware=d", NULL, "c d ");
	NAMES("no name", "firmware=\0firmware", NULL, "");
	NAMES("not below the folder", "firmware=../x\0firmware=/etc/x\0firmware=c", NULL, "c ");
	NAMES("patterns", "firmware=a/*.bin\0firmware=b?\0", NULL, "");
	NAMES("built in", "bnx2.firmware=a\0bnx2x.firmware=b\0bnx2.license=c\0"
	      "bnx2.firmware=d\0", "bnx2", "a d ");
	NAMES("a driver of no list", "", "bnx2", "");
}

static void test_section(void)
{
	struct arena a = { 0 };
	struct blob file, info;
	struct err e = { 0 };
	Elf64_Ehdr h;
	char line[400];

	if (!T_CHECK("this program", arena_init(&a, 64 << 20, &e) &&
		     file_load(&a, "/proc/self/exe", &file, &e)))
		return;
	T_CHECK("its section", firmware_modinfo(&file, &info));
	T_TEXT("its section", "x/a.fw b.bin ", all(info, NULL, line));
	memcpy(&h, file.at, sizeof(h));
	for (size_t len = 0; len < file.len; len += len < 100 ? 1 : file.len / 50 + 1) {
		struct blob cut = { malloc(len + 1), len };

		memcpy(cut.at, file.at, len);
		T_CHECK("cut off", !firmware_modinfo(&cut, &info));
		free(cut.at);
	}
	for (size_t at = offsetof(Elf64_Ehdr, e_shoff); at < sizeof(h); at++) {
		uint8_t was = file.at[at];

		for (int value = 0; value < 256; value += 15) {
			file.at[at] = value;
			if (firmware_modinfo(&file, &info))
				all(info, NULL, line);
		}
		file.at[at] = was;
	}
	file.at[0] = 'X';
	T_CHECK("no ELF", !firmware_modinfo(&file, &info));
	arena_deinit(&a);
}

/* ---- places ----------------------------------------------------------------- */

static char root[] = "/tmp/unit-firmware-XXXXXX";

static void put(const char *name)
{
	char command[400];

	snprintf(command, sizeof(command), "f='%s/lib/firmware/%s'; mkdir -p \"${f%%/*}\"; "
		 ": >\"$f\"", root, name);
	if (system(command))
		abort();
}

static void found(const char *row, const char *wanted)
{
	char path[HOST_PATH_MAX], whole[HOST_PATH_MAX];

	snprintf(whole, sizeof(whole), "%s/lib/firmware/%s", root, wanted);
	if (T_CHECK(row, firmware_find(root, "6.1-x", "d/a.fw", path)))
		T_TEXT(row, whole, path);
}

/* Each that is put there goes before those that were. */
static void test_places(void)
{
	static const char *const order[] = {
		"d/a.fw.xz", "updates/6.1-x/d/a.fw.xz", "d/a.fw.zst", "updates/d/a.fw.zst",
		"d/a.fw", "6.1-x/d/a.fw", "updates/d/a.fw", "updates/6.1-x/d/a.fw",
	};
	char path[HOST_PATH_MAX];

	T_CHECK("none", !firmware_find(root, "6.1-x", "d/a.fw", path));
	put("d/a.fw.gz");
	put("6.2/d/a.fw");
	T_CHECK("of another kernel", !firmware_find(root, "6.1-x", "d/a.fw", path));
	put("d/b.fw");
	T_CHECK("a folder", !firmware_find(root, "6.1-x", "d", path));
	for (size_t i = 0; i < T_SIZE(order); i++) {
		put(order[i]);
		found(order[i], order[i]);
	}
	put("named/d/a.fw");
	put("../../sys/module/firmware_class/parameters/path");
	snprintf(path, sizeof(path), "echo /lib/firmware/named >%s/sys/module/firmware_class/"
		 "parameters/path", root);
	T_EQUAL("a folder is named", 0, system(path));
	found("a folder is named", "named/d/a.fw");
}

int main(void)
{
	char command[64];

	if (!mkdtemp(root))
		return 1;
	test_names();
	test_section();
	test_places();
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return t_done() + !!system(command);
}
