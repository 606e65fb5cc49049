/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A disk is only looked at, an export is mounted, on a server a file is made and removed. */
#include "target_look.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "advice.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "base/progress.h"
#include "config/config.h"
#include "config/resolve.h"
#include "disk_room.h"
#include "host/mounts.h"
#include "kexec/plan.h"
#include "machine/reach.h"
#include "target_past.h"
#include "target_seen.h"
#include "targets/connect.h"
#include "targets/nfs.h"
#include "targets/sftp.h"
#include "targets/sftp_ask.h"
#include "targets/store.h"
#include "targets/store_dir.h"
#include "targets/store_sftp.h"
#include "targets/target_kinds.h"

#define ARENA_LEN (4u << 20)
#define ANSWER_S 10
#define LEAST_ROOM (64u << 20)
#define USER_AND_FREE 24	/* of a dump level: what most of a machine's memory is */

/*
 * A tenth of the memory is what dumps without user memory and free pages seldom exceed,
 * by reports of many; with them it is all of it.
 */
uint64_t target_dump_len(const struct config *config, unsigned ram_gib)
{
	uint64_t ram = (uint64_t)ram_gib << 30;

	return (config->level & USER_AND_FREE) == USER_AND_FREE ? ram / 10 : ram;
}

/*
 * Two bits for each page frame up to the end of memory: mostly holes where memory lies far
 * up, but whether a server's file system has holes nobody can tell.
 */
static uint64_t bitmaps_len(const struct look *l)
{
	if (!target_needs(l->config->targets[l->nr], NEEDS_NET))
		return 0;
	return plan_ram_end(l->root) / sysconf(_SC_PAGESIZE) / 4;
}

static void judge_room(struct look *l, const char *where, uint64_t free_len)
{
	uint64_t wanted = target_dump_len(l->config, l->ram_gib) + bitmaps_len(l);
	char has[32], want[32];

	format_bytes(free_len, has, sizeof(has));
	format_bytes(wanted, want, sizeof(want));
	if (free_len < LEAST_ROOM)
		found(l->f, l->what, GRADE_FAIL, "%s: only %s are free", where, has);
	else if (free_len < wanted)
		found(l->f, l->what, GRADE_WARN, "%s: %s are free, and a dump at level %u may "
		      "take %s", where, has, l->config->level, want);
	else
		found(l->f, l->what, GRADE_OK, "%s: %s are free", where, has);
}

/* What a dump will probably survive, but nobody would wish. */
static void doubt_disk(struct look *l, const char *target, const struct disk_spec *spec,
		       const struct disk_room *room)
{
	if (disk_count(spec, l->root) > 1)
		found(l->f, l->what, GRADE_WARN, "%s: more than one disk is called so, and a "
		      "capture takes the first that it finds", target);
	if (room->mounted[0] && room->read_only)
		found(l->f, l->what, GRADE_WARN, "%s: %s is mounted read-only at %s; after an "
		      "error of the disk it would be", target, room->device, room->mounted);
	if (room->stopped)
		found(l->f, l->what, GRADE_WARN, "%s: %s is mounted for writing at %s, and has "
		      "stopped to write: after an error; look at the kernel's log", target,
		      room->device, room->mounted);
	if (room->n_errors)
		found(l->f, l->what, GRADE_WARN, "%s: %s has written down %" PRIu32 " error%s "
		      "of its file system: e2fsck", target, room->device, room->n_errors,
		      room->n_errors == 1 ? "" : "s");
}

/*
 * What crashes have left is looked at where the disk is mounted; where it is not, it is mounted
 * as `list` does it, which leaves words in the kernel's log, only when it matters.
 */
