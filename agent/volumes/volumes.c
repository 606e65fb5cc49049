/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The frozen text taken apart. It is of whoever could write an image. */
#include "volumes.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"

#define FIRST_LINE "crashbox volumes 1"
#define MAX_SECTORS (1ull << 55)

unsigned volumes_node(const struct volumes *v, unsigned n, const char *name, size_t len)
{
	for (unsigned i = 0; i < n; i++)
		if (strlen(v->nodes[i].name) == len && !memcmp(v->nodes[i].name, name, len))
			return i;
	return NO_NODE;
}

unsigned volumes_of(const struct volumes *v, const char *words)
{
	for (unsigned i = 0; i < v->n_targets; i++)
		if (!strcmp(v->targets[i].words, words))
			return v->targets[i].node;
	return NO_NODE;
}

/* The next word of a line, "" at its end. */
static const char *next_word(char **line)
{
	const char *word = strsep(line, " ");

	return word ? word : "";
}

static struct volume_node *new_node(struct volumes *v, enum node_kind kind, char **line,
				    struct err *e)
{
	const char *name = next_word(line);
	struct volume_node *node = &v->nodes[v->n_nodes];

	if (!*name || strlen(name) >= NODE_NAME || strspn(name, "abcdefghijklmnopqrstuvwxyz"
							  "0123456789") != strlen(name))
		return fail(e, EINVAL, "'%s' is no name", name), NULL;
	if (volumes_node(v, v->n_nodes, name, strlen(name)) != NO_NODE)
		return fail(e, EINVAL, "%s comes twice", name), NULL;
	if (v->n_nodes == MAX_NODES)
		return fail(e, E2BIG, "more than %u devices", MAX_NODES), NULL;
	node->kind = kind;
	strcpy(node->name, name);
	return node;
}

static bool take_disk(struct volumes *v, char *line, struct err *e)
{
	struct volume_node *node = new_node(v, NODE_DISK, &line, e);

	while (node && line)
		if (!block_facts_take(&node->disk, next_word(&line), e))
			return false;
	if (!node || !block_facts_suffice(&node->disk) || !node->disk.sectors)
		return node && fail(e, EINVAL, "too little to know a disk by");
	v->n_nodes++;
	return true;
}

static bool take_md(struct volumes *v, char *line, struct err *e)
{
	struct volume_node *node = new_node(v, NODE_MD, &line, e);
	unsigned member;
	const char *word;

	while (node && line) {
		word = next_word(&line);
		member = volumes_node(v, v->n_nodes, word, strlen(word));
		if (member != NO_NODE && node->md.n < MAX_MEMBERS)
			node->md.members[node->md.n++] = member;
		else if (!strncmp(word, "level=raid", 10) && strlen(word) < 14)
			strcpy(node->md.level, word + 6);
		else if (!strncmp(word, "disks=", 6))
			node->md.n_disks = strtoul(word + 6, NULL, 10);
		else if (!strncmp(word, "version=1.", 10))
			node->md.minor_version = strtoul(word + 10, NULL, 10);
		else
			return fail(e, EINVAL, "'%s' is nothing of an array", word);
	}
	if (!node || !node->md.n || node->md.n_disks < node->md.n ||
	    node->md.n_disks > MAX_MEMBERS || node->md.minor_version > 2)
		return node && fail(e, EINVAL, "an array of how many disks?");
	v->n_nodes++;
	return true;
}

static bool take_dm(struct volumes *v, char *line, struct err *e)
{
	struct volume_node *node = new_node(v, NODE_DM, &line, e);
	const char *word;

	while (node && line) {
		word = next_word(&line);
		if (!strncmp(word, "name=", 5) && strlen(word + 5) < DM_NAME)
			strcpy(node->dm.name, word + 5);
		else if (!strncmp(word, "lv=", 3) && strlen(word + 3) < LVM_ID)
			strcpy(node->dm.lv, word + 3);
		else if (!strncmp(word, "extents=", 8))
			node->dm.extents = strtoull(word + 8, NULL, 16);
		else
			return fail(e, EINVAL, "'%s' is nothing of a volume", word);
	}
	v->n_nodes += node != NULL;
	return node;
}

