/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nfs:, nfs3:, nfs4: an export of a server, mounted for the capture. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/err.h"
#include "machine/host_names.h"
#include "machine/mounts.h"
#include "machine/reach.h"
#include "mounted.h"
#include "nfs.h"
#include "target.h"
#include "target_kinds.h"

#define ANSWER_S 10

static bool host_of(struct remote *remote, const char *words, struct err *e)
{
	struct nfs_spec spec;
	bool ok = nfs_parse(&spec, words, e);

	if (ok)
		*remote = spec.remote;
	return ok;
}

static bool check(const char *words, struct err *e)
{
	struct nfs_spec spec;

	return nfs_parse(&spec, words, e);
}

/* ---- reaching --------------------------------------------------------------- */

struct server {
	struct mounts_host host;	/* first, so that it is one */
	struct nfs_spec spec;
	struct ipaddr ips[MAX_NAME_ADDRESSES];
	unsigned n_ips;
};

static bool is_server(const struct mounts_host *host, const char *name)
{
	const struct server *s = (const struct server *)host;
	struct ipaddr ip;
	char text[IP_TEXT];

	if (*name == '[')
		name++;
	snprintf(text, sizeof(text), "%.*s", (int)strcspn(name, "]"), name);
	for (unsigned i = 0; ip_parse(&ip, text) && i < s->n_ips; i++)
		if (ip_equal(&ip, &s->ips[i]))
			return true;
	return !strcasecmp(name, s->spec.remote.host);
}

/* With n_ips 0 it has no address, and e says so; it may be mounted all the same. */
static bool find_server(struct server *s, const struct target_access *a, struct err *e)
{
	s->host.is = is_server;
	if (!nfs_parse(&s->spec, a->words, e))
		return false;
	s->n_ips = host_names_lookup(a->names, s->spec.remote.host, s->ips, e);
	return true;
}

/* A name may have several addresses; the first that lets us in is the one. */
static bool mount_it(struct target *t, const struct server *s, struct err *e)
{
	const struct target_access *a = &t->access;
	char own[80] = "";
	struct nfs_mounting m = { &s->spec, s->ips, a->host ? a->host : own, t->root,
				  a->alive };

	gethostname(own, sizeof(own) - 1);
	if (!s->n_ips)
		return false;
	if (!mounted_place(t, e))
		return within(e, "not mounted");
	for (; m.server < s->ips + s->n_ips && !t->is_mounted; m.server++)
		t->is_mounted = nfs_mount(&m, e);
	snprintf(t->path, sizeof(t->path), "/");
	snprintf(t->how, sizeof(t->how), "mounted for this look only");
	return t->is_mounted;
}

static bool reach(struct target *t, struct err *e)
{
	struct err ignored;
	struct server s;
	char at[512];

	if (!find_server(&s, &t->access, e))
		return false;
	if (!t->is_look || !mounts_of_export(s.spec.remote.path, &s.host, at, &ignored))
		return mount_it(t, &s, e);
	snprintf(t->root, sizeof(t->root), "%s", at);
	snprintf(t->path, sizeof(t->path), "/");
	snprintf(t->how, sizeof(t->how), "mounted at %s", at);
	return true;
}

/* ---- looking ---------------------------------------------------------------- */

/* Mounted as a capture would, wherever this machine may have it already. */
static bool probe(struct target *t, struct target_probe *p, struct err *e)
{
	const struct patience patience = { ANSWER_S, t->access.alive };
	struct server s;

	if (!find_server(&s, &t->access, e) || !s.n_ips)
		return false;
	if (geteuid()) {
		for (unsigned i = 0; i < s.n_ips; i++) {
			if (!reach_tcp(&s.ips[i], s.spec.remote.port, &patience, NULL, e))
				continue;
			target_doubt(p, "the server answers; only root may see more");
			return true;
		}
		return false;
	}
	t->is_reached = mount_it(t, &s, e);
	return t->is_reached && mounted_try(t, p, e);
}

const struct target_kind kind_nfs = {
	.name = "nfs",
	.needs = NEEDS_NET | NEEDS_MOUNT,
	.can = CAN_ALL,
	.is_brisk = true,
	.risk = "NFS does not prove who the server is, and hides nothing from those "
		"who see the network",
	.called = (const char *const []){ "nfs", "nfs4", NULL },
	.is = nfs_is,
	.check = check,
	.host_of = host_of,
	.modules = nfs_modules,
	.reach = reach,
	.probe = probe,
	.sink = mounted_sink,
	.store = mounted_store,
	.unmake = mounted_unmake,
	.leave = mounted_leave,
};
