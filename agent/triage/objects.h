/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lies on a stack that has a name: files, inodes, sockets, disks, tasks. */
#ifndef TRIAGE_OBJECTS_H
#define TRIAGE_OBJECTS_H

#include "values.h"
#include "vmcore/bounds.h"

#define OBJECTS_MAX 16
#define STACK_OBJECT_TEXT 320

struct object {
	const char *what;		/* "file", "socket" */
	vaddr_t at;			/* struct file, struct sock */
	char text[STACK_OBJECT_TEXT];		/* "/proc/slabinfo (proc)" */
};

struct objects {
	struct object list[OBJECTS_MAX];
	unsigned n;
};

struct object_facts {
	struct field family, prot, port, peer_port, address, peer;	/* of sock_common */
	struct field address6, peer6;
	struct field bio_bdev, bio_sector, bdev_disk, disk_name, disk_part0;
};

extern const struct wish_set object_wishes;

struct object_reader {
	struct values *values;
	const struct object_facts *facts;
	const struct bounds *bounds;	/* it ends by then */
	vaddr_t self;			/* the task whose stack it is, 0 */
};

/*
 * False: that is no pointer into a slab object of such a cache, or the object does not bear
 * that out.
 */
bool object_at(struct object_reader *o, uint64_t word, struct object *out);

/*
 * Of the words [at, at + len) of a stack, each once. Some may have been left there by calls
 * that have returned.
 */
void objects_read(struct object_reader *o, vaddr_t at, uint64_t len, struct objects *out);

#endif
