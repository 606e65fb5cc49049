/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The next boot. Will the next boot reserve memory and load, and which kernel may it
 * start?
 */
#include "ready_parts.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "host/check_result.h"
#include "kexec/bootloader.h"

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

static void check_boot(struct look *l)
{
	char file[HOST_PATH_MAX];

	if (l->state.reserved && bootloader_next(l->root, file) == BOOT_DOES_NOT)
		found(l->f, "boot", GRADE_WARN, "%s%s does not have crashkernel= where it "
		      "counts: the next boot reserves no memory", l->root, file);
	else if (is_loaded_at_boot(l->root))
		found(l->f, "boot", GRADE_OK, "the service crashbox loads at every boot");
	else
		found(l->f, "boot", GRADE_WARN, "nothing loads at the next boot: enable the "
		      "service crashbox");
}

/* What kernels that are installed from now on will get. */
static void check_next_kernels(struct look *l)
{
	static const char file[] = "/etc/kernel/cmdline";
	char words[CMDLINE_MAX];
	struct err ignored;

	if (l->state.reserved && root_read(l->root, file, words, sizeof(words), &ignored) &&
	    !bootloader_reserves(words))
		found(l->f, "boot", GRADE_WARN, "%s%s does not have crashkernel=: with the "
		      "next kernel that is installed no memory is reserved", l->root, file);
}

/*
 * There is one place for a capture kernel, and whoever comes last has it. That the other has
 * come in this boot shows in systemd's own mark.
 */
static void check_others(struct look *l)
{
	static const char *const names[] = { "kdump.service", "kdump-tools.service" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char mark[128], path[HOST_PATH_MAX];
		struct err ignored;
		struct stat st;

		snprintf(mark, sizeof(mark), "/run/systemd/units/invocation:%s", names[i]);
		if (root_path(path, l->root, mark, &ignored) && !lstat(path, &st) &&
		    !(l->is_known && st.st_mtime < l->loaded.when))
			found(l->f, "others", GRADE_FAIL, "%s has run in this boot, and may "
			      "have put its own kernel in place of ours: systemctl disable "
			      "--now %s, then crashbox load", names[i], names[i]);
		else if (any_entry(l->root, "/etc/systemd/system", ".wants", names[i]))
			found(l->f, "others", GRADE_WARN, "%s is enabled as well, and whoever "
			      "loads last is what a crash finds: systemctl disable %s",
			      names[i], names[i]);
	}
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
void ready_boot(struct look *l)
{
	check_boot(l);
	check_next_kernels(l);
	check_others(l);
	check_update(l);
}
