/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The crashed machine's disks, and what was asked of them and not answered. */
#ifndef TRIAGE_DISKS_H
#define TRIAGE_DISKS_H

#include "field.h"

#define DISKS_MAX 64u
#define DISK_REQUESTS 4u	/* the oldest of a disk */

struct disk_request {
	uint32_t op;		/* as the kernel's enum req_op has it */
	uint64_t sector;
	uint32_t len;		/* bytes */
	uint64_t since_ns;	/* 0: not known */
};

struct disk_use {
	vaddr_t at;		/* struct gendisk */
	char name[32];
	unsigned n;		/* in flight */
	struct disk_request oldest[DISK_REQUESTS];
	unsigned n_oldest;
};

struct disk_facts {
	int64_t blockdev_superblock;	/* address of a pointer */
	struct field inodes, inode_list;	/* super_block.s_inodes, inode.i_sb_list */
	struct field vfs_inode, bdev, bdev_disk;
	struct field disk_name, disk_queue, queue_tag_set;
	struct field set_tags, set_queues, tags_rqs, tags_n;
	struct field rq_state, rq_tag, rq_queue, rq_flags, rq_sector, rq_len, rq_start,
		rq_io_start;
	int64_t in_flight;		/* enumerator MQ_RQ_IN_FLIGHT */
};

extern const struct wish_set disk_wishes;

struct disks {
	struct space *space;
	const struct disk_facts *facts;
	struct disk_use list[DISKS_MAX];
	unsigned n;
	unsigned steps_left;
	bool cut;		/* there may be more */
};

/* Never fails: what cannot be read is not in the list, and cut is set. */
void disks_read(struct disks *d);

/* "READ", "WRITE", ...; "op 99" is in room. */
const char *disk_op_name(uint32_t op, char room[16]);

#endif
