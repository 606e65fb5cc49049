/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One function a row, or a few rows that belong together. */
#include "armed.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "advice.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "bootimage.h"
#include "finding.h"
#include "kexec.h"
#include "loaded.h"
#include "machine/config.h"
#include "plan.h"
#include "reads.h"
#include "root.h"
#include "signature.h"

struct look {
	struct findings *f;
	const char *root, *config_path;
	const struct config *config;
	struct plan plan;
	struct kexec_state state;
	struct loaded loaded;
	bool is_known;		/* what is loaded */
};

static const char *kernel_in_use(const struct look *l)
{
	return l->is_known ? l->loaded.kernel.path : l->plan.kernel;
}

static bool is_own_kernel(const struct look *l)
{
	return plan_is_own(l->root, kernel_in_use(l));
}

/* ---- memory and what is in it ----------------------------------------------- */

#define STOCK_MIB 192	/* what does for most machines with a distribution's kernel */

static void check_reserved(struct look *l)
{
	unsigned mib = l->state.reserved >> 20, needed = 0, better;
	bool is_own = is_own_kernel(l);
	const char *kernel = advice_kernel(is_own, kernel_in_use(l));

	if (!l->state.supported) {
		found(l->f, "reserved", GRADE_FAIL, "the running kernel cannot start another "
		      "one after a crash (CONFIG_KEXEC and CONFIG_CRASH_DUMP are off)");
		return;
	}
	if (l->config)
		needed = advice_mib(kernel, l->config, advice_ram_gib(l->root));
	/* The least is for a small machine in QEMU; a stock kernel comes with more drivers. */
	better = advice_with_margin((uint64_t)needed << 20);
	if (!is_own && better < STOCK_MIB)
		better = STOCK_MIB;
	if (!mib)
		found(l->f, "reserved", GRADE_FAIL, "no memory is reserved: boot with "
		      "crashkernel=%uM on the command line", better ? better : STOCK_MIB);
	else if (mib < needed)
		found(l->f, "reserved", GRADE_WARN, "%u MiB, and %u MiB is the least that was "
		      "seen to do with %s kernel: boot with crashkernel=%uM", mib, needed,
		      is_own ? "our" : "a distribution's", better);
	else
		found(l->f, "reserved", GRADE_OK, "%u MiB%s", mib,
		      needed ? ", as much as was seen to do, or more" : "");
}

static void check_lockdown(struct look *l)
{
	const struct lockdown *d = &l->plan.lockdown;
	bool is_proven = l->is_known && !strcmp(l->loaded.how, "syscall");
	enum trust trust = TRUST_UNKNOWN;
	bool is_signed = false;
	char name[64], mode[48];
	struct bootimage b;
	struct err e;

	if (d->load_disabled && !l->state.loaded) {
		found(l->f, "lockdown", GRADE_FAIL, "kernel.kexec_load_disabled is set, and "
		      "nothing was loaded before: only a boot helps");
		return;
	}
	if (!lockdown_wants_signature(d)) {
		found(l->f, "lockdown", GRADE_OK, "any kernel may be loaded");
		return;
	}
	if (bootimage_open(&b, kernel_in_use(l), &e)) {
		is_signed = b.is_signed;
		trust = signature_trust(&b, l->root);
		signature_issuer(&b, name, sizeof(name));
		bootimage_close(&b);
	}
	snprintf(mode, sizeof(mode), "%s%s%s", d->secure_boot ? "Secure Boot" : "",
		 d->secure_boot && d->mode[0] ? ", " : "", d->mode);
	if (is_signed && trust == TRUST_NO && !is_proven) {
		found(l->f, "lockdown", GRADE_FAIL, "%s: only a signed kernel may be loaded, "
		      "and the running one has no key of '%s', who signed %s: that comes "
		      "from shim or the firmware, with Secure Boot", mode, name,
		      kernel_in_use(l));
		return;
	}
	found(l->f, "lockdown", is_signed ? GRADE_OK : GRADE_FAIL,
	      "%s: only a signed kernel may be loaded, and %s is %ssigned%s",
	      mode, kernel_in_use(l), is_signed ? "" : "not ",
	      is_signed && root_exists(l->root, OWN_KERNEL) ?
	      "; " OWN_KERNEL " is not, and left alone" : "");
}

static void check_loaded(struct look *l)
{
	struct tm tm;
	char when[32] = "";
	time_t t = l->loaded.when;

	if (!l->state.loaded) {
		found(l->f, "loaded", GRADE_FAIL, "no capture kernel is loaded: crashbox load");
		return;
	}
	if (!l->is_known) {
		found(l->f, "loaded", GRADE_WARN, "something is loaded, but not by `crashbox "
		      "load`, so nobody knows what: crashbox load");
		return;
	}
	if (gmtime_r(&t, &tm))
		strftime(when, sizeof(when), " at %Y-%m-%d %H:%M:%S UTC", &tm);
	found(l->f, "loaded", GRADE_OK, "by %s%s", l->loaded.how, when);
}

/* Is the file still the one that is loaded? */
static void check_file(struct look *l, const char *what, const struct file_fact *then)
{
	struct file_fact now;
	char version[160] = "";
	struct bootimage b;
	struct err e;

	if (!file_fact(&now, then->path, &e)) {
		found(l->f, what, GRADE_WARN, "%s; the loaded copy works, but the next boot "
		      "has none", e.text);
		return;
	}
	if (now.size != then->size || strcmp(now.sha256, then->sha256)) {
		found(l->f, what, GRADE_WARN, "%s is not what is loaded, it was changed since: "
		      "crashbox load", then->path);
		return;
	}
	if (!strcmp(what, "kernel") && bootimage_open(&b, then->path, &e)) {
		snprintf(version, sizeof(version), ", Linux %s", b.version);
		bootimage_close(&b);
	}
	found(l->f, what, GRADE_OK, "%s%s, %" PRIu64 " KiB", then->path, version,
	      (now.size + 1023) / 1024);
}

