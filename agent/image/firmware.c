/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The firmware files of drivers. Names come from MODULE_FIRMWARE() in drivers (Linux
 * include/linux/module.h); places and their order are those of
 * drivers/base/firmware_loader/main.c.
 */
#include "firmware.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"

/* ---- names ------------------------------------------------------------------ */

/* A header that may lie anywhere in the file. */
static bool section(const struct blob *m, const Elf64_Ehdr *h, unsigned n, Elf64_Shdr *s)
{
	if (h->e_shentsize != sizeof(*s) || n >= h->e_shnum || h->e_shoff > m->len ||
	    (m->len - h->e_shoff) / sizeof(*s) <= n)
		return false;
	memcpy(s, m->at + h->e_shoff + n * sizeof(*s), sizeof(*s));
	return s->sh_offset <= m->len && s->sh_size <= m->len - s->sh_offset;
}

bool firmware_modinfo(const struct blob *module, struct blob *info)
{
	static const char name[] = ".modinfo";
	Elf64_Shdr names, s;
	Elf64_Ehdr h;

	if (module->len < sizeof(h) || memcmp(module->at, ELFMAG, SELFMAG) ||
	    module->at[EI_CLASS] != ELFCLASS64)
		return false;
	memcpy(&h, module->at, sizeof(h));
	if (!section(module, &h, h.e_shstrndx, &names))
		return false;
	for (unsigned i = 0; i < h.e_shnum; i++) {
		if (!section(module, &h, i, &s) || s.sh_name >= names.sh_size ||
		    names.sh_size - s.sh_name < sizeof(name) ||
		    memcmp(module->at + names.sh_offset + s.sh_name, name, sizeof(name)))
			continue;
		*info = (struct blob){ module->at + s.sh_offset, s.sh_size };
		return true;
	}
	return false;
}

/* What stands behind "DRIVER.firmware=", or behind "firmware=" alone. */
static const char *value_of(const char *entry, size_t len, const char *driver)
{
	static const char key[] = "firmware=";
	size_t skip = 0;

	if (driver) {
		skip = strlen(driver);
		if (len <= skip || memcmp(entry, driver, skip) || entry[skip] != '.')
			return NULL;
		skip++;
	}
	return len - skip >= sizeof(key) && !memcmp(entry + skip, key, sizeof(key) - 1)
	       ? entry + skip + sizeof(key) - 1 : NULL;
}

/* It becomes a path here and in the image. */
static bool is_safe(const char *name)
{
	return *name && *name != '/' && !strstr(name, "..") && !strpbrk(name, "*?[");
}

bool firmware_next(struct blob *info, const char *driver, char name[FIRMWARE_NAME])
{
	while (info->len) {
		const char *entry = (const char *)info->at, *value;
		size_t len = strnlen(entry, info->len), step = len + (len < info->len);

		info->at += step;
		info->len -= step;
		value = value_of(entry, len, driver);
		if (!value || entry + len - value >= FIRMWARE_NAME)
			continue;
		snprintf(name, FIRMWARE_NAME, "%.*s", (int)(entry + len - value), value);
		if (is_safe(name))
			return true;
	}
	return false;
}

/* ---- places ----------------------------------------------------------------- */

static bool is_file(const char *path, int len)
{
	struct stat st;

	return len < HOST_PATH_MAX && !stat(path, &st) && S_ISREG(st.st_mode);
}

bool firmware_find(const char *root, const char *release, const char *name,
		   char path[HOST_PATH_MAX])
{
	static const char *const folders[] = { "updates/%s/", "updates/", "%s/", "" };
	static const char *const suffixes[] = { "", ".zst", ".xz" };
	char named[128] = "", folder[128];
	struct err ignored;

	/* One that the administrator has named goes before all others. */
	root_read(root, "/sys/module/firmware_class/parameters/path", named, sizeof(named),
		  &ignored);
	for (size_t s = 0; s < sizeof(suffixes) / sizeof(suffixes[0]); s++) {
		if (named[0] == '/' &&
		    is_file(path, snprintf(path, HOST_PATH_MAX, "%s%s/%s%s", root, named, name,
					   suffixes[s])))
			return true;
		for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
			snprintf(folder, sizeof(folder), folders[i], release);
			if (is_file(path, snprintf(path, HOST_PATH_MAX,
						   "%s/lib/firmware/%s%s%s", root, folder,
						   name, suffixes[s])))
				return true;
		}
	}
	return false;
}
