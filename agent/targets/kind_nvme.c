/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nvme: a file system on a disk that a server has, over NVMe/TCP. Nobody proves there who he
 * is, so two things have to be right before a byte of a dump goes out: the name that the
 * subsystem says it has, and the UUID of the file system on one of its disks. Another disk is
 * left alone, whatever it is called. The address is only where it is called: a disk of that
 * name and UUID that is connected already, over whichever address, is the same one.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "disk.h"
#include "disk_up.h"
#include "machine/host_names.h"
#include "machine/reach.h"
#include "mounted.h"
#include "nvme.h"
#include "remote.h"
#include "target.h"
#include "target_kinds.h"

#define REACH_S 5
#define LOOK_S 5	/* a disk of a server that has let us in is soon there */

struct nvme_spec {
	struct remote remote;
	char nqn[NVME_NQN_LEN];
	struct disk_spec disk;
};

/* "nvme:HOST[:PORT]/NQN/UUID=...[:/PATH]" */
static bool parse(struct nvme_spec *s, const char *words, struct err *e)
{
	const char *host = target_rest(words), *nqn = strchr(host, '/');
	const char *disk = nqn ? strchr(nqn + 1, '/') : NULL;
	char text[sizeof(s->remote.host) + 16];

	*s = (struct nvme_spec){ .remote.port = NVME_TCP_PORT };
	if (!disk)
		return fail(e, EINVAL, "'%s' is not HOST[:PORT]/NQN/UUID=...[:/PATH]", host);
	if ((size_t)(nqn - host) >= sizeof(text) - 3)
		return fail(e, EINVAL, "a host of %zu characters", (size_t)(nqn - host));
	snprintf(text, sizeof(text), "%.*s:/", (int)(nqn - host), host);
	if ((size_t)(disk - nqn) > sizeof(s->nqn))
		return fail(e, EINVAL, "a name of %zu characters, and %u are what NVMe allows",
			    (size_t)(disk - nqn - 1), NVME_NQN_LEN - 1);
	snprintf(s->nqn, sizeof(s->nqn), "%.*s", (int)(disk - nqn - 1), nqn + 1);
	if (!remote_parse(&s->remote, text, REMOTE_PORT, e) || !nvme_nqn_check(s->nqn, e) ||
	    !disk_parse(&s->disk, disk + 1, e))
		return false;
	return s->disk.by == BY_UUID ||
	       fail(e, EINVAL, "'%s': only the UUID= of its file system tells a server's disk "
		    "from others", disk + 1);
}

static bool check(const char *words, struct err *e)
{
	struct nvme_spec s;

	return parse(&s, words, e);
}

static bool host_of(struct remote *remote, const char *words, struct err *e)
{
	struct nvme_spec s;
	bool ok = parse(&s, words, e);

	if (ok)
		*remote = s.remote;
	return ok;
}

/* What is on it shows nobody who is not connected: it may be either. */
static bool modules(const char *names[TARGET_MODULES_MAX], const char *words, struct err *e)
{
	names[0] = "nvme_tcp";
	names[1] = "ext4";
	names[2] = "xfs";
	return check(words, e);
}

/* ---- the connection --------------------------------------------------------- */

/* Ours is known by its number, one more than it: 0 is none. */
static void keep_link(struct target *t, const struct nvme_link *link)
{
	t->own = link->is_ours ? (void *)((uintptr_t)link->nr + 1) : NULL;
}

static bool hang_up(struct target *t, struct err *e)
{
	const struct nvme_link link = { t->own != NULL, (uintptr_t)t->own - 1 };

	t->own = NULL;
	return nvme_disconnect(&link, e);
}

static bool leave(struct target *t, struct err *e)
{
	/* Below what is still mounted it stays: the machine ends soon. */
	return mounted_leave(t, e) && hang_up(t, e);
}

