/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file system that is mounted is looked at where it is; another is mounted where only
 * this process sees it. Servers are called as in a capture, but names may be asked of DNS.
 */
#include "dump_place.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "config/resolve.h"
#include "host/mounts.h"
#include "machine/child.h"
#include "machine/guard.h"
#include "targets/disk.h"
#include "targets/nfs.h"
#include "targets/store_dir.h"
#include "targets/store_sftp.h"
#include "targets/target_kinds.h"
#include "verb.h"

#define ARENA_LEN (64u << 20)

bool dump_places_init(struct dump_places *p, bool config_wanted, struct err *e)
{
	const char *file = p->config_file ? p->config_file : DEFAULT_CONFIG;

	config_init(&p->config);
	p->ssh = connect_client(p->ssh);
	if ((config_wanted || p->config_file || !access(file, F_OK)) &&
	    !config_file(&p->config, file, NULL, e))
		return false;
	return arena_init(&p->arena, ARENA_LEN, e);
}

void dump_places_deinit(struct dump_places *p)
{
	arena_deinit(&p->arena);
}

/* ---- disks ------------------------------------------------------------------ */

/* By udev's names, which anybody may look at, or by reading superblocks. */
static bool find_device(const struct disk_spec *spec, struct dump_places *p,
			char device[DEVICE_NAME_MAX], struct err *e)
{
	static const char *const folders[] = { "/dev/disk/by-uuid", "/dev/disk/by-label" };
	const struct hung_devices none = { .n = 0 };
	const struct disk_wait now = { 0, 0 };
	char name[300], real[4096];

	if (spec->by != BY_DEVICE) {
		snprintf(name, sizeof(name), "%s/%s", folders[spec->by == BY_LABEL],
			 spec->value);
		for (char *c = name; spec->by == BY_UUID && *c; c++)
			if (*c >= 'A' && *c <= 'F')
				*c += 'a' - 'A';
		if (realpath(name, real) && strlen(real) < DEVICE_NAME_MAX) {
			memcpy(device, real, strlen(real) + 1);
			return true;
		}
	}
	if (disk_find(spec, &now, &none, &p->steps, device, e))
		return true;
	return fail(e, ENODEV, "no such disk here%s",
		    geteuid() ? " that may be read without being root" : "");
}

static bool open_disk(struct dump_place *at, struct dump_places *p, struct err *e)
{
	char device[DEVICE_NAME_MAX];
	struct mount_entry m;
	struct disk_spec spec;
	struct stat st;

	if (!disk_parse(&spec, target_rest(at->words), e) ||
	    !find_device(&spec, p, device, e))
		return false;
	if (stat(device, &st))
		return fail(e, errno, "%s: %s", device, strerror(errno));
	if (mounts_of_device(st.st_rdev, &m, e)) {
		snprintf(at->how, sizeof(at->how), "%s, mounted at %s", device, m.at);
		return store_dir_open(&at->store, m.at, spec.path, e);
	}
	if (!mounts_go_private(NULL, at->mount, e))
		return within(e, "%s is not mounted", device);
	if (!(p->to_write ? disk_mount : disk_mount_look)(device, at->mount, e))
		return false;
	snprintf(at->how, sizeof(at->how), "%s, mounted for this look only%s", device,
		 p->to_write ? "" : ", its journal not replayed");
	if (store_dir_open(&at->store, at->mount, spec.path, e))
		return true;
	if (e->code != ENOENT)
		return within(e, "%s", device);
	return fail(e, ENOENT, "%s: no folder %s on it%s", device, spec.path,
		    p->to_write ? "" : ", as far as one sees without replaying its journal "
		    "(mount it to see all)");
}

/* ---- NFS -------------------------------------------------------------------- */

struct nfs_host {
	const char *name;
	struct ipaddr ips[MAX_NAME_ADDRESSES];
	unsigned n_ips;
};

static bool is_host(const void *who, const char *name)
{
	const struct nfs_host *h = who;
	struct ipaddr ip;
	char text[IP_TEXT];

	if (*name == '[')
		name++;
	snprintf(text, sizeof(text), "%.*s", (int)strcspn(name, "]"), name);
	for (unsigned i = 0; ip_parse(&ip, text) && i < h->n_ips; i++)
		if (ip_equal(&ip, &h->ips[i]))
			return true;
	return !strcasecmp(name, h->name);
}

