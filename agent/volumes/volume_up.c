/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Volumes put together. Each node in the order of the text, which names only what stands
 * above; a node that lacks one it cannot do without is not up, and says why if it was wanted.
 */
#include "volume_up.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "dm.h"
#include "lvm_extents.h"
#include "md.h"

#define KEYS_TEXT 8192
#define FIRST_ARRAY 100		/* mdN, away from what the kernel may find by itself */

struct bring_up {
	const struct volumes *v;
	struct volume_seen seen[MAX_NODES];
	char keys[KEYS_TEXT];
	struct err why;		/* the first thing that was lacking */
};

/* The next reference to a node in parameters, moving *at; NO_NODE at their end. */
static unsigned next_node(const struct volumes *v, const char **at)
{
	while (**at) {
		const char *word = *at;
		size_t len = strcspn(word, " ");

		*at += len + (word[len] == ' ');
		if (*word == '@')
			return volumes_node(v, v->n_nodes, word + 1, len - 1);
	}
	return NO_NODE;
}

/* What it stands on stands above it. */
static void mark(struct bring_up *b, unsigned node)
{
	const struct volumes *v = b->v;

	b->seen[node].is_needed = true;
	for (unsigned i = node + 1; i-- > 0; ) {
		const struct volume_node *at = &v->nodes[i];

		if (!b->seen[i].is_needed)
			continue;
		for (unsigned m = 0; at->kind == NODE_MD && m < at->md.n; m++)
			b->seen[at->md.members[m]].is_needed = true;
		for (unsigned m = 0; at->kind == NODE_DM && m < v->n_maps; m++) {
			const char *params = v->maps[m].params;
			unsigned on;

			while (v->maps[m].node == i && (on = next_node(v, &params)) != NO_NODE)
				b->seen[on].is_needed = true;
		}
	}
}

static void lacks(struct bring_up *b, int code, const char *what, const char *why)
{
	if (!b->why.code)
		fail(&b->why, code, "%s: %s", what, why);
}

/* ---- md --------------------------------------------------------------------- */

static bool up_md(struct bring_up *b, unsigned node, struct err *e)
{
	const struct volume_node *at = &b->v->nodes[node];
	struct md_member members[MAX_MEMBERS];
	unsigned n = 0;

	for (unsigned i = 0; i < at->md.n; i++) {
		const struct volume_seen *on = &b->seen[at->md.members[i]];

		if (on->is_up)
			members[n++] = (struct md_member){ on->major, on->minor };
	}
	if (!n || (n < at->md.n && !strcmp(at->md.level, "raid0")))
		return fail(e, ENODEV, "%s: %u of %u members are here", at->md.level, n,
			    at->md.n);
	if (n < at->md.n_disks)
		log_warn("%s %s: %u of %u members are here", at->md.level, at->name, n,
			 at->md.n_disks);
	snprintf(b->seen[node].name, DISK_NAME, "md%u", FIRST_ARRAY + node);
	return md_start(FIRST_ARRAY + node, at->md.minor_version, members, n, e);
}

/* ---- device mapper ---------------------------------------------------------- */

static const char *key_of(const struct bring_up *b, const char *name, size_t name_len,
			  size_t *len)
{
	for (const char *at = b->keys; *at; at += strcspn(at, "\n"), at += *at == '\n')
		if (!strncmp(at, name, name_len) && at[name_len] == ' ') {
			at += name_len + 1;
			*len = strcspn(at, "\n");
			return at;
		}
	return NULL;
}

/* Text that a table is written into. */
struct written {
	char text[DM_TABLE_TEXT];
	size_t len;
};

static bool put(struct written *w, const char *text, size_t len)
{
	if (len >= sizeof(w->text) - w->len)
		return false;
	memcpy(w->text + w->len, text, len);
	w->len += len;
	w->text[w->len] = '\0';
	return true;
}

/* One word of the parameters, in terms of this machine. */
static bool put_word(struct bring_up *b, struct written *w, const char *word, size_t len,
		     struct err *e)
{
	unsigned node = *word == '@' ? volumes_node(b->v, b->v->n_nodes, word + 1, len - 1)
				     : NO_NODE;
	char number[24];

	if (*word == '%') {
		word = key_of(b, word + 1, len - 1, &len);
		if (!word)
			return fail(e, EKEYREJECTED, "its key is not in what was loaded");
	} else if (*word == '@') {
		if (!b->seen[node].is_up)
			return fail(e, ENODEV, "%s is not here", b->v->nodes[node].name);
		len = sprintf(number, "%u:%u", b->seen[node].major, b->seen[node].minor);
		word = number;
	}
	return put(w, word, len) || fail(e, E2BIG, "too long a table");
}

/* Of a pair of a mirror's metadata and data either both are named or none. */
static bool has_pair(const struct bring_up *b, const char *word)
{
	const char *at = word;
	unsigned meta = next_node(b->v, &at), data = next_node(b->v, &at);

	return data != NO_NODE && b->seen[meta].is_up && b->seen[data].is_up;
}

