/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who makes a disk of others says so in a list of links (Linux block/holder.c; before 5.16 in
 * fs/block_dev.c, from the other end). A file system names its device, and its mounts.
 */
#include "disk_layers.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "glob.h"

#define LINKS_OF_ONE 64u
#define MOUNTS_OF_ONE 256u
#define DEPTH_MAX 6u
#define SUSPENDED 1		/* Linux drivers/md/dm-core.h: bit DMF_SUSPENDED */
#define LIST_LEN 16		/* bytes of a list_head */

#define AT(member) offsetof(struct layer_facts, member)

static const struct wish wishes[] = {
	WISH_FIELD("gendisk.slave_bdevs", AT(slaves)),
	WISH_FIELD("gendisk.private_data", AT(private_data)),
	WISH_FIELD("bd_holder_disk.list", AT(link)),
	WISH_FIELD("bd_holder_disk.bdev", AT(link_bdev)),
	WISH_FIELD("bd_holder_disk.holder_dir", AT(link_dir)),
	WISH_FIELD("bd_holder_disk.disk", AT(link_disk)),
	WISH_FIELD("block_device.bd_holder_dir", AT(bdev_dir)),
	WISH_FIELD("block_device.bd_holder_disks", AT(bdev_holders)),
	WISH_FIELD("super_block.s_bdev", AT(sb_bdev)),
	WISH_FIELD("super_block.s_mounts", AT(sb_mounts)),
	WISH_FIELD("mount.mnt_instance", AT(mount_in_list)),
	WISH_FIELD("mount.mnt_next_for_sb", AT(mount_next)),
	WISH_FIELD("mount.mnt_ns", AT(mount_ns)),
	WISH_FIELD("mount.mnt_devname", AT(mount_source)),
	WISH_FIELD("nsproxy.mnt_ns", AT(proxy_ns)),
	{ WISH_SYMBOL, "init_nsproxy", AT(init_proxy) },
};

const struct wish_set layer_wishes = WISH_SET(wishes, struct layer_facts);

#undef AT
#define AT(member) offsetof(struct mapper_facts, member)

static const struct wish of_mapper[] = {
	WISH_FIELD("mapped_device.disk", AT(disk)),
	WISH_FIELD("mapped_device.interface_ptr", AT(private_data)),
	WISH_FIELD("mapped_device.flags", AT(flags)),
	WISH_FIELD("hash_cell.name", AT(name)),
	WISH_FIELD("hash_cell.md", AT(device)),
};

const struct wish_set mapper_wishes = WISH_SET(of_mapper, struct mapper_facts);

/* ---- disks on disks ------------------------------------------------------------------ */

static void add_link(struct disks *d, unsigned part, unsigned disk)
{
	for (unsigned i = 0; i < d->n_links; i++)
		if (d->links[i].part == part && d->links[i].disk == disk)
			return;
	if (d->n_links == DISK_LINKS_MAX) {
		d->cut = true;
		return;
	}
	d->links[d->n_links++] = (struct disk_link){ part, disk };
}

static int disk_at(const struct disks *d, vaddr_t at)
{
	for (unsigned i = 0; i < d->n; i++)
		if (d->list[i].at == at)
			return (int)i;
	return -1;
}

/* By its address, or by the folder in sysfs that only it has. */
static bool is_linked(const struct layer_reader *l, vaddr_t link, const struct disk_part *part)
{
	struct space *s = l->disks->space;
	vaddr_t dir = field_value(s, link, l->facts->link_dir);

	return field_value(s, link, l->facts->link_bdev) == part->at ||
	       (dir && field_value(s, part->at, l->facts->bdev_dir) == dir);
}

/* The links in a list, which the disk above keeps, or the device below. */
struct links {
	vaddr_t head;
	int disk, part;		/* whose list it is; the other is -1 */
};

static void read_link(struct layer_reader *l, const struct links *links, vaddr_t link)
{
	struct disks *d = l->disks;
	int disk = links->disk;

	if (disk < 0) {
		disk = disk_at(d, field_value(d->space, link, l->facts->link_disk));
		if (disk >= 0)
			add_link(d, (unsigned)links->part, (unsigned)disk);
		return;
	}
	for (unsigned i = 0; i < d->n_parts; i++)
		if (is_linked(l, link, &d->parts[i]))
			add_link(d, i, (unsigned)disk);
}