static void look_at_past(struct look *l, const struct disk_spec *spec,
			 const struct disk_room *room)
{
	char at[HOST_PATH_MAX] = "";
	struct store store;
	bool is_ours = !room->mounted[0];
	struct err ignored;

	if (is_ours ? l->root[0] || geteuid() || !target_past_matters(l) ||
		      !mounts_go_private(NULL, at, &ignored) ||
		      !disk_mount_look(room->device, at, &ignored)
		    : !root_path(at, l->root, room->mounted, &ignored))
		return;
	if (store_dir_open(&store, at, spec->path, &ignored)) {
		target_past(l, &store);
		store.ops->close(&store);
	}
	if (is_ours)
		umount2(at, MNT_DETACH);
}

static void check_disk(struct look *l, const char *target)
{
	struct disk_spec spec;
	struct disk_room room;
	char where[500];
	struct err e;

	if (!disk_parse(&spec, target_rest(target), &e) ||
	    !disk_room_look(&room, &spec, l->root, &e)) {
		found(l->f, l->what, GRADE_FAIL, "%s: %s", target, e.text);
		return;
	}
	doubt_disk(l, target, &spec, &room);
	snprintf(where, sizeof(where), "%s: %s on %s, %s%s%s", target, room.type, room.device,
		 room.mounted[0] ? "mounted at " : "not mounted", room.mounted,
		 room.mounted[0] && !room.has_folder ? ", the folder will be made" : "");
	judge_room(l, where, room.free_len);
	look_at_past(l, &spec, &room);
}

/* As may_write() below, in a folder that is open; whose what we make there is, too. */
static bool may_write_in(int dir_fd, uint32_t *maker, struct err *e)
{
	char name[40];
	cleanup_fd int fd = -1;
	struct stat st;
	bool ok;

	snprintf(name, sizeof(name), ".crashbox-status-%d", getpid());
	fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(e, errno, "cannot write there: %s", strerror(errno));
	if (!fstat(fd, &st))
		*maker = st.st_uid;
	ok = write_all(fd, "crashbox", 8, name, e) &&
	     (!fsync(fd) || fail(e, errno, "%s: %s", name, strerror(errno)));
	if (unlinkat(dir_fd, name, 0) && ok)
		return fail(e, errno, "%s: cannot remove it again: %s", name, strerror(errno));
	return ok;
}

/* Mounts it as a capture would, which this child may do without anybody's noticing. */
static void check_export(struct look *l, const char *target, const struct nfs_spec *spec,
			 const struct ipaddr *ip)
{
	char at[64], name[80] = "";
	struct store store;
	cleanup_fd int fd = -1;
	uint32_t maker = 0;
	struct statvfs fs;
	struct err e;

	gethostname(name, sizeof(name) - 1);
	if (!mounts_go_private(NULL, at, &e) ||
	    !nfs_mount(spec, ip, name, at, &l->seen->steps, &e)) {
		found(l->f, l->what, GRADE_FAIL, "%s: %s", target, e.text);
		return;
	}
	fd = open(at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fstatvfs(fd, &fs))
		found(l->f, l->what, GRADE_FAIL, "%s: %s", target, strerror(errno));
	else if (!may_write_in(fd, &maker, &e))
		found(l->f, l->what, GRADE_FAIL, "%s: %s", target, e.text);
	else
		judge_room(l, target, (uint64_t)fs.f_bavail * fs.f_frsize);
	if (fd >= 0 && store_dir_open(&store, at, "/", &e)) {
		store_dir_trust(&store, maker);
		target_past(l, &store);
		store.ops->close(&store);
	}
	close(take_fd(&fd));
	umount2(at, MNT_DETACH);
}

