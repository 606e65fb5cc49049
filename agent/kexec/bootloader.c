/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot loader's files. One reader a kind of file, each of which finds the line of the
 * entry that boots.
 */
#include "bootloader.h"

#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "cmdline.h"
#include "grub_menu.h"

#define TEXT_MAX (128u << 10)
#define LINE_MAX_LEN 4096
#define MAX_SECTIONS 96

/* ---- lines ------------------------------------------------------------------ */

/* "0", and ",low" by itself, reserve nothing (Linux kernel/crash_reserve.c). */
static bool is_size(const char *value, size_t len)
{
	size_t n = 0;

	while (len && strchr("\"'", value[len - 1]))
		len--;
	while (n < len && value[n] == '0')
		n++;
	if (n && n < len && strchr("KMGkmg", value[n]))
		n++;
	/* "0M-1G:64M" begins with a nought, too. */
	return n < len && !(n && strchr(",@", value[n])) &&
	       !(len > 4 && !memcmp(value + len - 4, ",low", 4));
}

bool bootloader_reserves(const char *words)
{
	static const char wanted[] = "crashkernel=";
	const char *word;
	size_t len;

	while (cmdline_word(&words, &word, &len)) {
		while (len && (*word == '"' || *word == '\''))
			word++, len--;
		if (len >= sizeof(wanted) && !strncmp(word, wanted, sizeof(wanted) - 1) &&
		    is_size(word + sizeof(wanted) - 1, len - (sizeof(wanted) - 1)))
			return true;
	}
	return false;
}

static enum next_boot answer(bool is)
{
	return is ? BOOT_RESERVES : BOOT_DOES_NOT;
}

/* The next line that is no comment, without the blanks in front; NULL at the end. */
static char *next_line(char **rest)
{
	char *line;

	while ((line = strsep(rest, "\n"))) {
		line += strspn(line, " \t");
		if (*line && *line != '#')
			return line;
	}
	return NULL;
}

/* What stands behind the word that the line begins with; NULL: it is another one. */
static const char *behind(const char *line, const char *word)
{
	size_t len = strlen(word);

	return !strncasecmp(line, word, len) && strchr(" \t", line[len]) ? line + len : NULL;
}

/* ---- GRUB ------------------------------------------------------------------- */

static bool words_reserve(const char *root, const char *words)
{
	char options[GRUB_VALUE_MAX];

	/* Entries may only say $kernelopts. */
	return bootloader_reserves(words) ||
	       (strstr(words, "kernelopts") &&
		grub_variable(root, "kernelopts", options) && bootloader_reserves(options));
}

/* "linux", "linux16", "linuxefi"; not that of a memory test. */
static const char *grub_kernel(const char *line)
{
	if (strncmp(line, "linux", 5) || (!strstr(line, "vmlinu") && !strstr(line, "Image")))
		return NULL;
	return line + strcspn(line, " \t");
}

/* Unless blscfg makes entries of other files, it is one of these that boots. */
static enum next_boot ask_grub(const char *root, char *text)
{
	char wanted[GRUB_VALUE_MAX];
	const char *words;
	char *line;

	grub_default(root, text, wanted);
	if (!strstr(text, "blscfg"))
		text += grub_entry(text, wanted) - text;
	while ((line = next_line(&text))) {
		if (!strncmp(line, "blscfg", 6))
			return BOOT_UNKNOWN;
		words = grub_kernel(line);
		if (words)
			return answer(words_reserve(root, words));
	}
	return BOOT_UNKNOWN;
}

/* ---- other texts ------------------------------------------------------------ */

static enum next_boot ask_entry(const char *root, char *text)
{
	enum next_boot next = BOOT_UNKNOWN;
	const char *words;
	char *line;

	while ((line = next_line(&text))) {
		words = behind(line, "options");
		if (words && next != BOOT_RESERVES)
			next = answer(words_reserve(root, words));
	}
	return next;
}

/* The label that `default` names, or the first one. */
static enum next_boot ask_extlinux(const char *root, char *text)
{
	char wanted[80] = "";
	bool is_it = true;
	const char *words;
	char *line;