static void read_links(struct layer_reader *l, const struct links *links)
{
	struct space *s = l->disks->space;
	vaddr_t at = links->head, next, back;
	struct err ignored;

	for (unsigned i = 0; i < LINKS_OF_ONE; i++) {
		if (!space_read_u64(s, at, &next, &ignored) || next == links->head ||
		    !space_read_u64(s, next + 8, &back, &ignored) || back != at)
			return;
		at = next;
		read_link(l, links, at - l->facts->link.off);
	}
}

static void read_all_links(struct layer_reader *l)
{
	const struct layer_facts *f = l->facts;
	const struct bounds *b = l->supers.bounds;
	struct disks *d = l->disks;

	if (!has(f->link.off))
		return;
	for (unsigned i = 0; has(f->slaves.off) && i < d->n && !bounds_over(b); i++)
		read_links(l, &(struct links){ d->list[i].at + f->slaves.off, (int)i, -1 });
	for (unsigned i = 0; has(f->bdev_holders.off) && i < d->n_parts && !bounds_over(b); i++)
		read_links(l, &(struct links){ d->parts[i].at + f->bdev_holders.off, -1,
					       (int)i });
}

/* ---- the mapper's names -------------------------------------------------------------- */

static bool is_mapped(const struct disk_use *disk)
{
	static const char *const names[] = { "dm-*", NULL };

	return glob_any(names, disk->name);
}

bool disks_have_mapped(const struct disks *d)
{
	for (unsigned i = 0; i < d->n; i++)
		if (is_mapped(&d->list[i]))
			return true;
	return false;
}

/* Disk, device and the entry of its name must agree. */
static void read_volume(const struct layer_reader *l, struct disk_use *disk)
{
	const struct mapper_facts *f = l->mapper;
	struct space *s = l->disks->space;
	vaddr_t device = field_value(s, disk->at, l->facts->private_data);
	vaddr_t cell = field_value(s, device, f->private_data);

	if (cell && field_value(s, device, f->disk) == disk->at &&
	    field_value(s, cell, f->device) == device) {
		text_at(s, field_value(s, cell, f->name), disk->volume, sizeof(disk->volume));
		disk->is_suspended = field_value(s, device, f->flags) >> SUSPENDED & 1;
	}
}

/* ---- file systems -------------------------------------------------------------------- */

/* Of a list of mounts, or since 6.18 of a chain: the next, 0 behind the last. */
static vaddr_t next_mount(struct space *s, const struct layer_facts *f, vaddr_t sb,
			  vaddr_t mount)
{
	vaddr_t at = sb + f->sb_mounts.off, next;
	struct err ignored;

	if (f->sb_mounts.size != LIST_LEN)
		return mount ? field_value(s, mount, f->mount_next)
			     : field_value(s, sb, f->sb_mounts);
	if (!has(f->mount_in_list.off) ||
	    !space_read_u64(s, mount ? mount + f->mount_in_list.off : at, &next, &ignored) ||
	    next == at)
		return 0;
	return next - f->mount_in_list.off;
}

vaddr_t super_mount(struct space *s, const struct layer_facts *f, vaddr_t sb)
{
	vaddr_t ours = has(f->init_proxy)
		? field_value(s, (vaddr_t)f->init_proxy, f->proxy_ns) : 0;
	vaddr_t mount = 0, some = 0;

	if (!has(f->sb_mounts.off))
		return 0;
	for (unsigned i = 0; i < MOUNTS_OF_ONE; i++) {
		vaddr_t ns;

		mount = next_mount(s, f, sb, mount);
		if (!mount)
			break;
		ns = field_value(s, mount, f->mount_ns);
		if (ns && ns == ours)
			return mount;
		if (ns && !some)
			some = mount;
	}
	return some;
}

void super_source(struct space *s, const struct layer_facts *f, vaddr_t sb, char *text,
		  size_t size)
{
	vaddr_t mount = super_mount(s, f, sb);

	text_at(s, mount ? field_value(s, mount, f->mount_source) : 0, text, size);
}

static void read_super(struct layer_reader *l, vaddr_t sb, struct disk_part *part)
{
	vaddr_t mount = super_mount(l->disks->space, l->facts, sb);
	struct file_place place;

	path_of_super(&l->paths, sb, &place);
	snprintf(part->fs, sizeof(part->fs), "%s", place.fs);
	if (mount && path_of_mount(&l->paths, mount, &place))
		snprintf(part->mounted, sizeof(part->mounted), "%s", place.path);
}