/* What its parameters name stands above: so there is no circle, and nothing raw. */
static bool check_params(const struct volumes *v, unsigned node, const char *params,
			 struct err *e)
{
	for (const char *at = params; *at; at += strcspn(at, " "), at += *at == ' ') {
		size_t len = strcspn(at, " ");

		if (*at == '/' || (*at == '@' &&
				   volumes_node(v, node, at + 1, len - 1) == NO_NODE))
			return fail(e, EINVAL, "'%.*s' is no device above it", (int)len, at);
	}
	return true;
}

static bool take_map(struct volumes *v, char *line, struct err *e)
{
	const char *name = next_word(&line);
	unsigned node = volumes_node(v, v->n_nodes, name, strlen(name));
	const struct volume_map *last = v->n_maps ? &v->maps[v->n_maps - 1] : NULL;
	uint64_t begins = last && last->node == node ? last->start + last->len : 0;
	struct volume_map *map = &v->maps[v->n_maps];
	char *end[2];

	if (node == NO_NODE || node != v->n_nodes - 1 || v->nodes[node].kind != NODE_DM)
		return fail(e, EINVAL, "'%s' is not the volume above it", name);
	if (v->n_maps == MAX_MAPS)
		return fail(e, E2BIG, "more than %u lines of tables", MAX_MAPS);
	map->node = node;
	map->start = strtoull(next_word(&line), &end[0], 10);
	map->len = strtoull(next_word(&line), &end[1], 10);
	map->type = next_word(&line);
	map->params = line ? line : "";
	if (*end[0] || *end[1] || map->start != begins || !map->len ||
	    map->len > MAX_SECTORS || map->start > MAX_SECTORS || !*map->type)
		return fail(e, EINVAL, "a table with a hole");
	v->n_maps++;
	return check_params(v, node, map->params, e);
}

static bool take_target(struct volumes *v, char *line, struct err *e)
{
	const char *name = next_word(&line);
	unsigned node = volumes_node(v, v->n_nodes, name, strlen(name));

	if (node == NO_NODE || !line || v->n_targets == MAX_TARGETS_ON)
		return fail(e, EINVAL, "'%s' is no device above it", name);
	v->targets[v->n_targets].node = node;
	v->targets[v->n_targets++].words = line;
	return true;
}

static bool take_line(struct volumes *v, char *line, struct err *e)
{
	static const struct {
		const char *word;
		bool (*take)(struct volumes *v, char *line, struct err *e);
	} kinds[] = {
		{ "disk", take_disk }, { "md", take_md }, { "dm", take_dm },
		{ "map", take_map }, { "target", take_target },
	};
	const char *word = next_word(&line);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(word, kinds[i].word))
			return line ? kinds[i].take(v, line, e)
				    : fail(e, EINVAL, "there is nothing behind '%s'", word);
	return fail(e, EINVAL, "'%s' is no such line", word);
}

bool volumes_parse(struct volumes *v, const char *text, struct err *e)
{
	char *rest = v->text, *line;
	unsigned nr = 1;

	memset(v, 0, sizeof(*v));
	if (strlen(text) >= sizeof(v->text))
		return fail(e, E2BIG, "volumes: more than %u bytes", VOLUMES_TEXT - 1);
	strcpy(v->text, text);
	line = strsep(&rest, "\n");
	if (strcmp(line, FIRST_LINE))
		return fail(e, EINVAL, "volumes: not '" FIRST_LINE "'");
	while ((line = strsep(&rest, "\n"))) {
		nr++;
		if (*line && *line != '#' && !take_line(v, line, e))
			return within(e, "volumes, line %u", nr);
	}
	return true;
}

bool volumes_read(struct volumes *v, const char *path, struct err *e)
{
	char text[VOLUMES_TEXT];

	return read_text(path, text, sizeof(text), e) && volumes_parse(v, text, e);
}
