/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each kind of target needs to get to a folder. */
#include "target.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/below.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/progress.h"
#include "config/config.h"
#include "machine/host_names.h"
#include "targets/disk.h"
#include "targets/nfs.h"
#include "targets/sftp_ask.h"
#include "targets/sink_dir.h"
#include "targets/sink_sftp.h"
#include "targets/store.h"
#include "targets/store_dir.h"
#include "targets/store_sftp.h"
#include "targets/target_kinds.h"

static bool open_folder(struct target *t, const struct target_want *w, const char *path,
			struct err *e)
{
	struct sink_folder at = { t->mount, path, &w->progress->durable };

	snprintf(t->parent, sizeof(t->parent), "%s%s", t->mount,
		 strcmp(path, "/") ? path : "");
	if (w->folder[0])
		at.path = w->folder + strlen(t->mount);
	return w->folder[0] ? sink_dir_open(&t->sink, &at, e)
			    : sink_dir_new(&t->sink, &at, w->name, w->folder, e);
}

static const char *mount_at(const struct target_want *w)
{
	return w->mount_at ? w->mount_at : "/mnt";
}

static bool open_disk(struct target *t, const struct target_want *w, const char *words,
		      struct err *e)
{
	struct disk_spec spec;
	char *device = w->progress->device;

	if (!disk_parse(&spec, target_rest(words), e) ||
	    !disk_find(&spec, &w->wait, w->hung, &w->progress->alive, device, e))
		return false;
	snprintf(t->device, sizeof(t->device), "%.63s", device);
	snprintf(t->mount, sizeof(t->mount), "%s/%u", mount_at(w), w->nr);
	log_info("mounting %s", device);
	if (!disk_mount(device, t->mount, e)) {
		t->mount[0] = '\0';
		return false;
	}
	return open_folder(t, w, spec.path, e);
}

/* A name may have several addresses; the first that lets us in is the one. */
static bool open_nfs(struct target *t, const struct target_want *w, const char *words,
		     struct err *e)
{
	struct ipaddr ips[MAX_NAME_ADDRESSES];
	char mount[sizeof(t->mount)];
	struct nfs_spec spec;
	unsigned n;

	if (!nfs_parse(&spec, words, e))
		return false;
	if (!w->config->insecure)
		return fail(e, EPERM, NFS_INSECURE);
	n = host_names_lookup(&w->config->names, spec.remote.host, ips, e);
	snprintf(mount, sizeof(mount), "%s/%u", mount_at(w), w->nr);
	for (unsigned i = 0; i < n && !t->mount[0]; i++)
		if (nfs_mount(&spec, &ips[i], w->host, mount, &w->progress->alive, e))
			memcpy(t->mount, mount, sizeof(mount));
	return t->mount[0] && open_folder(t, w, "/", e);
}

/* Its own error must come before PID 1 thinks that we hang. */
static bool open_sftp(struct target *t, const struct target_want *w, const char *words,
		      struct err *e)
{
	const struct connect_want want = {
		.program = w->ssh ? w->ssh : SSH_PROGRAM,
		.keys = &w->config->ssh,
		.names = &w->config->names,
		.stall_s = w->config->stall_s * 0.75,
		.durable = &w->progress->durable,
		.arena = w->arena,
	};
	struct connection *c = &t->connection;

	if (!connect_sftp(c, target_rest(words), &want, e))
		return false;
	snprintf(t->parent, sizeof(t->parent), "%s", c->remote.path);
	if (w->folder[0])
		return sink_sftp_open(&t->sink, c->ahead, w->folder, e);
	return sink_sftp_new(&t->sink, c->ahead, t->parent, w->name, w->folder, e);
}

static bool (*const opens[])(struct target *t, const struct target_want *w,
			     const char *words, struct err *e) = {
	[TARGET_DISK] = open_disk,
	[TARGET_NFS] = open_nfs,
	[TARGET_SFTP] = open_sftp,
};

_Static_assert(sizeof(opens) / sizeof(opens[0]) == N_TARGET_KINDS, "each kind");

bool target_open(struct target *t, const struct target_want *w, struct err *e)
{
	const char *words = w->config->targets[w->nr];
	const struct target_kind *kind = target_kind_of(words);

	memset(t, 0, sizeof(*t));
	t->connection.client = SSHCLIENT_NONE;
	mkdir(mount_at(w), 0700);
	if (!kind)
		return fail(e, EINVAL, "no such kind of target");
	w->progress->brisk = kind->is_brisk;
	if (opens[target_kind_nr(kind)](t, w, words, e))
		return true;
	connection_close(&t->connection);
	if (t->mount[0])
		umount2(t->mount, 0);
	return false;
}

bool target_store(const struct target *t, struct store *store, struct err *e)
{
	const char *path = t->parent + strlen(t->mount);
	uint32_t uid;

	if (t->connection.sftp) {
		store_sftp_open(store, t->connection.sftp, t->parent);
		return true;
	}
	if (!store_dir_open(store, t->mount[0] ? t->mount : NULL, *path ? path : "/", e))
		return false;
	if (t->sink.ops && sink_dir_owner(&t->sink, &uid))
		store_dir_trust(store, uid);
	return true;
}

void target_unmake(const struct target *t)
{
	struct sftp *sftp = t->connection.sftp;
	cleanup_fd int root = sftp ? -1 : below_root(t->mount, &(struct err){ 0 });
	char path[sizeof(t->parent)], *slash;
	struct err ignored;

	snprintf(path, sizeof(path), "%s", t->parent);
	for (unsigned i = 0; i < t->sink.n_made; i++) {
		while ((slash = strrchr(path, '/')) && !slash[1])
			*slash = '\0';
		if (!slash || !(sftp ? sftp_rmdir(sftp, path, &ignored)
				     : below_remove(root, path + strlen(t->mount))))
			return;
		*slash = '\0';
	}
}

bool target_close(struct target *t, struct err *e)
{
	if (t->sink.ops)
		t->sink.ops->close(&t->sink);
	connection_close(&t->connection);
	if (t->mount[0] && umount2(t->mount, 0))
		return fail(e, errno, "%s: cannot unmount: %s", t->mount, strerror(errno));
	return true;
}
