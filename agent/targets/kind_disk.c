/* SPDX-License-Identifier: GPL-2.0-or-later */
/* disk: a file system on a device of this machine, mounted for the capture. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/log.h"
#include "disk.h"
#include "disk_room.h"
#include "machine/mounts.h"
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

static const char *root_of(const struct target *t)
{
	return t->access.root ? t->access.root : "";
}

/* Where a machine that is up has it. */
static void take_mounted(struct target *t, const char *at)
{
	const char *root = root_of(t);

	snprintf(t->root, sizeof(t->root), "%s%s", root,
		 root[0] && !strcmp(at, "/") ? "" : at);
}

static bool reach_up(struct target *t, const struct disk_spec *spec, struct err *e)
{
	bool to_write = t->access.to_write;
	const struct disk_search search = { .spec = spec, .root = root_of(t) };
	struct mount_entry m;
	char rest[128];

	if (!disk_room_find(&search, t->device, e))
		return false;
	if (disk_room_mounted(&search, t->device, &m, rest)) {
		snprintf(t->path, sizeof(t->path), "%s", rest);
		take_mounted(t, m.at);
		snprintf(t->how, sizeof(t->how), "%s, mounted at %s", t->device, m.at);
		return true;
	}
	if (!mounted_place(t, e))
		return within(e, "%s is not mounted", t->device);
	t->is_mounted = (to_write ? disk_mount : disk_mount_look)(t->device, t->root, e);
	snprintf(t->how, sizeof(t->how), "%s, mounted for this look only%s", t->device,
		 to_write ? "" : ", its journal not replayed");
	return t->is_mounted;
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
	if (t->is_look)
		return reach_up(t, &spec, e);
	search = (struct disk_search){ &spec, "", a->hung, a->alive };
	if (!find(a, &search, e) || !mounted_place(t, e))
		return false;
	snprintf(t->device, sizeof(t->device), "%s", a->device);
	log_info("mounting %s", t->device);
	t->is_mounted = disk_mount(t->device, t->root, e);
	return t->is_mounted;
}

/* What a look mounts shows what is on the disk, and not what is in its journal. */
static bool store(const struct target *t, struct store *of, struct err *e)
{
	if (mounted_store(t, of, e))
		return true;
	if (!t->is_look || !t->is_mounted)
		return false;
	if (e->code != ENOENT)
		return within(e, "%s", t->device);
	return fail(e, ENOENT, "%s: no folder %s on it%s", t->device, t->path,
		    t->access.to_write ? "" : ", as far as one sees without replaying its "
		    "journal (mount it to see all)");
}

/* Whoever forgot that subvolumes stand in the path would look for the dumps in vain. */
static void doubt_subvolume(struct target_probe *p, const struct disk_spec *spec)
{
	struct mount_entry m;
	char on_fs[256];
	struct err ignored;

	if (mounts_holding(spec->path, &m, on_fs, &ignored) && !strcmp(m.type, "btrfs"))
		target_doubt(p, "%s is a path from the top of the btrfs, in none of the "
			     "subvolumes that are mounted here; %s of this machine is %s",
			     spec->path, spec->path, on_fs);
	else
		target_doubt(p, "%s is a path from the top of the btrfs, in none of the "
			     "subvolumes that are mounted here", spec->path);
}

static void doubt(struct target_probe *p, const struct disk_room *room,
		  const struct disk_search *s)
{
	unsigned n = disk_room_namesakes(s);

	if (n > 1)
		target_doubt(p, "of %u disks each boot calls another one so: name it by UUID= "
			     "or LABEL=", n);
	if (disk_count(s) > 1)
		target_doubt(p, "more than one disk is called so, and a capture takes the "
			     "first that it finds");
	if (room->mounted[0] && room->read_only)
		target_doubt(p, "%s is mounted read-only at %s; after an error of the disk it "
			     "would be", room->device, room->mounted);
	if (room->stopped)
		target_doubt(p, "%s is mounted for writing at %s, and has stopped to write: "
			     "after an error; look at the kernel's log", room->device,
			     room->mounted);
	if (room->n_errors)
		target_doubt(p, "%s has written down %" PRIu32 " error%s of its file system: "
			     "e2fsck", room->device, room->n_errors,
			     room->n_errors == 1 ? "" : "s");
}

/* It is only looked at: to mount it leaves words in the kernel's log. */
static bool probe(struct target *t, struct target_probe *p, struct err *e)
{
	const char *words = t->access.words;
	struct disk_spec spec;
	const struct disk_search search = { .spec = &spec, .root = root_of(t) };
	struct disk_room room;

	if (!device_of(&spec, words, e) || !disk_room_look(&room, &search, e))
		return false;
	doubt(p, &room, &search);
	if (room.in_use)
		doubt_subvolume(p, &spec);
	snprintf(p->where, sizeof(p->where), "%s: %s on %s, %s%s%s", words, room.type,
		 room.device, room.mounted[0] ? "mounted at " : "not mounted", room.mounted,
		 room.mounted[0] && !room.has_folder ? ", the folder will be made" : "");
	p->has_room = true;
	p->free_len = room.free_len;
	p->free_files = room.free_files;
	snprintf(t->path, sizeof(t->path), "%s", room.path);
	t->is_reached = room.mounted[0];
	if (t->is_reached)
		take_mounted(t, room.mounted);
	return true;
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
	.store = store,
	.unmake = mounted_unmake,
	.leave = mounted_leave,
};
