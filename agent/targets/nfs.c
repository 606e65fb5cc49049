/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mounting NFS. The options are those that fs/nfs/fs_context.c understands without help
 * from user space. "soft" makes an error of a server that is gone; a server that keeps
 * its TCP connection and does not answer can still hold us for ever, which is PID 1's to
 * end.
 */
#include "nfs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "machine/netaddr.h"
#include "machine/portmap.h"
#include "machine/reach.h"

#define REACH_S 5
#define MOUNTD_PORT 20048	/* registered for it, and what most servers use */

static const struct {
	const char *name, *type, *vers;
} versions[N_NFS_VERSIONS] = {
	[NFS_4_2] = { "4.2", "nfs4", "4.2" },
	[NFS_4_1] = { "4.1", "nfs4", "4.1" },
	[NFS_3] = { "3", "nfs", "3" },
};

static const struct {
	const char *scheme;
	unsigned versions;
} schemes[] = {
	{ "nfs:", 1u << NFS_4_2 | 1u << NFS_4_1 | 1u << NFS_3 },
	{ "nfs4:", 1u << NFS_4_2 | 1u << NFS_4_1 },
	{ "nfs3:", 1u << NFS_3 },
};

/* ---- words ------------------------------------------------------------------ */

bool nfs_is(const char *text)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (!strncmp(text, schemes[i].scheme, strlen(schemes[i].scheme)))
			return true;
	return false;
}

bool nfs_parse(struct nfs_spec *spec, const char *text, struct err *e)
{
	*spec = (struct nfs_spec){ .remote.port = NFS_PORT };
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t len = strlen(schemes[i].scheme);

		if (strncmp(text, schemes[i].scheme, len))
			continue;
		spec->versions = schemes[i].versions;
		if (!remote_parse(&spec->remote, text + len, REMOTE_PORT, e))
			return false;
		/* It would end an option of mount(2) and begin another. */
		return !strchr(spec->remote.path, ',') ||
		       fail(e, EINVAL, "path has a ',' in it");
	}
	return fail(e, EINVAL, "'%s' is none of nfs:, nfs4:, nfs3:", text);
}

bool nfs_modules(const char *names[], const char *text, struct err *e)
{
	struct nfs_spec spec;
	unsigned n = 0;

	if (!nfs_parse(&spec, text, e))
		return false;
	names[n++] = "nfs";
	if (spec.versions & (1u << NFS_4_2 | 1u << NFS_4_1))
		names[n++] = "nfsv4";
	if (spec.versions & 1u << NFS_3)
		names[n++] = "nfsv3";
	names[n] = NULL;
	return true;
}

void nfs_words(struct nfs_mount_words *w, const struct nfs_mounting *m,
	       enum nfs_version version, unsigned mount_port)
{
	const struct ipaddr *server = m->server;
	const struct remote *remote = &m->spec->remote;
	const char *tcp = server->family == AF_INET6 ? "tcp6" : "tcp";
	char more[96] = "", text[IP_TEXT];

	ip_format(server, text);
	w->type = versions[version].type;
	snprintf(w->source, sizeof(w->source),
		 server->family == AF_INET6 ? "[%s]:%s" : "%s:%s", text, remote->path);
	if (version == NFS_3)
		snprintf(more, sizeof(more), ",nolock,mountproto=%s,mountport=%u,mountvers=3",
			 tcp, mount_port);
	snprintf(w->options, sizeof(w->options),
		 "addr=%s,vers=%s,proto=%s,port=%u,soft,timeo=50,retrans=2%s", text,
		 versions[version].vers, tcp, remote->port, more);
}

/* ---- mounting --------------------------------------------------------------- */

/* Looks into the kernel's list, for to ask the mount itself might hang. */
static bool is_mounted(const char *where)
{
	char text[16384], needle[64];
	struct err ignored;

	snprintf(needle, sizeof(needle), " %s nfs", where);
	return read_text("/proc/self/mounts", text, sizeof(text), &ignored) &&
	       strstr(text, needle);
}

/* The ports of version 3, by rpcbind's word or the registered ones. */
static bool find_mountd(const struct nfs_mounting *m, unsigned *port, struct err *e)
{
	const struct patience patience = { REACH_S, m->alive };

	if (portmap_mountd(m->server, &patience, port, e))
		return reach_tcp(m->server, *port, &patience, NULL, e);
	if (e->code == ENOENT)
		return false;
	log_info("%s, trying port %u for mountd", e->text, MOUNTD_PORT);
	*port = MOUNTD_PORT;
	return reach_tcp(m->server, MOUNTD_PORT, &patience, NULL, e);
}

/* Another version may do better, unless it is the server that is gone. */
static bool is_final(int code)
{
	return code == ETIMEDOUT || code == EHOSTUNREACH || code == ENETUNREACH ||
	       code == EHOSTDOWN || code == ECONNRESET || code == ENODEV || code == EIO;
}

static bool mount_as(const struct nfs_mounting *m, enum nfs_version version, struct err *e)
{
	struct nfs_mount_words w;
	unsigned mount_port = 0;
	int code;

	if (version == NFS_3 && !find_mountd(m, &mount_port, e))
		return within(e, "NFS 3: mountd");
	nfs_words(&w, m, version, mount_port);
	/* Anything but 0 is a failure: with odd options it has been seen to return 1. */
	errno = 0;
	code = mount(w.source, m->where, w.type, MS_NOATIME | MS_NODEV | MS_NOEXEC | MS_NOSUID,
		     w.options) ? errno ? errno : EIO : 0;
	__atomic_fetch_add(m->alive, 1, __ATOMIC_RELAXED);
	if (!code || (code == EBUSY && is_mounted(m->where)))
		return true;
	return fail(e, code, "NFS %s: %s%s", versions[version].name, strerror(code),
		    code == ENODEV || code == EPROTONOSUPPORT
		    ? " (by the server, or its module is not in the image)" : "");
}

bool nfs_mount(const struct nfs_mounting *m, struct err *e)
{
	const struct patience patience = { REACH_S, m->alive };
	const struct remote *remote = &m->spec->remote;
	struct err why = { .code = 0 };

	if (is_mounted(m->where))
		return true;
	if (!reach_tcp(m->server, remote->port, &patience, NULL, e))
		return within(e, "NFS server");
	/* A server of version 4 tells its clients apart by this name. */
	if (sethostname(m->host, strlen(m->host)))
		log_warn("cannot take the name %s: %s", m->host, strerror(errno));
	if (mkdir(m->where, 0700) && errno != EEXIST)
		return fail(e, errno, "%s: cannot make the mount point: %s", m->where,
			    strerror(errno));
	for (int v = 0; v < N_NFS_VERSIONS; v++) {
		if (!(m->spec->versions & 1u << v))
			continue;
		if (mount_as(m, v, e)) {
			log_info("mounted %s:%s, NFS %s", remote->host, remote->path,
				 versions[v].name);
			return true;
		}
		if (why.code)
			within(e, "%s", why.text);
		why = *e;
		if (is_final(e->code))
			break;
	}
	*e = why;
	return within(e, "%s:%s: cannot mount", remote->host, remote->path);
}
