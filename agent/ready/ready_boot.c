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
#include <unistd.h>

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

/* "systemctl mask" leaves the link that enables it. */
static bool is_masked(const char *root)
{
	char path[HOST_PATH_MAX], to[16] = "";
	struct err ignored;

	return root_path(path, root, "/etc/systemd/system/crashbox.service", &ignored) &&
	       readlink(path, to, sizeof(to) - 1) > 0 && !strcmp(to, "/dev/null");
}

static bool is_loaded_at_boot(const char *root)
{
	/* The second is how a container enables it (initramfs/install/kubernetes/rootfs). */
	return ((any_entry(root, "/etc/systemd/system", ".wants", "crashbox.service") ||
		 any_entry(root, "/etc/systemd/system", ".target.d", "crashbox.conf")) &&
		!is_masked(root)) ||
	       any_entry(root, "/etc/runlevels", "", "crashbox");
}

static void check_boot(struct look *l)
{
	char file[HOST_PATH_MAX];
	enum next_boot next = bootloader_next(l->root, file);

	if (l->state.reserved && next == BOOT_DOES_NOT)
		found(l->f, "boot", GRADE_WARN, "%s%s does not have crashkernel= where it "
		      "counts: the next boot reserves no memory", l->root, file);
	else if (is_loaded_at_boot(l->root))
		found(l->f, "boot", GRADE_OK, "the service crashbox loads at every boot%s",
		      !l->state.reserved || next != BOOT_UNKNOWN ? "" : ", if crashkernel= is "
		      "on its line: what a boot loader would say is in no file that is known");
	else
		found(l->f, "boot", GRADE_WARN, "nothing loads at the next boot: enable the "
		      "service crashbox");
}

/* Does a line of it that is no comment say crashkernel=? */
static bool mentions(const char *root, const char *path)
{
	char text[16384], *rest = text, *line;
	struct err ignored;

	if (!root_read(root, path, text, sizeof(text), &ignored))
		return false;
	while ((line = strsep(&rest, "\n")))
		if (line[strspn(line, " \t")] != '#' && strstr(line, "crashkernel="))
			return true;
	return false;
}

static bool any_mentions(const char *root, const char *folder)
{
	char path[HOST_PATH_MAX], file[HOST_PATH_MAX];
	cleanup_dir DIR *dir = NULL;
	const struct dirent *entry;
	struct err ignored;

	if (root_path(path, root, folder, &ignored))
		dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		snprintf(file, sizeof(file), "%s/%.255s", folder, entry->d_name);
		if (entry->d_name[0] != '.' && mentions(root, file))
			return true;
	}
	return false;
}

/* What grub-mkconfig makes grub.cfg of, with each kernel that comes. */
static bool is_lost_by_mkconfig(const char *root)
{
	static const char defaults[] = "/etc/default/grub";

	return root_exists(root, defaults) && !mentions(root, defaults) &&
	       !any_mentions(root, "/etc/default/grub.d") && !any_mentions(root, "/etc/grub.d");
}

/* What kernels that are installed from now on will get. */
static void check_next_kernels(struct look *l)
{
	static const char file[] = "/etc/kernel/cmdline";
	char words[CMDLINE_MAX], next[HOST_PATH_MAX];
	struct err ignored;

	if (!l->state.reserved)
		return;
	if (root_read(l->root, file, words, sizeof(words), &ignored) &&
	    !bootloader_reserves(words))
		found(l->f, "boot", GRADE_WARN, "%s%s does not have crashkernel=: with the "
		      "next kernel that is installed no memory is reserved", l->root, file);
	if (bootloader_next(l->root, next) == BOOT_RESERVES && strstr(next, "grub.cfg") &&
	    is_lost_by_mkconfig(l->root))
		found(l->f, "boot", GRADE_WARN, "%s%s has crashkernel=, and nothing in "
		      "/etc/default/grub that it is made of: with the next kernel it is gone: "
		      "crashbox reserve", l->root, next);
}

/*
 * There is one place for a capture kernel, and whoever comes last has it. That the other has
 * come in this boot shows in systemd's own mark.
 */
static void check_others(struct look *l)
{
	static const char *const names[] = { "kdump.service", "kdump-tools.service",
					     "kdump-early.service" };

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