static bool put_params(struct bring_up *b, struct written *w, const struct volume_map *map,
		       struct err *e)
{
	bool is_mirror = !strcmp(map->type, "raid");
	unsigned n_pairs = 0;

	for (const char *at = map->params; *at; at += strcspn(at, " "), at += *at == ' ') {
		size_t len = strcspn(at, " ");

		if (w->len && w->text[w->len - 1] && !put(w, " ", 1))
			return fail(e, E2BIG, "too long a table");
		if (is_mirror && *at == '@' && !has_pair(b, at)) {
			log_warn("a leg of a mirror is not here");
			put(w, "- -", 3);
			at += len + 1;		/* and its data */
			continue;
		}
		if (!put_word(b, w, at, len, e))
			return false;
		if (is_mirror && *at == '@') {
			n_pairs++;
			at += len + 1;
			put(w, " ", 1);
			if (!put_word(b, w, at, strcspn(at, " "), e))
				return false;
		}
	}
	return !is_mirror || n_pairs || fail(e, ENODEV, "none of its legs is here");
}

static bool is_where_it_was(const struct bring_up *b, unsigned node, struct err *e)
{
	const struct volume_node *at = &b->v->nodes[node];
	struct lvm_extents now = { .seqno = 0 };
	char path[DISK_NAME + 8];

	for (unsigned i = 0; at->dm.extents && i < node; i++) {
		if (!b->seen[i].is_up)
			continue;
		snprintf(path, sizeof(path), "/dev/%s", b->seen[i].name);
		lvm_extents_newer(&now, path, at->dm.lv);
	}
	return now.sum == at->dm.extents ||
	       fail(e, ESTALE, "the volume has changed since it was loaded, and may be in "
		    "another place now");
}

static bool make_dm(struct bring_up *b, unsigned node, const char *name, struct err *e)
{
	struct dm_line lines[MAX_MAPS];
	struct written w = { .len = 0 };
	bool is_mirror = false, ok = true;
	unsigned n = 0, minor = 0;

	for (unsigned i = 0; ok && i < b->v->n_maps; i++) {
		const struct volume_map *map = &b->v->maps[i];

		if (map->node != node)
			continue;
		is_mirror |= !strcmp(map->type, "raid");
		lines[n++] = (struct dm_line){ map->start, map->len, map->type,
					       w.text + w.len };
		ok = put_params(b, &w, map, e);
		w.len++;		/* its NUL stays */
		ok = ok && (w.len < sizeof(w.text) || fail(e, E2BIG, "too long a table"));
	}
	ok = ok && (n || fail(e, EINVAL, "it has no table")) &&
	     dm_make(name, lines, n, &minor, e);
	explicit_bzero(&w, sizeof(w));
	snprintf(b->seen[node].name, DISK_NAME, "dm-%u", minor);
	return ok && (!is_mirror || dm_message(name, "frozen", e));
}

static bool up_dm(struct bring_up *b, unsigned node, struct err *e)
{
	const struct volume_node *at = &b->v->nodes[node];
	const char *name = at->dm.name[0] ? at->dm.name : at->name;

	return is_where_it_was(b, node, e) && make_dm(b, node, name, e);
}

/* ---- all -------------------------------------------------------------------- */

static const char *what(const struct volume_node *node, char text[FACT_TEXT])
{
	if (node->kind == NODE_DISK)
		block_facts_format(&node->disk, text);
	else
		snprintf(text, FACT_TEXT, "%s", node->kind == NODE_DM ? node->dm.name :
			 node->md.level);
	return text;
}

static void up(struct bring_up *b, unsigned node)
{
	const struct volume_node *at = &b->v->nodes[node];
	struct volume_seen *seen = &b->seen[node];
	char text[FACT_TEXT];
	struct err e;
	bool ok;

	if (at->kind == NODE_DISK) {
		if (!seen->is_up)
			lacks(b, ENODEV, what(at, text), "no such disk");
		return;
	}
	ok = at->kind == NODE_MD ? up_md(b, node, &e) : up_dm(b, node, &e);
	seen->is_up = ok && volume_number(seen);
	if (!ok)
		lacks(b, e.code, what(at, text), e.text);
	else if (!seen->is_up)
		lacks(b, ENODEV, what(at, text), "is not in /sys");
	if (!ok)
		log_warn("%s: %s", what(at, text), e.text);
}

bool volume_up(const struct volumes *v, unsigned node, const char *keys,
	       const struct volume_search *s, char device[DISK_NAME], struct err *e)
{
	struct bring_up b = { .v = v };
	struct err ignored;

	read_text(keys, b.keys, sizeof(b.keys), &ignored);
	mark(&b, node);
	volume_disks_find(v, b.seen, s);
	for (unsigned i = 0; i <= node; i++)
		if (b.seen[i].is_needed)
			up(&b, i);
	explicit_bzero(b.keys, sizeof(b.keys));
	if (!b.seen[node].is_up)
		return fail(e, b.why.code, "%s", b.why.text);
	snprintf(device, DISK_NAME, "/dev/%s", b.seen[node].name);
	return true;
}
