/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The modules and firmware of an image. Drivers are looked up, then the modules that make
 * them, then what these ask for.
 */
#include "equip.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/err.h"
#include "firmware.h"
#include "host/root.h"
#include "machine/efi_log.h"
#include "machine/modules.h"
#include "net_drivers.h"
#include "targets/disk.h"
#include "targets/target_kinds.h"

#define NAMES_LEN 400

__attribute__((format(printf, 2, 3)))
static void note(struct equipment *q, const char *fmt, ...)
{
	size_t len = strlen(q->notes);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(q->notes + len, sizeof(q->notes) - len, fmt, ap);
	va_end(ap);
	len = strlen(q->notes);
	snprintf(q->notes + len, sizeof(q->notes) - len, "\n");
}

static void add_name(char names[NAMES_LEN], const char *name)
{
	size_t len = strlen(names);

	snprintf(names + len, NAMES_LEN - len, " %s", name);
}

/* ---- drivers ---------------------------------------------------------------- */

/*
 * Where drivers are built in, and nothing has to be chosen, an image may be made for another
 * machine, or without root: what cannot be looked at is said, and no more.
 */
static bool may_pass(const struct outfit *o, struct err *e)
{
	if (o->r->modules || e->code == ENOTSUP || e->code == EINVAL)
		return false;
	note(o->q, "%s: so nobody has checked whether the capture kernel has what it needs",
	     e->text);
	return true;
}

/* Which of several disks of one name a crash finds first is not certain. */
static void note_twins(const struct outfit *o, const char *target)
{
	const struct target_kind *kind = target_kind_of(target);
	struct disk_spec spec;
	struct err ignored;
	unsigned n;

	if (!kind || !kind->device_of || !kind->device_of(&spec, target, &ignored))
		return;
	n = disk_count(&(struct disk_search){ .spec = &spec, .root = o->r->root });
	if (n > 1)
		note(o->q, "target %s: %u disks are called so: give each a UUID and a label of "
		     "its own", target, n);
}

static bool look_up(const struct outfit *o, struct err *e)
{
	struct drivers *d = &o->q->drivers;

	if (!drivers_watchdogs(d, e))
		return false;
	for (unsigned i = 0; i < o->config->n_targets; i++) {
		if (!drivers_target(d, o->config->targets[i], e) && !may_pass(o, e))
			return false;
		note_twins(o, o->config->targets[i]);
	}
	return true;
}

/* The drivers of interfaces, also beside those that are named: --net asks for them. */
static bool look_up_net(const struct outfit *o, struct err *e)
{
	const struct image_request *r = o->r;
	struct drivers *d = &o->q->drivers;

	if (r->drivers && !r->n_interfaces)
		return true;
	for (unsigned i = 0; i < r->n_interfaces; i++)
		if (!net_drivers_add(d, r->interfaces[i], e) && !may_pass(o, e))
			return false;
	for (unsigned i = 0; i < o->config->n_nets; i++)
		if (!net_drivers_add_spec(d, &o->config->nets[i], r->n_interfaces, e) &&
		    !(e->code == EINVAL && !r->modules) && !may_pass(o, e))
			return false;
	/* Without a net line there may be ip= on the command line, which may be dhcp. */
	return !r->n_interfaces || drivers_add(d, "af_packet", e);
}

/* ---- modules ---------------------------------------------------------------- */

/* One that the file system asks for while it mounts, a module or built in. */
static bool meet(const struct outfit *o, const struct fs_need *need, struct err *e)
{
	const char *who = o->r->modules ? o->r->modules : o->r->kernel;
	bool has = false;

	if (o->r->modules && need->module && !kmod_wish(&o->q->kmods, need->module, &has, e))
		return false;
	if (has)
		return true;
	switch (fsneeds_built_in(need, &o->q->builtin)) {
	case NEED_MET:
		return true;
	case NEED_UNKNOWN:
		note(o->q, "whether %s can mount %s with %s (CONFIG_%s) cannot be told",
		     who ? who : "the capture kernel", need->fs, need->name, need->symbol);
		return true;
	case NEED_NOT_MET:
		break;
	}
	return fail(e, ENOTSUP, "a target's %s has %s, which the kernel of %s cannot mount "
		    "(CONFIG_%s is off): take another disk, or another kernel", need->fs,
		    need->name, who, need->symbol);
}

/* Named file systems may be of any disk: whatever their modules may ask for. */
static bool meet_any(const struct outfit *o, const char *fs, struct err *e)
{
	const struct fs_need *need;
	bool has;

	for (unsigned i = 0; (need = fsneeds_of(fs, i)); i++)
		if (need->module && !kmod_wish(&o->q->kmods, need->module, &has, e))
			return false;
	return true;
}

/* What encrypts faster than the code that is for all CPUs, if this CPU does it. */
static bool wish_faster(const struct outfit *o, struct err *e)
{
	static const char *const faster[] = { "aesni_intel", "aes_ce_blk", "ecb" };
	char path[128];
	bool has;

	for (size_t i = 0; i < sizeof(faster) / sizeof(faster[0]); i++) {
		snprintf(path, sizeof(path), "/sys/module/%s", faster[i]);
		if (root_exists(o->r->root, path) &&
		    !kmod_wish(&o->q->kmods, faster[i], &has, e))
			return false;
	}
	return true;
}

