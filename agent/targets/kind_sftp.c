/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sftp: a folder on a server that has proved who it is, by OpenSSH's client. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "connect.h"
#include "sftp.h"
#include "sftp_ask.h"
#include "sink_sftp.h"
#include "store_sftp.h"
#include "target.h"
#include "target_kinds.h"

static bool host_of(struct remote *remote, const char *words, struct err *e)
{
	return remote_parse_sftp(remote, target_rest(words), e);
}

static bool check(const char *words, struct err *e)
{
	struct remote remote;

	return host_of(&remote, words, e);
}

static struct sftp *server(const struct target *t)
{
	return ((const struct connection *)t->own)->sftp;
}

static bool reach(struct target *t, struct err *e)
{
	const struct target_access *a = &t->access;
	struct connection *c = arena_take(a->arena, 1, sizeof(*c), "SFTP connection", e);

	if (!c || !connect_sftp(c, a, e))
		return false;
	t->own = c;
	snprintf(t->path, sizeof(t->path), "%s", c->remote.path);
	snprintf(t->how, sizeof(t->how), "by SFTP");
	return true;
}

static bool leave(struct target *t, struct err *e)
{
	(void)e;
	connection_close(t->own);
	return true;
}

static bool sink(struct target *t, const struct crash_folder *f, struct err *e)
{
	struct connection *c = t->own;

	if (f->name && !f->made[0])
		return sink_sftp_new(&t->sink, c->ahead, t->path, f->name, f->made, e);
	return sink_sftp_open(&t->sink, c->ahead, f->name ? f->made : t->path, e);
}

static bool store(const struct target *t, struct store *of, struct err *e)
{
	(void)e;
	store_sftp_open(of, server(t), t->path);
	return true;
}

static bool unmake(const struct target *t, const char *path)
{
	struct err ignored;

	return sftp_rmdir(server(t), path, &ignored);
}

/*
 * A small file made and removed: the only way to know that we may write there. A folder
 * that is not there will be made, so the one above counts: it goes to `at`.
 */
static bool may_write(struct sftp *c, const char *folder, char at[SFTP_PATH_MAX],
		      struct err *e)
{
	char path[SFTP_PATH_MAX + 40];
	struct sftp_file *file;
	bool is_folder, ok;

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
	file = sftp_open(c, path, SFTP_O_WRITE | SFTP_O_CREATE | SFTP_O_EXCLUSIVE, e);
	if (!file)
		return within(e, "%s: cannot write there", at);
	ok = sftp_write(file, 0, "crashbox", 8, e) && sftp_drain(file, e);
	ok &= sftp_close(file, e);
	return sftp_remove(c, path, e) && ok;
}

static bool probe(struct target *t, struct target_probe *p, struct err *e)
{
	char at[SFTP_PATH_MAX];
	struct sftp_room room;
	struct err ignored;

	t->is_reached = reach(t, e);
	if (!t->is_reached || !may_write(server(t), t->path, at, e))
		return false;
	if (!server(t)->can_statvfs || !sftp_free_room(server(t), at, &room, &ignored))
		return true;
	p->has_room = true;
	p->free_len = room.len;
	p->free_files = room.files;
	return true;
}

const struct target_kind kind_sftp = {
	.name = "sftp",
	.needs = NEEDS_NET | NEEDS_CLIENT,
	.can = CAN_ALL,
	.is_brisk = true,
	.called = (const char *const []){ "ssh", "scp", "sftp", NULL },
	.check = check,
	.host_of = host_of,
	.reach = reach,
	.probe = probe,
	.sink = sink,
	.store = store,
	.unmake = unmake,
	.leave = leave,
};
