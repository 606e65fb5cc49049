/* SPDX-License-Identifier: GPL-2.0-or-later */
/* disk: a file system on a device of this machine, mounted for the capture. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/log.h"
#include "disk.h"
#include "disk_up.h"
#include "mounted.h"
#include "target.h"
#include "target_kinds.h"
#include "volumes/volume_up.h"

static bool device_of(struct disk_spec *spec, const char *words, struct err *e)
{
	return disk_parse(spec, target_rest(words), e);
}

static bool check(const char *words, struct err *e)
{
	struct disk_spec spec;

	return device_of(&spec, words, e);
}

/* Whatever was put together by a key that is not its own has no file system on it. */
static bool is_it(const struct disk_spec *spec, const char *device, struct err *e)
{
	struct disk_fs fs;

	if (!disk_probe(device, &fs, e))
		return false;
	if (!fs.type[0])
		return fail(e, EINVAL, "%s: none of " DISK_FILE_SYSTEMS " is on it (was "
			    "its key changed since it was loaded?)", device);
	if ((spec->by == BY_UUID && strcasecmp(fs.uuid, spec->value)) ||
	    (spec->by == BY_LABEL && strcmp(fs.label, spec->value)))
		return fail(e, EINVAL, "%s: another file system is on it than %s", device,
			    spec->value);
	return true;
}

/* A volume is put together first; it is the one, whatever else looks like it. */
static bool find(const struct target_access *a, const struct disk_search *s, struct err *e)
{
	const struct volume_search search = {
		a->wait.least_s, a->wait.most_s, a->hung ? a->hung->names : NULL,
		a->hung ? a->hung->n : 0, a->device, a->alive,
	};
	unsigned node = NO_NODE;
	struct volumes v;

	if (a->volumes && !volumes_read(&v, a->volumes, e)) {
		if (e->code != ENOENT)
			return false;
	} else if (a->volumes) {
		node = volumes_of(&v, a->words);
	}
	if (node == NO_NODE)
		return disk_find(s, &a->wait, a->device, e);
	log_info("putting its volume together");
	return volume_up(&v, node, a->volume_keys, &search, a->device, e) &&
	       is_it(s->spec, a->device, e);
}

static bool reach(struct target *t, struct err *e)
{
	const struct target_access *a = &t->access;
	struct disk_search search;
	struct disk_spec spec;

	if (!device_of(&spec, a->words, e))
		return false;
	snprintf(t->path, sizeof(t->path), "%s", spec.path);
	if (t->is_look) {
		search = (struct disk_search){ .spec = &spec, .root = disk_up_root(t) };
		return disk_up_reach(t, &search, e);
	}
	search = (struct disk_search){ .spec = &spec, .root = "", .hung = a->hung,
				       .alive = a->alive };
	if (!find(a, &search, e) || !mounted_place(t, e))
		return false;
	snprintf(t->device, sizeof(t->device), "%s", a->device);
	log_info("mounting %s", t->device);
	t->is_mounted = disk_mount(t->device, t->root, e);
	return t->is_mounted;
}

static bool probe(struct target *t, struct target_probe *p, struct err *e)
{
	struct disk_spec spec;
	const struct disk_search search = { .spec = &spec, .root = disk_up_root(t) };

	return device_of(&spec, t->access.words, e) && disk_up_probe(t, p, &search, e);
}

const struct target_kind kind_disk = {
	.name = "disk",
	.needs = NEEDS_DEVICE | NEEDS_MOUNT,
	.can = CAN_ALL,
	.called = (const char *const []){ "ext4", "xfs", "ext3", "ext2", "btrfs", NULL },
	.check = check,
	.device_of = device_of,
	.reach = reach,
	.probe = probe,
	.sink = mounted_sink,
	.store = disk_up_store,
	.unmake = mounted_unmake,
	.leave = mounted_leave,
};
