/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands on a disk: its partitions, other disks made of them, file systems. */
#ifndef TRIAGE_DISK_LAYERS_H
#define TRIAGE_DISK_LAYERS_H

#include "disks.h"
#include "module_types.h"
#include "paths.h"
#include "supers.h"

struct layer_facts {
	struct field slaves, private_data;	/* of struct gendisk */
	struct field link, link_bdev, link_dir, link_disk;	/* of struct bd_holder_disk */
	struct field bdev_dir, bdev_holders;	/* of struct block_device */
	struct field sb_bdev, sb_mounts;	/* of struct super_block */
	struct field mount_in_list, mount_next, mount_ns;	/* of struct mount */
	struct field mount_source;
	struct field proxy_ns;			/* of struct nsproxy */
	int64_t init_proxy;			/* address of the first process's */
};

/* dm's own, which is a module mostly. */
struct mapper_facts {
	struct field disk, private_data, flags;	/* of struct mapped_device */
	struct field name, device;		/* of struct hash_cell */
};

extern const struct wish_set layer_wishes, mapper_wishes;

struct layer_reader {
	struct disks *disks;
	const struct layer_facts *facts;
	struct supers supers;
	struct paths paths;
	const struct mapper_facts *mapper;
};

/* Is one of them a device of the mapper's? */
bool disks_have_mapped(const struct disks *d);

/* Of disks that were read. Never fails: what cannot be read is not told. */
void disk_layers_read(struct layer_reader *l);

/* Where the first process sees a file system; else where some container does; 0: nowhere. */
vaddr_t super_mount(struct space *s, const struct layer_facts *f, vaddr_t sb);

/* What was mounted, as whoever did so called it: "10.0.2.2:/export"; "" not known. */
void super_source(struct space *s, const struct layer_facts *f, vaddr_t sb, char *text,
		  size_t size);

/* Is it made of others? */
bool disk_is_volume(const struct disks *d, unsigned disk);

/* "sda", "sda3", "nvme0n1p2" */
#define PART_NAME 48
void disk_part_name(const struct disks *d, const struct disk_part *part, char name[PART_NAME]);

/* "dm-0 (vg-root)", "md0" */
#define VOLUME_NAME 112
void disk_volume_name(const struct disk_use *disk, char name[VOLUME_NAME]);

/* A file system, or a volume that has none; what is between it and the disk's partition. */
struct disk_layer {
	const struct disk_part *part;		/* of that disk */
	const struct disk_part *top;		/* that it stands on itself */
	char between[256];			/* "dm-1 (crypt), dm-0 (vg-root)"; "" nothing */
};

/* The i-th of what stands on that disk, of DISK_PARTS_MAX at most. False: there are no more. */
bool disk_layer_at(const struct disks *d, unsigned disk, unsigned i, struct disk_layer *out);

/* "sda3: dm-0 (vg-root), ext4 at /var" */
#define LAYER_TEXT 512
void disk_layer_text(const struct disks *d, const struct disk_layer *layer,
		     char text[LAYER_TEXT]);

#endif
