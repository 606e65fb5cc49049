/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The crashed machine's disks, and what was asked of them and not answered. */
#ifndef TRIAGE_DISKS_H
#define TRIAGE_DISKS_H

#include "field.h"

#define DISKS_MAX 64u
#define DISK_REQUESTS 4u	/* the oldest of a disk */
#define DISK_PARTS_MAX 128u
#define DISK_LINKS_MAX 128u

struct disk_request {
	uint32_t op;		/* as the kernel's enum req_op has it */
	uint64_t sector;
	uint32_t len;		/* bytes */
	uint64_t since_ns;	/* 0: not known */
	vaddr_t part;		/* struct block_device that it was for; 0: not known */
};

struct disk_use {
	vaddr_t at;		/* struct gendisk */
	char name[32];
	char volume[64];	/* the mapper's name for it; "" it has none */
	bool is_suspended;	/* by the mapper: what is asked of it waits */
	unsigned n;		/* in flight */
	struct disk_request oldest[DISK_REQUESTS];
	unsigned n_oldest;
};

/* A partition, or all of a disk. */
struct disk_part {
	vaddr_t at;		/* struct block_device */
	unsigned disk;		/* index into the list */
	unsigned number;	/* 0: all of it */
	char fs[24];		/* of the file system on it; "" none that is in use */
	char mounted[96];	/* and where; "" not known */
};

/* That disk is made of this part, and maybe of others. */
struct disk_link {
	unsigned part, disk;
};

struct disk_facts {
	int64_t blockdev_superblock;	/* address of a pointer */
	struct field inodes, inode_list;	/* super_block.s_inodes, inode.i_sb_list */
	struct field vfs_inode, bdev, bdev_disk;
	struct field part_number, part_flags;	/* of block_device, one or the other */
	struct field disk_name, disk_queue, queue_tag_set;
	struct field set_tags, set_queues, tags_rqs, tags_n;
	struct field rq_state, rq_tag, rq_queue, rq_flags, rq_sector, rq_len, rq_start,
		rq_io_start, rq_part;
	struct field old_part;		/* before 5.11 a request's part is one of these */
	int64_t in_flight;		/* enumerator MQ_RQ_IN_FLIGHT */
};

extern const struct wish_set disk_wishes;

struct disks {
	struct space *space;
	const struct disk_facts *facts;
	struct disk_use list[DISKS_MAX];
	unsigned n;
	struct disk_part parts[DISK_PARTS_MAX];
	unsigned n_parts;
	struct disk_link links[DISK_LINKS_MAX];	/* of disk_layers.h */
	unsigned n_links;
	unsigned steps_left;
	bool cut;		/* there may be more */
};

/* Never fails: what cannot be read is not in the list, and cut is set. */
void disks_read(struct disks *d);

/* "READ", "WRITE", ...; "op 99" is in room. */
const char *disk_op_name(uint32_t op, char room[16]);

#endif
