/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disks of a machine that is up: it may have them mounted, and uses them itself. */
#include "disk_up.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "disk_room.h"
#include "machine/mounts.h"
#include "mounted.h"
#include "target.h"

const char *disk_up_root(const struct target *t)
{
	return t->access.root ? t->access.root : "";
}

/* Where a machine that is up has it. */
static void take_mounted(struct target *t, const char *at)
{
	const char *root = disk_up_root(t);

	snprintf(t->root, sizeof(t->root), "%s%s", root,
		 root[0] && !strcmp(at, "/") ? "" : at);
}

bool disk_up_reach(struct target *t, const struct disk_search *s, struct err *e)
{
	bool to_write = t->access.to_write;
	struct mount_entry m;
	char rest[128];

	snprintf(t->path, sizeof(t->path), "%s", s->spec->path);
	if (!disk_room_find(s, t->device, e))
		return false;
	if (disk_room_mounted(s, t->device, &m, rest)) {
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

/* What a look mounts shows what is on the disk, and not what is in its journal. */
bool disk_up_store(const struct target *t, struct store *of, struct err *e)
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
bool disk_up_probe(struct target *t, struct target_probe *p, const struct disk_search *s,
		   struct err *e)
{
	const char *words = t->access.words;
	struct disk_room room;

	if (!disk_room_look(&room, s, e))
		return false;
	doubt(p, &room, s);
	if (room.in_use)
		doubt_subvolume(p, s->spec);
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