static bool look_at_super(void *ctx, vaddr_t sb)
{
	struct layer_reader *l = ctx;
	struct disks *d = l->disks;
	vaddr_t bdev = field_value(d->space, sb, l->facts->sb_bdev);

	for (unsigned i = 0; bdev && i < d->n_parts; i++)
		if (d->parts[i].at == bdev && !d->parts[i].fs[0])
			read_super(l, sb, &d->parts[i]);
	return true;
}

void disk_layers_read(struct layer_reader *l)
{
	struct disks *d = l->disks;

	d->n_links = 0;
	read_all_links(l);
	for (unsigned i = 0; i < d->n; i++)
		if (is_mapped(&d->list[i]))
			read_volume(l, &d->list[i]);
	supers_each(&l->supers, look_at_super, l);
}

/* ---- words --------------------------------------------------------------------------- */

bool disk_is_volume(const struct disks *d, unsigned disk)
{
	for (unsigned i = 0; i < d->n_links; i++)
		if (d->links[i].disk == disk)
			return true;
	return false;
}

void disk_part_name(const struct disks *d, const struct disk_part *part, char name[PART_NAME])
{
	const char *disk = d->list[part->disk].name;
	size_t len = strlen(disk);

	if (!part->number)
		snprintf(name, PART_NAME, "%s", disk);
	else
		snprintf(name, PART_NAME, "%s%s%u", disk,
			 len && isdigit((unsigned char)disk[len - 1]) ? "p" : "", part->number);
}

void disk_volume_name(const struct disk_use *disk, char name[VOLUME_NAME])
{
	if (disk->volume[0])
		snprintf(name, VOLUME_NAME, "%s (%s)", disk->name, disk->volume);
	else
		snprintf(name, VOLUME_NAME, "%s", disk->name);
}

/* Where a search through what stands on a disk is. */
struct climb {
	const struct disks *d;
	unsigned wanted;	/* so many more before it */
	uint64_t seen[DISK_PARTS_MAX / 64];	/* each is told once; links may go round */
	struct disk_layer *out;
};

static bool is_it(struct climb *c, const struct disk_part *part)
{
	c->out->top = part;
	return !c->wanted--;
}

static bool climb(struct climb *c, unsigned part, unsigned depth);

/* Its parts, of a disk that stands on what came before. */
static bool climb_disk(struct climb *c, unsigned disk, unsigned depth)
{
	const struct disks *d = c->d;
	char *between = c->out->between, name[VOLUME_NAME];
	size_t len = strlen(between);

	disk_volume_name(&d->list[disk], name);
	snprintf(between + len, sizeof(c->out->between) - len, "%s%s", len ? ", " : "", name);
	for (unsigned k = 0; k < d->n_parts; k++)
		if (d->parts[k].disk == disk && climb(c, k, depth))
			return true;
	between[len] = '\0';
	return false;
}

static bool climb(struct climb *c, unsigned part, unsigned depth)
{
	const struct disk_part *at = &c->d->parts[part];
	bool is_leaf = depth < DEPTH_MAX;

	if (c->seen[part / 64] >> part % 64 & 1)
		return false;
	c->seen[part / 64] |= 1ULL << part % 64;
	if (at->fs[0])
		return is_it(c, at);
	for (unsigned i = 0; depth < DEPTH_MAX && i < c->d->n_links; i++) {
		if (c->d->links[i].part != part)
			continue;
		is_leaf = false;
		if (climb_disk(c, c->d->links[i].disk, depth + 1))
			return true;
	}
	/* A volume that something else uses: a database, a guest. */
	return is_leaf && !at->number && c->out->between[0] && is_it(c, at);
}

bool disk_layer_at(const struct disks *d, unsigned disk, unsigned i, struct disk_layer *out)
{
	struct climb c = { .d = d, .wanted = i, .out = out };

	for (unsigned k = 0; k < d->n_parts; k++) {
		*out = (struct disk_layer){ .part = &d->parts[k] };
		if (d->parts[k].disk == disk && climb(&c, k, 0))
			return true;
	}
	return false;
}

void disk_layer_text(const struct disks *d, const struct disk_layer *layer,
		     char text[LAYER_TEXT])
{
	char name[PART_NAME];

	disk_part_name(d, layer->part, name);
	snprintf(text, LAYER_TEXT, "%s: %s%s%s%s%s", name, layer->between,
		 layer->between[0] && layer->top->fs[0] ? ", " : "", layer->top->fs,
		 layer->top->mounted[0] ? " at " : "", layer->top->mounted);
}
