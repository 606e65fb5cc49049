/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Volumes: the input is the text that they were frozen to, LVM's metadata, and the first bytes
 * of a disk, each once. A text that is taken names only what stands above, in tables without a
 * hole, and what a disk is known by comes back from its words as it was.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "volumes/lvm_extents.h"
#include "volumes/volumes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_disk(const struct block_facts *disk)
{
	struct block_facts again = { .minor_version = disk->minor_version };
	char text[FACT_TEXT], *rest = text, *word;
	struct err e;

	block_facts_format(disk, text);
	while ((word = strsep(&rest, " ")))
		if (!block_facts_take(&again, word, &e) && disk->sectors)
			abort();
	if (disk->sectors && (again.sectors != disk->sectors || again.part != disk->part ||
			      !block_facts_match(disk, &again) ||
			      !block_facts_match(&again, disk)))
		abort();
}

static void check_node(const struct volumes *v, unsigned nr)
{
	const struct volume_node *node = &v->nodes[nr];

	if (!node->name[0] || volumes_node(v, v->n_nodes, node->name, strlen(node->name)) != nr)
		abort();
	if (node->kind == NODE_DISK) {
		if (!block_facts_suffice(&node->disk) || !node->disk.sectors)
			abort();
		check_disk(&node->disk);
	} else if (node->kind == NODE_MD) {
		if (!node->md.n || node->md.n > MAX_MEMBERS || node->md.n_disks > MAX_MEMBERS)
			abort();
		for (unsigned i = 0; i < node->md.n; i++)
			if (node->md.members[i] >= nr)
				abort();
	}
}

static void check_map(const struct volumes *v, unsigned nr)
{
	const struct volume_map *map = &v->maps[nr], *last = nr ? map - 1 : NULL;
	uint64_t begins = last && last->node == map->node ? last->start + last->len : 0;

	if (map->node >= v->n_nodes || v->nodes[map->node].kind != NODE_DM || !map->len ||
	    map->start != begins || map->start + map->len < map->len || !map->type[0])
		abort();
	for (const char *at = map->params; *at; at += strcspn(at, " "), at += *at == ' ')
		if (*at == '@' && volumes_node(v, map->node, at + 1, strcspn(at, " ") - 1) >=
				  map->node)
			abort();
}

static void parse(const char *text)
{
	static struct volumes v;
	struct err e;

	if (!volumes_parse(&v, text, &e)) {
		if (!e.code || !e.text[0])
			abort();	/* an error that says nothing */
		return;
	}
	for (unsigned i = 0; i < v.n_nodes; i++)
		check_node(&v, i);
	for (unsigned i = 0; i < v.n_maps; i++)
		check_map(&v, i);
	for (unsigned i = 0; i < v.n_targets; i++)
		if (v.targets[i].node >= v.n_nodes ||
		    volumes_of(&v, v.targets[i].words) == NO_NODE)
			abort();
}

static void read_disk(const uint8_t *data, size_t size)
{
	static uint8_t head[FACTS_HEAD], end[256];
	struct block_facts disk = { .sectors = 8 };
	size_t n = size < sizeof(head) ? size : sizeof(head);

	memset(head, 0, sizeof(head));
	memset(end, 0, sizeof(end));
	memcpy(head, data, n);
	memcpy(end, data, n < sizeof(end) ? n : sizeof(end));
	block_facts_parse(&disk, head, size & 1 ? end : NULL);
	check_disk(&disk);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char lv[LVM_ID] = "W1rLabcdefghijklmnopqrstuvwxyz01";
	struct lvm_extents x = { .seqno = 0 };
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	parse(text);
	lvm_extents_parse(&x, text, lv);
	read_disk(data, size);
	free(text);
	return 0;
}
