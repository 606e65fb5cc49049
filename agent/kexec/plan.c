/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What would be loaded. Choices, each with its reason in words. */
#include "plan.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "boot_count.h"
#include "boot_cpu.h"
#include "machine_id.h"
#include "bootimage.h"
#include "ramoops_zones.h"
#include "config/config.h"

#define ADDED_MAX 256

static const char *const kernel_places[] = {
	"/boot/vmlinuz-%s", "/lib/modules/%s/vmlinuz", "/usr/lib/modules/%s/vmlinuz",
	"/boot/Image-%s", "/boot/vmlinux-%s",
};

/* The running kernel's own file; the first place when it is in none of them. */
static bool running_kernel(struct plan *p, const char *root, struct err *e)
{
	char path[HOST_PATH_MAX];

	for (size_t i = 0; i < sizeof(kernel_places) / sizeof(kernel_places[0]); i++) {
		snprintf(path, sizeof(path), kernel_places[i], p->release);
		if (root_exists(root, path))
			return root_path(p->kernel, root, path, e);
	}
	snprintf(path, sizeof(path), kernel_places[0], p->release);
	return root_path(p->kernel, root, path, e);
}

static bool takes_own(const char *root, const struct lockdown *lockdown)
{
	return root_exists(root, OWN_KERNEL) && !lockdown_wants_signature(lockdown);
}

bool plan_takes_own(const char *root)
{
	struct lockdown lockdown;

	lockdown_read(&lockdown, root);
	return takes_own(root, &lockdown);
}

static bool choose_kernel(struct plan *p, const struct plan_want *want, struct err *e)
{
	if (want->kernel) {
		p->why = "named with --kernel";
		return root_path(p->kernel, "", want->kernel, e);
	}
	if (want->standing && want->standing->kernel[0]) {
		p->why = "named in the configuration";
		return root_path(p->kernel, want->root, want->standing->kernel, e);
	}
	if (takes_own(want->root, &p->lockdown)) {
		p->why = "made for captures";
		return root_path(p->kernel, want->root, OWN_KERNEL, e);
	}
	p->why = root_exists(want->root, OWN_KERNEL) ?
		 "the running kernel's own file, for only a signed one can be loaded" :
		 "the running kernel's own file";
	return running_kernel(p, want->root, e);
}

/* The first record that there still is. */
static bool says_callers(const char *root)
{
	char path[HOST_PATH_MAX], record[8192];
	struct err ignored;
	cleanup_fd int fd = -1;
	ssize_t n;

	if (!root_path(path, root, "/dev/kmsg", &ignored))
		return false;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, record, sizeof(record) - 1);
	if (n < 0)
		return false;
	record[n] = '\0';
	return cmdline_has_callers(record);
}

uint64_t plan_ram_end(const char *root)
{
	char path[HOST_PATH_MAX], text[4096];
	uint64_t first, last, end = 0;
	struct err ignored;
	size_t have = 0;
	cleanup_fd int fd = -1;
	ssize_t n;

	if (!root_path(path, root, "/proc/iomem", &ignored))
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && (n = read(fd, text + have, sizeof(text) - 1 - have)) > 0) {
		char *line = text, *newline;

		text[have += n] = '\0';
		for (; (newline = strchr(line, '\n')); line = newline + 1) {
			*newline = '\0';
			if (strstr(line, " : System RAM") &&
			    sscanf(line, "%" SCNx64 "-%" SCNx64, &first, &last) == 2 &&
			    last >= end)
				end = last + 1;
		}
		have = strlen(line);
		memmove(text, line, have + 1);
	}
	return end;
}

/*
 * A kernel with page tables of five levels keeps a list of all the memory sections that
 * there might be: megabytes, which a small reservation does not have. Those of four
 * levels reach 64 TiB.
 */
static const char *levels(const char *root)
{
	char cpuinfo[8192], *flags;
	struct err ignored;

	if (!root_read(root, "/proc/cpuinfo", cpuinfo, sizeof(cpuinfo) - 1, &ignored))
		return "";
	flags = strstr(cpuinfo, "\nflags");
	if (!flags)
		return "";
	memcpy(flags + 1 + strcspn(flags + 1, "\n"), " ", 2);
	return strstr(flags, " la57 ") && plan_ram_end(root) <= UINT64_C(1) << 46 ? "no5lvl"
										  : "";
}

