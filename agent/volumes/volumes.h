/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Block devices that programs have put together (LVM, md, LUKS), as a text that was frozen
 * while the machine was well, and out of which a capture puts them together again:
 *
 *	crashbox volumes 1
 *	disk d0 sectors=409600 pv=3Zk8... wwn=naa.5000...
 *	md m0 level=raid1 disks=2 version=1.2 d1 d2
 *	dm v0 name=vg-crash lv=W1rL... extents=9f3c...
 *	map v0 0 204800 linear @d0 2048
 *	target v0 disk:UUID=...
 *
 * A line names only what stands above it. Of a disk all that is said must be true again.
 */
#ifndef VOLUMES_VOLUMES_H
#define VOLUMES_VOLUMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_facts.h"

struct err;

#define VOLUMES_TEXT (64u << 10)	/* bytes of such a text */
#define VOLUMES_FILE "etc/crashbox.volumes"	/* in an image */
#define VOLUMES_KEYS "etc/crashbox.volumes.keys"	/* beside it, and never in a file */
#define MAX_NODES 48
#define MAX_MAPS 256		/* lines of tables, of all volumes together */
#define MAX_MEMBERS 16
#define MAX_TARGETS_ON 8
#define NODE_NAME 8
#define DM_NAME 128		/* Linux include/uapi/linux/dm-ioctl.h */
#define NO_NODE (~0u)

enum node_kind { NODE_DISK, NODE_MD, NODE_DM };

struct volume_node {
	enum node_kind kind;
	char name[NODE_NAME];
	union {
		struct block_facts disk;
		struct {
			char level[8];		/* "raid0", "raid1", "raid10" */
			unsigned n_disks, minor_version;
			unsigned members[MAX_MEMBERS], n;	/* nodes */
		} md;
		struct {
			char name[DM_NAME];	/* as the healthy machine calls it */
			char lv[LVM_ID];	/* "" if it is none of LVM's */
			uint64_t extents;	/* sum of its part of LVM's metadata */
		} dm;
	};
};

/* A line of a table: sectors of 512 bytes; its parameters with @node and %key in them. */
struct volume_map {
	unsigned node;
	uint64_t start, len;
	const char *type, *params;	/* in the text */
};

struct volumes {
	struct volume_node nodes[MAX_NODES];
	unsigned n_nodes;
	struct volume_map maps[MAX_MAPS];
	unsigned n_maps;
	struct { const char *words; unsigned node; } targets[MAX_TARGETS_ON];
	unsigned n_targets;
	char text[VOLUMES_TEXT];	/* cut into words */
};

/* A copy of the text, taken apart. EINVAL names the line. */
bool volumes_parse(struct volumes *v, const char *text, struct err *e);

/* What the file at `path` says. ENOENT: there is none. */
bool volumes_read(struct volumes *v, const char *path, struct err *e);

/* The node of a target by its words, NO_NODE: it is not on any of them. */
unsigned volumes_of(const struct volumes *v, const char *words);

/* The node called so, among the first n; NO_NODE. */
unsigned volumes_node(const struct volumes *v, unsigned n, const char *name, size_t len);

#endif
