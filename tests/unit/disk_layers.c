/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/disk_layers: what stands on what, on made-up disks, and on links that go round. */
#include "triage/disk_layers.h"

#include "flat.h"
#include "t.h"

/* sda1: ext4; sda2: dm-0 (crypt), on that dm-1 (vg-root) and dm-2; vda and vdb: md0 */
static const char *const names[] = { "sda", "dm-0", "dm-1", "dm-2", "vda", "vdb", "md0" };
static const struct disk_part parts[] = {
	{ 1, 0, 0, "", "" }, { 2, 0, 1, "ext4", "/boot" }, { 3, 0, 2, "", "" },
	{ 4, 1, 0, "", "" }, { 5, 2, 0, "xfs", "/var" }, { 6, 3, 0, "", "" },
	{ 7, 4, 0, "", "" }, { 8, 5, 0, "", "" }, { 9, 6, 0, "", "" },
	{ 10, 6, 1, "ext4", "" },
};
static const struct disk_link links[] = {
	{ 2, 1 }, { 3, 2 }, { 3, 3 }, { 6, 6 }, { 7, 6 },
};

static void make(struct disks *d)
{
	memset(d, 0, sizeof(*d));
	for (size_t i = 0; i < T_SIZE(names); i++)
		snprintf(d->list[i].name, sizeof(d->list[i].name), "%s", names[i]);
	snprintf(d->list[1].volume, sizeof(d->list[1].volume), "crypt");
	snprintf(d->list[2].volume, sizeof(d->list[2].volume), "vg-root");
	memcpy(d->parts, parts, sizeof(parts));
	memcpy(d->links, links, sizeof(links));
	d->n = T_SIZE(names);
	d->n_parts = T_SIZE(parts);
	d->n_links = T_SIZE(links);
}

static void test_texts(void)
{
	static const struct {
		unsigned disk, i;
		const char *text;	/* NULL: there is none */
	} rows[] = {
		{ 0, 0, "sda1: ext4 at /boot" },
		{ 0, 1, "sda2: dm-0 (crypt), dm-1 (vg-root), xfs at /var" },
		{ 0, 2, "sda2: dm-0 (crypt), dm-2" },
		{ 0, 3, NULL },
		{ 1, 0, "dm-0: dm-1 (vg-root), xfs at /var" },
		{ 4, 0, "vda: md0" },
		{ 4, 1, "vda: md0, ext4" },
		{ 6, 0, "md0p1: ext4" },
		{ 6, 1, NULL },
	};
	static struct disks d;

	make(&d);
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		char text[LAYER_TEXT] = "none";
		struct disk_layer layer;
		bool there = disk_layer_at(&d, rows[i].disk, rows[i].i, &layer);

		if (there)
			disk_layer_text(&d, &layer, text);
		T_TEXT("what stands on it", rows[i].text ? rows[i].text : "none", text);
	}
	T_CHECK("is made of others", disk_is_volume(&d, 6) && disk_is_volume(&d, 1));
	T_CHECK("is not", !disk_is_volume(&d, 0));
}

/* Each part is under each disk: no end but that of the steps. */
static void test_round(void)
{
	struct disk_layer layer;
	static struct disks d;

	make(&d);
	d.n_links = 0;
	for (unsigned part = 0; part < T_SIZE(parts); part++) {
		d.parts[part].fs[0] = '\0';
		for (unsigned disk = 0; disk < T_SIZE(names); disk++)
			d.links[d.n_links++] = (struct disk_link){ part, disk };
	}
	T_CHECK("nothing stands on top of a circle", !disk_layer_at(&d, 0, 0, &layer));
	T_CHECK("what was between is text", memchr(layer.between, 0, sizeof(layer.between)));
}

/* ---- memory ---------------------------------------------------------------------------- */

enum { DISK = 0x100, VOLUME = 0x200, LINK = 0x300, SUPER = 0x400, DEVICE = 0x500, CELL = 0x600,
       TYPE = 0x700, BDEV = 0x800, TEXTS = 0x900, HEAD = 0xa00, LEN = 0x1000 };

static uint8_t memory[LEN];

/* A ring of two list_heads. */
static void put_ring(unsigned a, unsigned b)
{
	flat_put_at(memory, a, b);
	flat_put_at(memory, b, a);
	flat_put_at(memory, a + 8, b);
	flat_put_at(memory, b + 8, a);
}

