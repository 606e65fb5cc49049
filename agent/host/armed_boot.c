/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Will the next boot reserve memory and load, and which kernel may it start? */
#include "armed_look.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "finding.h"

static bool any_entry(const char *root, const char *dir_path, const char *end, const char *file)
{
	char path[HOST_PATH_MAX];
	cleanup_dir DIR *dir = NULL;
	const struct dirent *entry;
	struct err ignored;

	if (!root_path(path, root, dir_path, &ignored))
		return false;
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		size_t len = strlen(entry->d_name), end_len = strlen(end);
		char whole[HOST_PATH_MAX + 300];
		struct stat st;

		snprintf(whole, sizeof(whole), "%s/%s/%s", path, entry->d_name, file);
		/* A link of systemctl's may lead to where only the real root leads. */
		if (entry->d_name[0] != '.' && len >= end_len &&
		    !strcmp(entry->d_name + len - end_len, end) && !lstat(whole, &st))
			return true;
	}
	return false;
}

static bool is_loaded_at_boot(const char *root)
{
	return any_entry(root, "/etc/systemd/system", ".wants", "crashbox.service") ||
	       any_entry(root, "/etc/runlevels", "", "crashbox");
}

/* Does the boot loader's own file ask for memory? True where there is no such file. */
static bool is_reserved_at_boot(const char *root, const char **file)
{
	static const char *const files[] = { "/boot/grub/grub.cfg", "/boot/grub2/grub.cfg" };
	char path[HOST_PATH_MAX], text[128 << 10];
	struct err ignored;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		*file = files[i];
		if (root_path(path, root, files[i], &ignored) &&
		    read_text(path, text, sizeof(text), &ignored))
			return strstr(text, "crashkernel=") || strstr(text, "blscfg");
	}
	return true;
}

static void check_boot(struct look *l)
{
	const char *file;

	if (l->state.reserved && !is_reserved_at_boot(l->root, &file))
		found(l->f, "boot", GRADE_WARN, "%s%s does not have crashkernel=: the next "
		      "boot reserves no memory", l->root, file);
	else if (is_loaded_at_boot(l->root))
		found(l->f, "boot", GRADE_OK, "the service crashbox loads at every boot");
	else
		found(l->f, "boot", GRADE_WARN, "nothing loads at the next boot: enable the "
		      "service crashbox");
}

/* The newest of the distribution's kernels, which is what most boot loaders take. */
static bool newest_kernel(const char *root, char newest[RELEASE_MAX])
{
	char path[HOST_PATH_MAX];
	cleanup_dir DIR *dir = NULL;
	const struct dirent *entry;
	struct err ignored;

	newest[0] = '\0';
	if (root_path(path, root, "/boot", &ignored))
		dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		const char *version = entry->d_name + strlen("vmlinuz-");

		if (strncmp(entry->d_name, "vmlinuz-", strlen("vmlinuz-")) ||
		    strlen(version) >= RELEASE_MAX || strstr(version, ".old") ||
		    strstr(version, "rescue"))
			continue;
		if (!newest[0] || strverscmp(version, newest) > 0)
			snprintf(newest, RELEASE_MAX, "%s", version);
	}
	return newest[0];
}

static void check_update(struct look *l)
{
	char newest[RELEASE_MAX];

	if (is_own_kernel(l))
		found(l->f, "update", GRADE_OK, "the capture kernel is not the running one's: "
		      "updates do not touch it");
	else if (!newest_kernel(l->root, newest) || !strcmp(newest, l->plan.release))
		found(l->f, "update", GRADE_OK, "the newest kernel is the running one, %s",
		      l->plan.release);
	else if (is_loaded_at_boot(l->root))
		found(l->f, "update", GRADE_OK, "the next boot may start %s; the service makes "
		      "an image for it", newest);
	else
		found(l->f, "update", GRADE_WARN, "the next boot may start %s, and the image "
		      "is for %s: enable the service crashbox, or make an image then", newest,
		      l->plan.release);
}
void armed_boot(struct look *l)
{
	check_boot(l);
	check_update(l);
}