/* Where the firmware has variables, the end of a log may go there. */
static bool wish_last_words(const struct outfit *o, struct err *e)
{
	bool has;

	return !o->config->last_words || o->r->generic ||
	       !root_exists(o->r->root, EFI_VARIABLES) ||
	       kmod_wish(&o->q->kmods, "efivarfs", &has, e);
}

static bool choose_modules(const struct outfit *o, struct err *e)
{
	const struct drivers *d = &o->q->drivers;

	if (d->n && !kmod_open(&o->q->kmods, o->a, o->r->modules, e))
		return false;
	if (d->n && !wish_last_words(o, e))
		return false;
	if (drivers_have(d, "dm_crypt") && !wish_faster(o, e))
		return false;
	for (unsigned i = 0; i < d->n; i++)
		if (!kmod_need(&o->q->kmods, d->names[i], e) ||
		    (o->r->drivers && !meet_any(o, d->names[i], e)))
			return false;
	return true;
}

static bool add_modules(const struct outfit *o, struct err *e)
{
	char *order = arena_take(o->a, MODULES_ORDER_MAX, 1, "modules/order", e);
	const struct kmods *k = &o->q->kmods;
	struct cpio_file list = { .name = "modules/order", .mode = S_IFREG | 0644 };
	struct blob text = { (uint8_t *)order, 0 };

	if (!order)
		return false;
	for (unsigned i = 0; i < k->n; i++) {
		char path[2 * MODULE_PATH], to[MODULE_NAME + 8], name[MODULE_NAME];
		const struct cpio_file module = { .name = to, .mode = S_IFREG | 0644 };

		snprintf(path, sizeof(path), "%s/%s", k->dir, k->paths[i]);
		if (!kmod_file_name(path, name))
			return fail(e, EINVAL, "%s: not a module (.ko, .ko.xz, .ko.zst, "
				    ".ko.gz)", path);
		if (text.len + strlen(name) + 2 > MODULES_ORDER_MAX)
			return fail(e, E2BIG, "%u modules are more than the agent loads", k->n);
		text.len += sprintf(order + text.len, "%s\n", name);
		snprintf(to, sizeof(to), "modules/%s", name);
		if (!parts_file(o->parts, &module, path, e))
			return false;
	}
	list.data = text;
	return parts_add(o->parts, &list, e);
}

/* ---- firmware --------------------------------------------------------------- */

/*
 * A driver names all that any of its cards, of any age, may ask for. What is not on this
 * machine its card did without when it came up here: that is said, and no error.
 */
static bool add_firmware(const struct outfit *o, struct blob info, const char *driver,
			 const char *prefix, struct err *e)
{
	char name[FIRMWARE_NAME], path[HOST_PATH_MAX], lost[NAMES_LEN] = "";
	char to[FIRMWARE_NAME + 16];
	const struct cpio_file file = { .name = to, .mode = S_IFREG | 0644 };

	while (firmware_next(&info, prefix, name)) {
		snprintf(to, sizeof(to), "lib/firmware/%s", name);
		if (parts_have(o->parts, to))
			continue;
		if (!firmware_find(o->r->root, o->q->builtin.release, name, path))
			add_name(lost, name);
		else if (!parts_folders_of(o->parts, to, e) ||
			 !parts_file(o->parts, &file, path, e))
			return within(e, "firmware of %s", driver);
	}
	if (lost[0])
		note(o->q, "firmware that %s may ask for, and that is not in /lib/firmware:%s",
		     driver, lost);
	return true;
}

static bool add_all_firmware(const struct outfit *o, struct err *e)
{
	const struct drivers *d = &o->q->drivers;

	for (unsigned i = 0; i < o->parts->n; i++) {
		const struct image_part *p = &o->parts->part[i];
		struct blob info;

		if (!strncmp(p->file.name, "modules/", 8) &&
		    firmware_modinfo(&p->file.data, &info) &&
		    !add_firmware(o, info, p->file.name + 8, NULL, e))
			return false;
	}
	for (unsigned i = 0; i < d->n; i++)
		if (!add_firmware(o, o->q->builtin.modinfo, d->names[i], d->names[i], e))
			return false;
	return true;
}

/* ---- the whole -------------------------------------------------------------- */

static void note_lacking(const struct outfit *o)
{
	const struct drivers *d = &o->q->drivers;
	char lacking[NAMES_LEN] = "";

	for (unsigned i = 0; o->q->builtin.modules && i < d->n; i++)
		if (!builtin_has(&o->q->builtin, d->names[i]))
			add_name(lacking, d->names[i]);
	if (lacking[0])
		note(o->q, "not built into %s:%s", o->r->kernel, lacking);
}

bool equip(const struct outfit *o, struct err *e)
{
	const struct image_request *r = o->r;
	struct equipment *q = o->q;

	q->builtin = (struct builtin){ .root = r->root, .arena = o->a };
	q->drivers = (struct drivers){ .root = r->root, .with_suppliers = r->modules != NULL };
	if (r->modules)
		builtin_of_modules(&q->builtin, r->modules);
	else if (r->kernel)
		builtin_of_kernel(&q->builtin, r->kernel);
	if (r->drivers ? !drivers_add_list(&q->drivers, r->drivers, e) :
	    !r->generic && !look_up(o, e))
		return false;
	if ((!r->generic && !look_up_net(o, e)) || (r->modules && !choose_modules(o, e)))
		return false;
	for (unsigned i = 0; i < q->drivers.n_needs; i++)
		if (!meet(o, q->drivers.needs[i], e))
			return false;
	if (!r->modules)
		note_lacking(o);
	return add_modules(o, e) && add_all_firmware(o, e);
}