static bool open_nfs(struct dump_place *at, struct dump_places *p, struct err *e)
{
	struct nfs_host host = { .n_ips = 0 };
	struct mount_entry m;
	struct nfs_spec spec;
	const char *rest;
	char path[600], name[80] = "";

	if (!nfs_parse(&spec, at->words, e))
		return false;
	host.name = spec.remote.host;
	host.n_ips = resolve_known(&p->config.names, host.name, host.ips);
	if (mounts_of_export(spec.remote.path, is_host, &host, &m, &rest, e)) {
		snprintf(at->how, sizeof(at->how), "mounted at %s", m.at);
		snprintf(path, sizeof(path), "%s%s", m.at, rest);
		return store_dir_open(&at->store, path, "/", e);
	}
	if (!host.n_ips)
		return fail(e, ENOENT, "%s: not mounted, and it has no address", host.name);
	gethostname(name, sizeof(name) - 1);
	if (!mounts_go_private(NULL, at->mount, e))
		return within(e, "not mounted");
	for (unsigned i = 0; i < host.n_ips; i++) {
		if (nfs_mount(&spec, &host.ips[i], name, at->mount, &p->steps, e)) {
			snprintf(at->how, sizeof(at->how), "mounted for this look only");
			return store_dir_open(&at->store, at->mount, "/", e);
		}
	}
	return false;
}

/* ---- the rest --------------------------------------------------------------- */

static bool open_sftp(struct dump_place *at, struct dump_places *p, struct err *e)
{
	const struct connect_want want = {
		.program = p->ssh,
		.keys = &p->config.ssh,
		.names = &p->config.names,
		/* Its own error must come before we think that it hangs. */
		.stall_s = p->config.stall_s * 0.75,
		.durable = &p->steps,
		.arena = &p->arena,
	};
	struct connection *c = &at->connection;

	if (!resolve_target(&p->config.names, at->words, e) ||
	    !connect_sftp(c, target_rest(at->words), &want, e))
		return false;
	snprintf(at->how, sizeof(at->how), "by SFTP");
	store_sftp_open(&at->store, c->sftp, c->remote.path);
	return true;
}

static void close_place(struct dump_place *at)
{
	if (at->store.ops)
		at->store.ops->close(&at->store);
	connection_close(&at->connection);
	if (at->mount[0])
		umount2(at->mount, MNT_DETACH);
}

static bool (*const opens[])(struct dump_place *at, struct dump_places *p, struct err *e) = {
	[TARGET_DISK] = open_disk,
	[TARGET_NFS] = open_nfs,
	[TARGET_SFTP] = open_sftp,
};

_Static_assert(sizeof(opens) / sizeof(opens[0]) == N_TARGET_KINDS, "each kind");

static bool open_place(struct dump_place *at, struct dump_places *p, const char *words,
		       struct err *e)
{
	const struct target_kind *kind = target_kind_of(words);
	bool ok;

	*at = (struct dump_place){ .words = words, .connection.client = SSHCLIENT_NONE };
	ok = kind ? opens[target_kind_nr(kind)](at, p, e)
		  : store_dir_open(&at->store, NULL, words, e);
	p->steps++;
	if (!ok)
		close_place(at);
	return ok;
}

struct visit {
	struct dump_places *places;
	const char *words;
	bool (*work)(void *ctx, struct dump_place *at, struct err *e);
	void *ctx;
};

static void visit(void *ctx)
{
	struct visit *v = ctx;
	struct err *e = &v->places->why;
	struct dump_place at;

	v->places->is_done = false;
	if (!open_place(&at, v->places, v->words, e))
		return;
	v->places->is_done = v->work(v->ctx, &at, e);
	close_place(&at);
}

void dump_place_say(const char *words, const struct err *e)
{
	size_t len = strlen(words);

	if (!strncmp(e->text, words, len) && e->text[len] == ':')
		log_info("%s", e->text);
	else
		log_info("%s: %s", words, e->text);
}

void dump_places_say_none(const struct dump_places *p)
{
	log_info("%s: no target: add a line such as 'target disk:LABEL=crash:/', or name a "
		 "TARGET or a folder", p->config_file ? p->config_file : DEFAULT_CONFIG);
}

bool dump_place_visit(struct dump_places *p, const char *words,
		      bool (*work)(void *ctx, struct dump_place *at, struct err *e), void *ctx,
		      struct err *e)
{
	struct visit v = { .places = p, .words = words, .work = work, .ctx = ctx };
	bool is_disk = target_needs(words, NEEDS_DEVICE);

	if (!guard_run(visit, &v, &p->steps, child_stall(p->config.stall_s, is_disk), e))
		return false;
	if (!p->is_done)
		*e = p->why;
	return p->is_done;
}
