/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * NFS as a target names it, through the kernel's client and mount(2): no mount.nfs, no
 * statd, no rpcbind on this side. Everything is asked of the server with a limit in time
 * before mount(2) is called, which has none that can be relied on; so this is a child's
 * work all the same.
 */
#ifndef TARGETS_NFS_H
#define TARGETS_NFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "remote.h"

struct err;
struct ipaddr;

#define NFS_PORT 2049

enum nfs_version { NFS_4_2, NFS_4_1, NFS_3, N_NFS_VERSIONS };

struct nfs_spec {
	struct remote remote;	/* port NFS_PORT unless it is named */
	unsigned versions;	/* bit N: version N may be tried */
};

/*
 * Parses a whole target: "nfs:HOST:/path", "nfs:HOST:PORT:/path"; "nfs4:" and "nfs3:"
 * name the version; an IPv6 address stands in brackets. EINVAL says what is wrong.
 */
bool nfs_parse(struct nfs_spec *spec, const char *text, struct err *e);

/* Is it a target of this kind at all? */
bool nfs_is(const char *text);

/* Those of the versions that may be tried go to names, the rest of which is NULL. */
bool nfs_modules(const char *names[], const char *text, struct err *e);

/* What mount(2) takes for it: type, source, options. mountd's port is for version 3. */
struct nfs_mount_words {
	const char *type;
	char source[512], options[256];
};

/* What is mounted, and where. All is borrowed. */
struct nfs_mounting {
	const struct nfs_spec *spec;
	const struct ipaddr *server;
	const char *host;	/* goes into the name that an NFS 4 server knows us by */
	const char *where;	/* a folder, made if need be */
	uint64_t *alive;	/* counted up */
};

void nfs_words(struct nfs_mount_words *w, const struct nfs_mounting *m,
	       enum nfs_version version, unsigned mount_port);

bool nfs_mount(const struct nfs_mounting *m, struct err *e);

#endif
