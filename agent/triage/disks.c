/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Disks by the inodes of the block devices' own file system; requests by the table of their
 * driver's tags (Linux block/blk-mq.c), which holds what was started, with an I/O scheduler
 * and without. An entry may be of long ago: it counts if state, tag and queue agree.
 */
#include "disks.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"

#define STEPS_MAX 65536u
#define QUEUES_MAX 256u
#define TAGS_MAX 4096u
#define OP_MASK 0xffu
#define NUMBER_MASK 0xffu	/* of __bd_flags, since 6.10 */

#define AT(member) offsetof(struct disk_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "blockdev_superblock", AT(blockdev_superblock) },
	WISH_FIELD("super_block.s_inodes", AT(inodes)),
	WISH_FIELD("inode.i_sb_list", AT(inode_list)),
	WISH_FIELD("bdev_inode.vfs_inode", AT(vfs_inode)),
	WISH_FIELD("bdev_inode.bdev", AT(bdev)),
	WISH_FIELD("block_device.bd_disk", AT(bdev_disk)),
	WISH_FIELD("block_device.bd_partno", AT(part_number)),
	WISH_FIELD("block_device.__bd_flags", AT(part_flags)),
	WISH_FIELD("gendisk.disk_name", AT(disk_name)),
	WISH_FIELD("gendisk.queue", AT(disk_queue)),
	WISH_FIELD("request_queue.tag_set", AT(queue_tag_set)),
	WISH_FIELD("blk_mq_tag_set.tags", AT(set_tags)),
	WISH_FIELD("blk_mq_tag_set.nr_hw_queues", AT(set_queues)),
	WISH_FIELD("blk_mq_tags.rqs", AT(tags_rqs)),
	WISH_FIELD("blk_mq_tags.nr_tags", AT(tags_n)),
	WISH_FIELD("request.state", AT(rq_state)),
	WISH_FIELD("request.tag", AT(rq_tag)),
	WISH_FIELD("request.q", AT(rq_queue)),
	WISH_FIELD("request.cmd_flags", AT(rq_flags)),
	WISH_FIELD("request.__sector", AT(rq_sector)),
	WISH_FIELD("request.__data_len", AT(rq_len)),
	WISH_FIELD("request.start_time_ns", AT(rq_start)),
	WISH_FIELD("request.io_start_time_ns", AT(rq_io_start)),
	WISH_FIELD("request.part", AT(rq_part)),
	WISH_FIELD("hd_struct.partno", AT(old_part)),
	{ WISH_VALUE, "mq_rq_state.MQ_RQ_IN_FLIGHT", AT(in_flight) },
};

const struct wish_set disk_wishes = WISH_SET(wishes, struct disk_facts);

const char *disk_op_name(uint32_t op, char room[16])
{
	switch (op) {
	case 0:
		return "READ";
	case 1:
		return "WRITE";
	case 2:
		return "FLUSH";
	case 3:
		return "DISCARD";
	case 9:
		return "WRITE_ZEROES";
	case 34:
		return "DRV_IN";
	case 35:
		return "DRV_OUT";
	default:
		snprintf(room, 16, "op %u", op);
		return room;
	}
}

/* ---- requests ------------------------------------------------------------------------ */

static void keep_oldest(struct disk_use *disk, const struct disk_request *request)
{
	unsigned at = disk->n_oldest;

	while (at && request->since_ns < disk->oldest[at - 1].since_ns)
		at--;
	if (at == DISK_REQUESTS)
		return;
	if (disk->n_oldest < DISK_REQUESTS)
		disk->n_oldest++;
	memmove(disk->oldest + at + 1, disk->oldest + at,
		(disk->n_oldest - 1 - at) * sizeof(disk->oldest[0]));
	disk->oldest[at] = *request;
}

static void look_at(struct disks *d, struct disk_use *disk, vaddr_t queue, vaddr_t rq,
		    unsigned tag)
{
	const struct disk_facts *f = d->facts;
	struct disk_request request;
	uint64_t state, is_tag;

	if (!rq || !field_read(d->space, rq, f->rq_state, &state) ||
	    (int64_t)state != f->in_flight ||
	    !field_read(d->space, rq, f->rq_tag, &is_tag) || (uint32_t)is_tag != tag ||
	    field_value(d->space, rq, f->rq_queue) != queue)
		return;
	request.op = field_value(d->space, rq, f->rq_flags) & OP_MASK;
	request.sector = field_value(d->space, rq, f->rq_sector);
	request.len = (uint32_t)field_value(d->space, rq, f->rq_len);
	request.since_ns = field_value(d->space, rq, f->rq_start);
	if (!request.since_ns)
		request.since_ns = field_value(d->space, rq, f->rq_io_start);
	if (!has(f->old_part.off))
		request.part = field_value(d->space, rq, f->rq_part);
	disk->n++;
	keep_oldest(disk, &request);
}