	(void)root;
	while ((line = next_line(&text))) {
		words = behind(line, "default");
		if (words)
			snprintf(wanted, sizeof(wanted), "%s", words + strspn(words, " \t"));
		words = behind(line, "label");
		if (words && wanted[0])
			is_it = !strcmp(words + strspn(words, " \t"), wanted);
		words = behind(line, "append");
		if (words && is_it)
			return answer(bootloader_reserves(words));
	}
	return BOOT_UNKNOWN;
}

static enum next_boot ask_plain(const char *root, char *text)
{
	(void)root;
	return answer(bootloader_reserves(text));
}

/* ---- kernels that bring their line ------------------------------------------ */

/* Section ".cmdline" of a PE file (Microsoft, "PE Format", section table). */
static enum next_boot ask_uki(const char *path)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t head[4096], section[40];
	char words[LINE_MAX_LEN + 1] = "";
	uint32_t pe, at, n, len;
	struct err e;

	if (fd < 0 || !pread_all(fd, head, sizeof(head), 0, path, &e))
		return BOOT_UNKNOWN;
	pe = get_u32(head + 60);
	if (memcmp(head, "MZ", 2) || pe > sizeof(head) - 24 || memcmp(head + pe, "PE\0", 4))
		return BOOT_UNKNOWN;
	n = get_u16(head + pe + 6);
	at = pe + 24 + get_u16(head + pe + 20);
	for (uint32_t i = 0; i < n && i < MAX_SECTIONS; i++) {
		if (!pread_all(fd, section, sizeof(section), at + 40 * (uint64_t)i, path, &e))
			return BOOT_UNKNOWN;
		if (memcmp(section, ".cmdline", 8))
			continue;
		len = min_u64(get_u32(section + 16), LINE_MAX_LEN);
		if (!pread_all(fd, words, len, get_u32(section + 20), path, &e))
			return BOOT_UNKNOWN;
		return answer(bootloader_reserves(words));
	}
	return BOOT_UNKNOWN;
}

/* ---- which file ------------------------------------------------------------- */

struct entries {
	const char *folder, *end;
};

/* The newest of a folder whose name fits, or of all: as GRUB and systemd-boot sort them. */
static bool newest_in(const char *root, const struct entries *of, const char *pattern,
		      char file[HOST_PATH_MAX])
{
	char path[HOST_PATH_MAX], best[256] = "", name[300];
	cleanup_dir DIR *dir = NULL;
	const struct dirent *entry;
	struct err ignored;

	if (root_path(path, root, of->folder, &ignored))
		dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (!has_ending(entry->d_name, of->end) || strstr(entry->d_name, "rescue"))
			continue;
		snprintf(name, sizeof(name), "%.*s",
			 (int)(strlen(entry->d_name) - strlen(of->end)), entry->d_name);
		if (*pattern && fnmatch(pattern, entry->d_name, FNM_CASEFOLD) &&
		    fnmatch(pattern, name, FNM_CASEFOLD))
			continue;
		if (!best[0] || strverscmp(entry->d_name, best) > 0)
			snprintf(best, sizeof(best), "%s", entry->d_name);
	}
	return best[0] &&
	       snprintf(file, HOST_PATH_MAX, "%s/%s", of->folder, best) < HOST_PATH_MAX;
}

typedef enum next_boot asker(const char *root, char *text);

static enum next_boot ask_text(const char *root, const char *file, asker *ask)
{
	char text[TEXT_MAX];
	struct err ignored;

	return root_read(root, file, text, sizeof(text), &ignored) ? ask(root, text)
								   : BOOT_UNKNOWN;
}