/* The image has a copy of it. */
static void check_image_age(struct look *l)
{
	struct stat conf, image;

	if (l->config && !stat(l->config_path, &conf) && !stat(l->loaded.initrd.path, &image) &&
	    conf.st_mtime > image.st_mtime)
		found(l->f, "image", GRADE_WARN, "%s was changed after the image was made: "
		      "crashbox image, then crashbox load", l->config_path);
}

/* ---- what the capture kernel can reach --------------------------------------- */

#define READS_LEN (512u << 20)	/* of an arena; what is not touched costs nothing */

/* Each module that the targets' disks and file systems hang on must be had from somewhere. */
static void check_modules(struct look *l, const struct reads *r, const char *image)
{
	char names[2][200] = { "", "" };
	struct drivers d = { .root = l->root };
	struct err e;

	for (unsigned i = 0; i < l->config->n_targets; i++)
		if (!drivers_target(&d, l->config->targets[i], &e)) {
			found(l->f, "drivers", GRADE_WARN, "%s", e.text);
			return;
		}
	for (unsigned i = 0; i < d.n; i++) {
		enum read_answer answer = reads_module(r, d.names[i]);
		char *to = names[answer == READ_NO];

		if (answer == READ_YES)
			continue;
		snprintf(to + strlen(to), sizeof(names[0]) - strlen(to), " %s", d.names[i]);
	}
	if (r->is_foreign && (names[0][0] || names[1][0]))
		found(l->f, "drivers", GRADE_FAIL, "the modules in %s are of Linux %s, and %s "
		      "is %s, which takes none of them: crashbox image, then crashbox load",
		      image, r->of, kernel_in_use(l), r->kernel);
	else if (names[1][0])
		found(l->f, "drivers", GRADE_FAIL, "the targets need%s, which is neither in %s "
		      "nor built into %s: crashbox image, then crashbox load", names[1], image,
		      kernel_in_use(l));
	else if (names[0][0])
		found(l->f, "drivers", GRADE_WARN, "whether%s is built into %s cannot be told",
		      names[0], kernel_in_use(l));
	else
		found(l->f, "drivers", GRADE_OK, "the capture kernel has the %u drivers and "
		      "file systems that the targets need", d.n);
}

static void check_drivers(struct look *l)
{
	const char *image = l->is_known ? l->loaded.initrd.path : l->plan.initrd;
	struct arena arena;
	struct reads r;
	struct err e;

	if (!l->config)
		return;
	if (!arena_init(&arena, READS_LEN, &e)) {
		found(l->f, "drivers", GRADE_WARN, "%s", e.text);
		return;
	}
	if (reads_open(&r, l->root, kernel_in_use(l), image, &arena, &e))
		check_modules(l, &r, image);
	else
		found(l->f, "drivers", GRADE_FAIL, "%s", e.text);
	arena_deinit(&arena);
}

/* ---- the next boot ---------------------------------------------------------- */

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

/* ---- for information -------------------------------------------------------- */

static void check_panic(struct look *l)
{
	uint64_t oops = 0, sysrq = 0;

	root_number(l->root, "/proc/sys/kernel/panic_on_oops", &oops);
	root_number(l->root, "/proc/sys/kernel/sysrq", &sysrq);
	found(l->f, "panic", GRADE_OK, "an oops %s (kernel.panic_on_oops=%" PRIu64 "); sysrq-c "
	      "by keyboard is %s (kernel.sysrq=%" PRIu64 ")", oops ? "is captured" :
	      "kills a process only, and is not captured", oops,
	      sysrq == 1 || sysrq & 8 ? "on" : "off", sysrq);
}

static void check_watchdog(struct look *l)
{
	char identity[64], state[32] = "";
	struct err ignored;

	if (!root_read(l->root, "/sys/class/watchdog/watchdog0/identity", identity,
		       sizeof(identity), &ignored)) {
		found(l->f, "watchdog", GRADE_OK, "none: only the capture's own deadline ends "
		      "a machine that hangs");
		return;
	}
	root_read(l->root, "/sys/class/watchdog/watchdog0/state", state, sizeof(state),
		  &ignored);
	found(l->f, "watchdog", GRADE_OK, "%s%s%s", identity, state[0] ? ", " : "", state);
}

void armed_check(struct findings *f, const char *root, const char *config_path,
		 const struct config *config)
{
	struct look l = { .f = f, .root = root, .config_path = config_path, .config = config };
	const struct plan_want want = { .root = root };
	struct err e;

	if (!plan_make(&l.plan, &want, &e))
		found(f, "cmdline", GRADE_FAIL, "%s", e.text);
	kexec_state(&l.state, root);
	l.is_known = l.state.loaded && loaded_read(&l.loaded, root, &e);
	check_reserved(&l);
	check_lockdown(&l);
	check_loaded(&l);
	if (l.is_known) {
		check_file(&l, "kernel", &l.loaded.kernel);
		check_file(&l, "image", &l.loaded.initrd);
		check_image_age(&l);
	}
	check_drivers(&l);
	check_boot(&l);
	check_update(&l);
	check_panic(&l);
	check_watchdog(&l);
}