bool plan_is_own(const char *root, const char *kernel)
{
	char own[HOST_PATH_MAX];
	struct bootimage b;
	struct err ignored;
	size_t len;
	bool is;

	if (root_path(own, root, OWN_KERNEL, &ignored) && !strcmp(kernel, own))
		return true;
	if (!bootimage_open(&b, kernel, &ignored))
		return false;
	len = strlen(b.version);
	is = len > strlen(OWN_SUFFIX) &&
	     !strcmp(b.version + len - strlen(OWN_SUFFIX), OWN_SUFFIX);
	bootimage_close(&b);
	return is;
}

/* What only this kernel, this machine and this boot can tell a capture. */
static void add_words(char added[ADDED_MAX], const struct plan *p, const char *root,
		      unsigned n_cpus)
{
	char number[32] = "", id[MACHINE_ID_SIZE] = "", boot_cpu[BOOT_CPU_WORD] = "";
	char ramoops[RAMOOPS_TEXT] = "";
	unsigned boot = boot_count(root);
	struct ramoops_zones zones;

	if (boot)
		snprintf(number, sizeof(number), "crashbox.boot=%u", boot);
	if (p->names_machine)
		machine_id_read(root, id);
	if (n_cpus > 1)
		boot_cpu_word(boot_cpu, root);
	if (ramoops_zones_read(root, &zones))
		ramoops_format(&zones, ramoops);
	snprintf(added, ADDED_MAX, "%s %s %s %s %s%s %s%s", levels(root), number, boot_cpu,
		 says_callers(root) ? "crashbox.log_callers=yes" : "",
		 id[0] ? "crashbox.machine_id=" : "", id,
		 ramoops[0] ? "crashbox.ramoops=" : "", ramoops);
}

/* What always holds, and behind it, so that it wins, what is named for once. */
static bool join_words(char to[CMDLINE_MAX], const char *option, const char *standing,
		       const char *named, struct err *e)
{
	int len = snprintf(to, CMDLINE_MAX, "%s%s%s", standing, *standing && named ? " " : "",
			   named ? named : "");

	return len < CMDLINE_MAX ||
	       fail(e, E2BIG, "--%s, with the configuration's, is longer than the %u "
		    "characters of a kernel's command line: name fewer words", option,
		    CMDLINE_MAX - 1);
}

/* One that is too long to be looked for would stay where it is. */
static bool check_removed(const char *words, struct err *e)
{
	const char *word;
	size_t len;

	while (cmdline_word(&words, &word, &len))
		if (len > CMDLINE_REMOVED_MAX)
			return fail(e, E2BIG, "--remove '%.32s...': longer than %u characters; "
				    "name what it begins with, and a *", word,
				    CMDLINE_REMOVED_MAX);
	return true;
}

bool plan_cpus(struct plan *p, const char *root, unsigned n_cpus, struct err *e)
{
	char added[ADDED_MAX];
	const struct cmdline_want line = {
		.running = p->running, .added = added, .remove = p->remove,
		.extra = p->append, .n_cpus = n_cpus,
	};

	add_words(added, p, root, n_cpus);
	return cmdline_capture(p->cmdline, &line, e);
}

bool plan_make(struct plan *p, const struct plan_want *want, struct err *e)
{
	const struct arming *standing = want->standing;

	memset(p, 0, sizeof(*p));
	if (!join_words(p->remove, "remove", standing ? standing->remove : "", want->remove,
			e) ||
	    !join_words(p->append, "append", standing ? standing->append : "", want->append,
			e) ||
	    !check_removed(p->remove, e))
		return false;
	p->names_machine = standing && standing->names_machine;
	lockdown_read(&p->lockdown, want->root);
	if (!root_read(want->root, "/proc/sys/kernel/osrelease", p->release,
		       sizeof(p->release), e) ||
	    !root_read(want->root, "/proc/cmdline", p->running, sizeof(p->running), e) ||
	    !choose_kernel(p, want, e))
		return false;
	return root_choose(p->initrd, want->root, want->initrd, DEFAULT_IMAGE, e) &&
	       plan_cpus(p, want->root, 1, e);
}
