/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of schemes; today there is one. */
#include "target.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/log.h"
#include "machine/disk.h"
#include "progress.h"
#include "sink/sink_dir.h"

#define DEVICE_WAIT_S 30	/* for slow controllers and USB */

static bool open_disk(struct target *t, unsigned nr, const char *words, const char *name,
		      const char *resume, const struct hung_devices *hung,
		      struct progress *progress, struct err *e)
{
	struct disk_spec spec;
	char *device = progress->device;

	if (!disk_parse(&spec, words, e) ||
	    !disk_find(&spec, DEVICE_WAIT_S, hung, &progress->alive, device, e))
		return false;
	mkdir("/mnt", 0700);
	snprintf(t->mount, sizeof(t->mount), "/mnt/%u", nr);
	log_info("mounting %s", device);
	if (!disk_mount(device, t->mount, e)) {
		t->mount[0] = '\0';
		return false;
	}
	snprintf(t->parent, sizeof(t->parent), "%s%s", t->mount,
		 strcmp(spec.path, "/") ? spec.path : "");
	if (resume)
		return sink_dir_open(&t->sink, resume, &progress->durable, e);
	return sink_dir_new(&t->sink, t->parent, name, &progress->durable, e);
}

static const struct {
	const char *scheme;
	bool (*open)(struct target *t, unsigned nr, const char *words, const char *name,
		     const char *resume, const struct hung_devices *hung,
		     struct progress *progress, struct err *e);
} schemes[] = {
	{ "disk:", open_disk },
};

bool target_open(struct target *t, unsigned nr, const char *words, const char *name,
		 const char *resume, const struct hung_devices *hung,
		 struct progress *progress, struct err *e)
{
	memset(t, 0, sizeof(*t));
	t->sink.dir_fd = -1;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t len = strlen(schemes[i].scheme);

		if (strncmp(words, schemes[i].scheme, len))
			continue;
		if (schemes[i].open(t, nr, words + len, name, resume, hung, progress,
				    e))
			return true;
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
	if (t->mount[0] && umount2(t->mount, 0))
		return fail(e, errno, "%s: cannot unmount: %s", t->mount, strerror(errno));
	return true;
}