/* Each address is called with a limit in time, before the kernel does, which has none. */
static bool call(struct target *t, const struct nvme_spec *s, struct err *e)
{
	const struct patience patience = { REACH_S, t->access.alive };
	struct ipaddr ips[MAX_NAME_ADDRESSES];
	struct nvme_link link = { .is_ours = false };
	unsigned n = host_names_lookup(t->access.names, s->remote.host, ips, e), i = 0;

	for (; i < n; i++) {
		const struct nvme_server server = {
			&ips[i], s->remote.port, s->nqn, disk_up_root(t),
		};

		if (reach_tcp(&ips[i], s->remote.port, &patience, NULL, e) &&
		    nvme_connect(&link, &server, e))
			break;
	}
	keep_link(t, &link);
	return i < n;
}

/* What this machine has already is taken as it is. */
static bool connect_it(struct target *t, const struct nvme_spec *s,
		       const struct disk_search *search, struct err *e)
{
	const struct disk_wait soon = { LOOK_S, LOOK_S };
	uint64_t ignored_steps = 0;
	struct disk_search there = *search;
	struct err ignored;

	if (disk_look(search, t->device))
		return true;
	if (!there.alive)
		there.alive = &ignored_steps;
	if (!t->is_look)
		log_info("connecting to %s", s->nqn);
	if (!call(t, s, e))
		return false;
	if (disk_find(&there, t->is_look ? &soon : &t->access.wait, t->device, e))
		return true;
	within(e, "of the disks of %s", s->nqn);
	hang_up(t, &ignored);
	return false;
}

static struct disk_search search_of(const struct target *t, const struct nvme_spec *s)
{
	return (struct disk_search){
		.spec = &s->disk, .root = disk_up_root(t), .hung = t->access.hung,
		.alive = t->access.alive, .nqn = s->nqn,
	};
}

static bool reach_disk(struct target *t, const struct disk_search *search, struct err *e)
{
	if (t->is_look)
		return disk_up_reach(t, search, e);
	if (!mounted_place(t, e))
		return false;
	log_info("mounting %s", t->device);
	t->is_mounted = disk_mount(t->device, t->root, e);
	return t->is_mounted;
}

static bool reach(struct target *t, struct err *e)
{
	struct disk_search search;
	struct nvme_spec s;
	struct err ignored;

	if (!parse(&s, t->access.words, e))
		return false;
	snprintf(t->path, sizeof(t->path), "%s", s.disk.path);
	search = search_of(t, &s);
	if (!connect_it(t, &s, &search, e))
		return false;
	if (t->access.device)
		snprintf(t->access.device, DEVICE_NAME_MAX, "%s", t->device);
	if (reach_disk(t, &search, e))
		return true;
	hang_up(t, &ignored);
	return false;
}

/*
 * Connected as a capture would, if the machine is not: only what the server then shows tells
 * whether it lets us in, and which disk it has.
 */
static bool probe(struct target *t, struct target_probe *p, struct err *e)
{
	struct disk_search search;
	struct nvme_spec s;
	struct err ignored;
	bool ok, is_ours;

	if (!parse(&s, t->access.words, e))
		return false;
	search = search_of(t, &s);
	if (geteuid() && !disk_look(&search, t->device)) {
		target_doubt(p, "only root may see whether its disk is there");
		return true;
	}
	ok = connect_it(t, &s, &search, e) && disk_up_probe(t, p, &search, e);
	is_ours = t->own != NULL;
	hang_up(t, &ignored);
	if (is_ours && ok)
		t->is_reached = false;
	return ok;
}

const struct target_kind kind_nvme = {
	.name = "nvme",
	.needs = NEEDS_NET | NEEDS_MOUNT,
	.can = CAN_ALL,
	.risk = "NVMe over TCP does not prove who the server is, and hides nothing from those "
		"who see the network",
	.check = check,
	.host_of = host_of,
	.modules = modules,
	.files = (const char *const []){ NVME_HOST_NQN, NVME_HOST_ID, NULL },
	.reach = reach,
	.probe = probe,
	.sink = mounted_sink,
	.store = disk_up_store,
	.unmake = mounted_unmake,
	.leave = leave,
};