static void read_tags(struct disks *d, struct disk_use *disk, vaddr_t queue, vaddr_t tags)
{
	vaddr_t rqs = field_value(d->space, tags, d->facts->tags_rqs);
	uint64_t n = field_value(d->space, tags, d->facts->tags_n), rq;
	struct err ignored;

	for (unsigned i = 0; rqs && i < n && i < TAGS_MAX && d->steps_left; i++) {
		d->steps_left--;
		if (!space_read_u64(d->space, rqs + 8ULL * i, &rq, &ignored))
			return;
		look_at(d, disk, queue, rq, i);
	}
}

static void read_requests(struct disks *d, struct disk_use *disk)
{
	const struct disk_facts *f = d->facts;
	vaddr_t queue = field_value(d->space, disk->at, f->disk_queue);
	vaddr_t set = queue ? field_value(d->space, queue, f->queue_tag_set) : 0;
	vaddr_t array = set ? field_value(d->space, set, f->set_tags) : 0;
	uint64_t n = array ? field_value(d->space, set, f->set_queues) : 0, tags, last = 0;
	struct err ignored;

	if (!has(f->in_flight))
		return;
	for (unsigned i = 0; i < n && i < QUEUES_MAX; i++) {
		if (!space_read_u64(d->space, array + 8ULL * i, &tags, &ignored) || !tags)
			return;
		/* Where all queues share their tags, each has the same. */
		if (tags != last)
			read_tags(d, disk, queue, tags);
		last = tags;
	}
}

/* ---- disks --------------------------------------------------------------------------- */

/* Its place in the list; -1: it is in none. */
static int add_disk(struct disks *d, vaddr_t at)
{
	struct disk_use *disk = &d->list[d->n];

	for (unsigned i = 0; i < d->n; i++)
		if (d->list[i].at == at)
			return (int)i;
	if (d->n == DISKS_MAX) {
		d->cut = true;
		return -1;
	}
	memset(disk, 0, sizeof(*disk));
	disk->at = at;
	field_text(d->space, at, d->facts->disk_name, disk->name, sizeof(disk->name));
	if (!disk->name[0])
		return -1;
	read_requests(d, disk);
	return (int)d->n++;
}

static void add_part(struct disks *d, vaddr_t bdev)
{
	const struct disk_facts *f = d->facts;
	vaddr_t at = field_value(d->space, bdev, f->bdev_disk);
	int disk = at ? add_disk(d, at) : -1;
	uint64_t number;

	if (disk < 0)
		return;
	if (d->n_parts == DISK_PARTS_MAX) {
		d->cut = true;
		return;
	}
	if (!field_read(d->space, bdev, f->part_number, &number))
		number = field_value(d->space, bdev, f->part_flags) & NUMBER_MASK;
	d->parts[d->n_parts++] = (struct disk_part){ .at = bdev, .disk = (unsigned)disk,
						     .number = (unsigned)number };
}

void disks_read(struct disks *d)
{
	const struct disk_facts *f = d->facts;
	uint64_t sb, head, at;
	struct err ignored;

	d->n = d->n_parts = d->n_links = 0;
	d->steps_left = STEPS_MAX;
	d->cut = true;
	if (!has(f->blockdev_superblock) || !has(f->inodes.off) || !has(f->inode_list.off) ||
	    !has(f->vfs_inode.off) || !has(f->bdev.off) ||
	    !space_read_u64(d->space, f->blockdev_superblock, &sb, &ignored))
		return;
	head = sb + f->inodes.off;
	if (!space_read_u64(d->space, head, &at, &ignored))
		return;
	d->cut = false;
	/* What there is no room for is passed over: the oldest, the system's own, come last. */
	while (at != head) {
		vaddr_t bdev = at - f->inode_list.off - f->vfs_inode.off + f->bdev.off;

		add_part(d, bdev);
		if (!d->steps_left || !space_read_u64(d->space, at, &at, &ignored)) {
			d->cut = true;
			return;
		}
		d->steps_left--;
	}
}