static void make_memory(void)
{
	memset(memory, 0, sizeof(memory));
	put_ring(VOLUME, LINK);			/* .slave_bdevs, .list */
	flat_put_at(memory, LINK + 16, BDEV);
	flat_put_at(memory, VOLUME + 16, DEVICE);		/* .private_data */
	flat_put_at(memory, DEVICE, VOLUME);			/* .disk */
	flat_put_at(memory, DEVICE + 8, CELL);		/* .interface_ptr */
	flat_put(memory, DEVICE + 16, 2);		/* .flags: suspended */
	flat_put_at(memory, CELL, TEXTS);			/* .name */
	flat_put_at(memory, CELL + 8, DEVICE);		/* .md */
	put_ring(HEAD, SUPER);			/* super_blocks, .s_list */
	flat_put_at(memory, SUPER + 16, BDEV);		/* .s_bdev */
	flat_put_at(memory, SUPER + 24, TYPE);		/* .s_type */
	flat_put_at(memory, TYPE, TEXTS + 32);		/* .name */
	memcpy(memory + TEXTS, "vg-root", 8);
	memcpy(memory + TEXTS + 32, "ext4", 5);
}

static void read_memory(struct disks *d)
{
	struct layer_facts facts;
	static const struct bounds bounds = { .until = 1e12 };
	struct super_facts supers = { (int64_t)(FLAT_BASE + HEAD), flat8(0) };
	struct mapper_facts mapper = { flat8(0), flat8(8), flat8(16),
				       flat8(0), flat8(8) };
	struct path_facts paths;
	struct flat f;

	flat_open(&f, memory, sizeof(memory));
	flat_absent(&facts, sizeof(facts));
	flat_absent(&paths, sizeof(paths));
	facts.slaves = facts.link = facts.sb_mounts = flat8(0);
	facts.sb_mounts.off = ABSENT;
	facts.private_data = facts.link_bdev = facts.sb_bdev = flat8(16);
	paths.sb_type = flat8(24);
	paths.type_name = flat8(0);
	memset(d, 0, sizeof(*d));
	d->space = &f.space;
	d->list[0] = (struct disk_use){ .at = FLAT_BASE + DISK, .name = "sda" };
	d->list[1] = (struct disk_use){ .at = FLAT_BASE + VOLUME, .name = "dm-0" };
	d->parts[0] = (struct disk_part){ .at = FLAT_BASE + BDEV, .number = 1 };
	d->n = 2;
	d->n_parts = 1;
	disk_layers_read(&(struct layer_reader){ d, &facts, { &f.space, &supers, &bounds },
						 { &f.space, &paths }, &mapper });
}

static void test_memory(void)
{
	static const struct {
		const char *row;
		unsigned at;
		uint64_t value;
		unsigned n_links;
		const char *volume, *fs;
	} rows[] = {
		{ "as it is", LEN - 8, 0, 1, "vg-root", "ext4" },
		{ "the link's list does not point back", LINK + 8, 0, 0, "vg-root", "ext4" },
		{ "the list leads nowhere", VOLUME, 8, 0, "vg-root", "ext4" },
		{ "the link names no device", LINK + 16, 0, 0, "vg-root", "ext4" },
		{ "the device is of another disk", DEVICE, 0, 1, "", "ext4" },
		{ "the name is of another device", CELL + 8, 0, 1, "", "ext4" },
		{ "no name", CELL, 8, 1, "", "ext4" },
		{ "the super block is of no device", SUPER + 16, 0, 1, "vg-root", "" },
		{ "their list does not point back", SUPER + 8, 0, 1, "vg-root", "" },
	};
	static struct disks d;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		make_memory();
		flat_put(memory, rows[i].at, rows[i].value);
		read_memory(&d);
		T_EQUAL(rows[i].row, rows[i].n_links, d.n_links);
		T_TEXT(rows[i].row, rows[i].volume, d.list[1].volume);
		T_TEXT(rows[i].row, rows[i].fs, d.parts[0].fs);
		T_EQUAL(rows[i].row, rows[i].at != DEVICE && rows[i].at != CELL + 8,
			d.list[1].is_suspended);
	}
}

int main(void)
{
	test_texts();
	test_round();
	test_memory();
	return t_done();
}
