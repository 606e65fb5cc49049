/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A tag and a path on it: mounted for the capture, or where a machine that is up has it. */
#include "share.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "machine/mounts.h"
#include "mounted.h"
#include "target.h"
#include "target_kinds.h"

#define POLL_S 0.1

struct share_spec {
	char tag[64];
	char path[128];
};

static const struct share_kind *share_of(const char *words)
{
	return target_kind_of(words)->share;
}

static bool parse(struct share_spec *s, const char *words, struct err *e)
{
	const struct share_kind *kind = share_of(words);
	const char *tag = target_rest(words), *path;
	size_t len = strcspn(tag, "/");

	path = tag[len] ? tag + len : "/";
	if (!len || len > kind->tag_max || len >= sizeof(s->tag))
		return fail(e, EINVAL, "a tag of %zu characters: 1 to %u are one", len,
			    kind->tag_max);
	for (const char *c = tag; *c; c++)
		if (*c <= ' ' || *c == 0x7f || (c < tag + len && *c == ','))
			return fail(e, EINVAL, "a blank, comma or control character in '%s'",
				    tag);
	if (strstr(path, "/../") || (strlen(path) > 2 &&
				    !strcmp(path + strlen(path) - 3, "/..")))
		return fail(e, EINVAL, "folder '%s' leads upwards", path);
	if (snprintf(s->path, sizeof(s->path), "%s", path) >= (int)sizeof(s->path))
		return fail(e, EINVAL, "folder longer than %zu characters",
			    sizeof(s->path) - 1);
	snprintf(s->tag, sizeof(s->tag), "%.*s", (int)len, tag);
	return true;
}

bool share_check(const char *words, struct err *e)
{
	struct share_spec s;

	return parse(&s, words, e);
}

static bool mount_once(const struct share_kind *kind, const struct target *t, const char *tag,
		       struct err *e)
{
	unsigned long flags = MS_NOATIME | MS_NODEV | MS_NOEXEC | MS_NOSUID;

	if (!t->access.to_write && t->is_look)
		flags |= MS_RDONLY;
	if (mkdir(t->root, 0700) && errno != EEXIST)
		return fail(e, errno, "%s: cannot make the mount point: %s", t->root,
			    strerror(errno));
	if (!mount(tag, t->root, kind->type, flags, kind->options))
		return true;
	return fail(e, errno, "%s: cannot mount it as %s: %s", tag, kind->type,
		    errno == kind->absent ? "no device has that tag" :
		    errno == ENODEV ? "this kernel lacks it (is its module in the image?)" :
		    strerror(errno));
}

/* Devices appear one after the other, as disks do. */
static bool mount_it(const struct share_kind *kind, struct target *t, const char *tag,
		     struct err *e)
{
	const struct disk_wait *wait = &t->access.wait;
	double until = monotonic_seconds() + (t->is_look ? 0 : wait->least_s);

	while (!mount_once(kind, t, tag, e)) {
		if (e->code != kind->absent || monotonic_seconds() >= until)
			return false;
		__atomic_fetch_add(t->access.alive, 1, __ATOMIC_RELAXED);
		pause_seconds(POLL_S);
	}
	t->is_mounted = true;
	return true;
}

bool share_reach(struct target *t, struct err *e)
{
	const struct share_kind *kind = share_of(t->access.words);
	struct share_spec s;
	struct mount_entry m;
	struct err ignored;

	if (!parse(&s, t->access.words, e))
		return false;
	snprintf(t->path, sizeof(t->path), "%s", s.path);
	if (t->is_look && mounts_of_source(kind->type, s.tag, &m, &ignored)) {
		snprintf(t->root, sizeof(t->root), "%s", m.at);
		snprintf(t->how, sizeof(t->how), "mounted at %s", m.at);
		return true;
	}
	if (!mounted_place(t, e))
		return within(e, "not mounted");
	if (!t->is_look)
		log_info("mounting %s", s.tag);
	snprintf(t->how, sizeof(t->how), "mounted for this look only");
	return mount_it(kind, t, s.tag, e);
}

/* As a capture would; only a file that is made there shows that the host lets us. */
bool share_probe(struct target *t, struct target_probe *p, struct err *e)
{
	if (geteuid()) {
		target_doubt(p, "only root may see whether the host has it");
		return share_check(t->access.words, e);
	}
	t->access.to_write = true;
	t->is_reached = share_reach(t, e);
	return t->is_reached && mounted_try(t, p, e);
}