/* A variable of the firmware that systemd-boot has set, or reads: UTF-16 behind four bytes. */
static bool loader_variable(const char *root, const char *name, char value[128])
{
	char path[HOST_PATH_MAX], file[128];
	uint8_t raw[4 + 2 * 127];
	struct err ignored;
	cleanup_fd int fd = -1;
	ssize_t len = 0;

	snprintf(file, sizeof(file), "/sys/firmware/efi/efivars/%s-"
		 "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f", name);
	if (root_path(path, root, file, &ignored))
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		len = read(fd, raw, sizeof(raw));
	value[0] = '\0';
	for (ssize_t i = 0; 4 + 2 * i + 1 < len; i++) {
		value[i] = raw[4 + 2 * i];
		value[i + 1] = '\0';
	}
	return value[0];
}

static bool is_systemd_boot(const char *root)
{
	char value[128];

	return loader_variable(root, "LoaderInfo", value) &&
	       !strncmp(value, "systemd-boot", 12);
}

/* Which entry was chosen, for good or once: its file's name, maybe with *; "" the newest. */
static void chosen(const char *root, bool by_systemd, char pattern[GRUB_VALUE_MAX])
{
	static const char *const files[] = {
		"/boot/loader/loader.conf", "/efi/loader/loader.conf",
		"/boot/efi/loader/loader.conf",
	};
	char text[8192], *rest, *line;
	struct err ignored;
	const char *words;

	pattern[0] = '\0';
	if (!by_systemd) {
		if (!grub_variable(root, "next_entry", pattern))
			grub_variable(root, "saved_entry", pattern);
		return;
	}
	if (loader_variable(root, "LoaderEntryOneShot", pattern) ||
	    loader_variable(root, "LoaderEntryDefault", pattern))
		return;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		rest = text;
		if (!root_read(root, files[i], text, sizeof(text), &ignored))
			continue;
		while ((line = next_line(&rest))) {
			words = behind(line, "default");
			if (words)
				snprintf(pattern, GRUB_VALUE_MAX, "%s",
					 words + strspn(words, " \t"));
		}
	}
}

enum next_boot bootloader_next(const char *root, char file[HOST_PATH_MAX])
{
	static const struct { const char *path; asker *ask; bool is_grub; } files[] = {
		{ "/boot/grub/grub.cfg", ask_grub, true },
		{ "/boot/grub2/grub.cfg", ask_grub, true },
		{ "/boot/extlinux/extlinux.conf", ask_extlinux, false },
		{ "/boot/syslinux/syslinux.cfg", ask_extlinux, false },
		{ "/boot/firmware/cmdline.txt", ask_plain, false },
	};
	static const struct entries folders[] = {
		{ "/boot/loader/entries", ".conf" }, { "/boot/efi/loader/entries", ".conf" },
		{ "/efi/loader/entries", ".conf" }, { "/boot/EFI/Linux", ".efi" },
		{ "/boot/efi/EFI/Linux", ".efi" }, { "/efi/EFI/Linux", ".efi" },
	};
	bool skips_grub = is_systemd_boot(root), is_there = false;
	enum next_boot next = BOOT_UNKNOWN, one;
	char path[HOST_PATH_MAX], name[HOST_PATH_MAX], pattern[GRUB_VALUE_MAX];
	struct err ignored;

	chosen(root, skips_grub, pattern);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (files[i].is_grub && skips_grub)
			continue;
		one = ask_text(root, files[i].path, files[i].ask);
		if (one != BOOT_UNKNOWN)
			snprintf(file, HOST_PATH_MAX, "%s", files[i].path);
		if (one == BOOT_DOES_NOT)
			return one;
		next = one == BOOT_RESERVES ? one : next;
	}
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && !is_there; i++)
		is_there = newest_in(root, &folders[i], pattern, name);
	if (!is_there)
		pattern[0] = '\0';
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (!newest_in(root, &folders[i], pattern, name) ||
		    !root_path(path, root, name, &ignored))
			continue;
		one = has_ending(name, ".efi") ? ask_uki(path)
					       : ask_text(root, name, ask_entry);
		if (one != BOOT_UNKNOWN)
			snprintf(file, HOST_PATH_MAX, "%s", name);
		if (one == BOOT_DOES_NOT)
			return one;
		next = one == BOOT_RESERVES ? one : next;
	}
	return next;
}
