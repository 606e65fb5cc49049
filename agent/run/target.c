/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of schemes, and what each needs to get to a folder. */
#include "target.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/log.h"
#include "machine/config.h"
#include "machine/disk.h"
#include "progress.h"
#include "sink/sink_dir.h"
#include "sink/sink_sftp.h"

#define DEVICE_WAIT_S 30	/* for slow controllers and USB */

static bool open_disk(struct target *t, const struct target_want *w, const char *words,
		      struct err *e)
{
	struct disk_spec spec;
	char *device = w->progress->device;

	if (!disk_parse(&spec, words, e) ||
	    !disk_find(&spec, DEVICE_WAIT_S, w->hung, &w->progress->alive, device, e))
		return false;
	mkdir("/mnt", 0700);
	snprintf(t->mount, sizeof(t->mount), "/mnt/%u", w->nr);
	log_info("mounting %s", device);
	if (!disk_mount(device, t->mount, e)) {
		t->mount[0] = '\0';
		return false;
	}
	snprintf(t->parent, sizeof(t->parent), "%s%s", t->mount,
		 strcmp(spec.path, "/") ? spec.path : "");
	if (w->resume)
		return sink_dir_open(&t->sink, w->resume, &w->progress->durable, e);
	return sink_dir_new(&t->sink, t->parent, w->name, &w->progress->durable, e);
}

/* Its own error must come before PID 1 thinks that we hang. */
static bool open_sftp(struct target *t, const struct target_want *w, const char *words,
		      struct err *e)
{
	struct connection *c = &t->connection;

	if (!connect_sftp(c, words, SSH_PROGRAM, &w->config->ssh, w->config->stall_s * 0.75,
			  &w->progress->durable, w->arena, e))
		return false;
	snprintf(t->parent, sizeof(t->parent), "%s", c->remote.path);
	if (w->resume)
		return sink_sftp_open(&t->sink, c->sftp, w->resume, e);
	return sink_sftp_new(&t->sink, c->sftp, t->parent, w->name, e);
}

static const struct {
	const char *scheme;
	bool (*open)(struct target *t, const struct target_want *w, const char *words,
		     struct err *e);
} schemes[] = {
	{ "disk:", open_disk },
	{ "sftp:", open_sftp },
};

bool target_open(struct target *t, const struct target_want *w, struct err *e)
{
	const char *words = w->config->targets[w->nr];

	memset(t, 0, sizeof(*t));
	t->sink.dir_fd = -1;
	t->connection.client = SSHCLIENT_NONE;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t len = strlen(schemes[i].scheme);

		if (strncmp(words, schemes[i].scheme, len))
			continue;
		if (schemes[i].open(t, w, words + len, e))
			return true;
		connection_close(&t->connection);
		if (t->mount[0])
			umount2(t->mount, 0);
		return false;
	}
	return fail(e, EINVAL, "no such kind of target");
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