static void check_nfs(struct look *l, const char *target)
{
	struct ipaddr ips[MAX_NAME_ADDRESSES];
	struct nfs_spec spec;
	unsigned n;
	struct err e;

	if (!nfs_parse(&spec, target, &e)) {
		found(l->f, l->what, GRADE_FAIL, "%s: %s", target, e.text);
		return;
	}
	n = resolve_known(&l->config->names, spec.remote.host, ips);
	err_set(&e, ENOENT, "%s has no address", spec.remote.host);
	for (unsigned i = 0; i < n; i++) {
		if (!reach_tcp(&ips[i], spec.remote.port, ANSWER_S, &l->seen->steps, NULL, &e))
			continue;
		if (geteuid())
			found(l->f, l->what, GRADE_WARN, "%s: the server answers; only root "
			      "may see more", target);
		else
			check_export(l, target, &spec, &ips[i]);
		return;
	}
	found(l->f, l->what, GRADE_FAIL, "%s: %s", target, e.text);
}

/*
 * A small file made and removed: the only way to know that we may write there. A folder
 * that is not there will be made, so the one above counts: it goes to `at`.
 */
static bool may_write(struct sftp *c, const char *folder, char at[SFTP_PATH_MAX],
		      struct err *e)
{
	char path[SFTP_PATH_MAX + 40];
	bool is_folder, ok;
	unsigned file;

	snprintf(at, SFTP_PATH_MAX, "%s", folder);
	while (!sftp_look_through(c, at, &is_folder, e)) {
		char *slash = strrchr(at, '/');

		if (e->code != ENOENT || !slash || !at[1])
			return within(e, "%s", at);
		slash[slash == at] = '\0';
	}
	if (!is_folder)
		return fail(e, ENOTDIR, "%s: not a folder", at);
	snprintf(path, sizeof(path), "%s/.crashbox-status-%d", at, getpid());
	if (!sftp_open(c, path, SFTP_O_WRITE | SFTP_O_CREATE | SFTP_O_EXCLUSIVE, &file, e))
		return within(e, "%s: cannot write there", at);
	ok = sftp_write(c, file, 0, "crashbox", 8, e) && sftp_drain(c, file, e);
	ok &= sftp_close(c, file, e);
	return sftp_remove(c, path, e) && ok;
}

static void check_sftp(struct look *l, const char *target)
{
	struct connection c = { .client = SSHCLIENT_NONE };
	struct host_names names = l->config->names;
	uint64_t free_len = 0;
	char at[SFTP_PATH_MAX];
	struct store store;
	struct arena arena;
	struct err e;
	struct connect_want want = {
		.program = l->ssh,
		.keys = &l->config->ssh,
		.names = &names,
		.stall_s = l->config->stall_s,	/* as a capture is patient */
		.durable = &l->seen->steps,
	};

	if (!arena_init(&arena, ARENA_LEN, &e)) {
		found(l->f, l->what, GRADE_WARN, "%s: %s", target, e.text);
		return;
	}
	want.arena = &arena;
	if (!resolve_target(&names, target, &e) ||
	    !connect_sftp(&c, target_rest(target), &want, &e) ||
	    !may_write(c.sftp, c.remote.path, at, &e))
		found(l->f, l->what, GRADE_FAIL, "%s: %s", target, e.text);
	else if (!c.sftp->can_statvfs ||
		 !sftp_free_len(c.sftp, at, &free_len, &e))
		found(l->f, l->what, GRADE_OK, "%s: can be written; the server does not tell "
		      "how much is free", target);
	else
		judge_room(l, target, free_len);
	if (c.sftp) {
		store_sftp_open(&store, c.sftp, c.remote.path);
		target_past(l, &store);
	}
	connection_close(&c);
	arena_deinit(&arena);
}

static void (*const checks[])(struct look *l, const char *target) = {
	[TARGET_DISK] = check_disk,
	[TARGET_NFS] = check_nfs,
	[TARGET_SFTP] = check_sftp,
};

_Static_assert(sizeof(checks) / sizeof(checks[0]) == N_TARGET_KINDS, "each kind");

void target_look(void *ctx)
{
	struct look l = *(struct look *)ctx;
	const char *target = l.config->targets[l.nr];

	l.f = &l.seen->found;
	checks[target_kind_nr(target_kind_of(target))](&l, target);
}
