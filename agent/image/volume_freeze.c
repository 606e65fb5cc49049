/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Freezing volumes. From the device down; each is written down when all that it stands on is.
 * A made-up machine has the table of dm-N in /dev/mapper/NAME.table.
 */
#include "volume_freeze.h"

#include <errno.h>
#include <dirent.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "config/config.h"
#include "targets/disk_room.h"
#include "targets/target_kinds.h"
#include "volume_table.h"
#include "volumes/dm.h"
#include "volumes/lvm_extents.h"

#define DEPTH_MAX 8
#define NOT_SUPPORTED "take a partition of its own, or a server"

/* ---- what is written down --------------------------------------------------- */

/* Text that grows, in a place of so many bytes. */
struct growing {
	char *at;
	size_t size, *len;
};

__attribute__((format(printf, 3, 4)))
static bool add(const struct growing *g, struct err *e, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(g->at + *g->len, g->size - *g->len, fmt, ap);
	va_end(ap);
	if ((size_t)n >= g->size - *g->len)
		return fail(e, E2BIG, "its description is longer than %zu bytes", g->size);
	*g->len += n;
	return true;
}

static bool add_text(struct volume_freeze *f, const char *text, struct err *e)
{
	const struct growing g = { f->text, sizeof(f->text), &f->len };

	return add(&g, e, "%s", text);
}

/* A whole one: "raid1" is not in "raid10". */
static bool has_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (; *words; words += strcspn(words, " "), words += *words == ' ')
		if (strcspn(words, " ") == len && !memcmp(words, word, len))
			return true;
	return false;
}

static void add_word(char *words, size_t size, const char *word)
{
	size_t len = strlen(words);

	if (!has_word(words, word))
		snprintf(words + len, size - len, "%s%s", len ? " " : "", word);
}

static const char *id_of(const struct volume_freeze *f, const char *sys)
{
	for (unsigned i = 0; i < f->n; i++)
		if (!strcmp(f->nodes[i].sys, sys))
			return f->nodes[i].id;
	return NULL;
}

static bool new_node(struct volume_freeze *f, char letter, const char *sys, struct err *e)
{
	if (f->n == MAX_NODES)
		return fail(e, E2BIG, "it stands on more than %u devices", MAX_NODES);
	snprintf(f->nodes[f->n].sys, FROZEN_NAME, "%s", sys);
	snprintf(f->nodes[f->n].id, NODE_NAME, "%c%u", letter, f->n);
	f->n++;
	return true;
}

static bool sys_text(const struct volume_freeze *f, const char *sys, const char *file,
		     char *text, size_t size)
{
	char path[PATH_MAX];
	struct err ignored;

	snprintf(path, sizeof(path), "%s/sys/class/block/%s/%s", f->root, sys, file);
	return read_text(path, text, size, &ignored);
}

static bool sys_has(const struct volume_freeze *f, const char *sys, const char *folder)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/sys/class/block/%s/%s", f->root, sys, folder);
	return !access(path, F_OK);
}

/* ---- disks ------------------------------------------------------------------ */

static bool freeze_disk(struct volume_freeze *f, const char *sys, struct err *e)
{
	struct block_facts facts;
	char words[FACT_TEXT], line[FACT_TEXT + 32];

	if (!block_facts_read(&facts, f->root, sys, e))
		return within(e, "cannot be read (as root?)");
	if (!block_facts_suffice(&facts))
		return fail(e, ENOTSUP, "%s has nothing that it could be known by again: no "
			    "label of LVM, md or LUKS, no WWN, no serial number", sys);
	if (!new_node(f, 'd', sys, e))
		return false;
	block_facts_format(&facts, words);
	snprintf(line, sizeof(line), "disk %s %s\n", f->nodes[f->n - 1].id, words);
	return add_text(f, line, e);
}

/* ---- md --------------------------------------------------------------------- */

static bool freeze(struct volume_freeze *f, const char *sys, unsigned depth, struct err *e);

/* The member in a slot of an array, "" where there is none that is whole. */
static bool member_of(const struct volume_freeze *f, const char *sys, unsigned slot,
		      char member[FROZEN_NAME])
{
	char path[PATH_MAX], file[300], text[64];
	cleanup_dir DIR *dir = NULL;
	const struct dirent *entry;

	snprintf(path, sizeof(path), "%s/sys/class/block/%s/md", f->root, sys);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "dev-", 4))
			continue;
		snprintf(file, sizeof(file), "md/%.255s/slot", entry->d_name);
		if (!sys_text(f, sys, file, text, sizeof(text)) ||
		    strspn(text, "0123456789") != strlen(text) ||
		    strtoul(text, NULL, 10) != slot)
			continue;
		snprintf(file, sizeof(file), "md/%.255s/state", entry->d_name);
		if (!sys_text(f, sys, file, text, sizeof(text)) || !strstr(text, "in_sync"))
			continue;
		snprintf(member, FROZEN_NAME, "%.63s", entry->d_name + 4);
		return true;
	}
	return false;
}

static bool check_array(const struct volume_freeze *f, const char *sys, const char *level,
			const char *version, struct err *e)
{
	char text[64];

	if (strcmp(level, "raid0") && strcmp(level, "raid1") && strcmp(level, "raid10"))
		return fail(e, ENOTSUP, "%s is %s of md, of which a capture puts RAID 0, 1 and "
			    "10 together: " NOT_SUPPORTED, sys, level);
	if (strncmp(version, "1.", 2))
		return fail(e, ENOTSUP, "%s has metadata %s, and a capture reads 1.x only: "
			    NOT_SUPPORTED, sys, version);
	if (sys_text(f, sys, "md/reshape_position", text, sizeof(text)) &&
	    strcmp(text, "none"))
		return fail(e, ENOTSUP, "%s is just reshaped: load again when that is done",
			    sys);
	return true;
}

static bool freeze_md(struct volume_freeze *f, const char *sys, unsigned depth, struct err *e)
{
	char level[32], version[32], disks[16], member[FROZEN_NAME], line[400];
	size_t len = 0;
	const struct growing g = { line, sizeof(line), &len };
	unsigned n_disks;

	if (!sys_text(f, sys, "md/level", level, sizeof(level)) ||
	    !sys_text(f, sys, "md/metadata_version", version, sizeof(version)) ||
	    !sys_text(f, sys, "md/raid_disks", disks, sizeof(disks)))
		return fail(e, ENOTSUP, "%s is a part of an array, or not one that runs", sys);
	n_disks = strtoul(disks, NULL, 10);
	if (!check_array(f, sys, level, version, e) ||
	    (n_disks > MAX_MEMBERS && !fail(e, ENOTSUP, "%s has more than %u members", sys,
					    MAX_MEMBERS)))
		return false;
	line[0] = '\0';
	for (unsigned i = 0; i < n_disks; i++)
		if (member_of(f, sys, i, member) &&
		    !(freeze(f, member, depth, e) && add(&g, e, " %s", id_of(f, member))))
			return false;
	if (!new_node(f, 'm', sys, e))
		return false;
	add_word(f->modules, sizeof(f->modules), "md_mod");
	add_word(f->modules, sizeof(f->modules), level);
	return add_text(f, "md ", e) && add_text(f, f->nodes[f->n - 1].id, e) &&
	       add(&(struct growing){ f->text, sizeof(f->text), &f->len }, e,
		   " level=%s disks=%u version=%s%s\n", level, n_disks, version, line);
}

/* ---- device mapper ---------------------------------------------------------- */

static bool read_table(const struct volume_freeze *f, const char *sys, const char *name,
		       char text[DM_TABLE_TEXT], struct err *e)
{
	unsigned major, minor;
	char number[32], path[PATH_MAX];

	if (f->root[0]) {
		snprintf(path, sizeof(path), "%s/dev/mapper/%s.table", f->root, name);
		return read_text(path, text, DM_TABLE_TEXT, e);
	}
	if (!sys_text(f, sys, "dev", number, sizeof(number)) ||
	    sscanf(number, "%u:%u", &major, &minor) != 2)
		return fail(e, ENODEV, "%s has no number", sys);
	return dm_table(major, minor, text, e);
}

/* "253:1" to "dm-1". */
static bool name_of(const struct volume_freeze *f, const char *number, size_t len,
		    char sys[FROZEN_NAME], struct err *e)
{
	char path[PATH_MAX], to[PATH_MAX];

	snprintf(path, sizeof(path), "%s/sys/dev/block/%.*s", f->root, (int)len, number);
	if (!realpath(path, to))
		return fail(e, ENODEV, "device %.*s is not in /sys", (int)len, number);
	snprintf(sys, FROZEN_NAME, "%.63s", strrchr(to, '/') + 1);
	return true;
}

/* A key in the kernel's keyring is one that nobody reads out of it again. */
static bool add_key(struct volume_freeze *f, const char *id, const char *key, size_t len,
		    struct err *e)
{
	const struct growing g = { f->keys, sizeof(f->keys), &f->keys_len };

	if (*key == ':')
		return fail(e, ENOTSUP, "the key of this encrypted disk is in the kernel's "
			    "keyring, where nobody can read it: have it in device mapper's "
			    "table, by `cryptsetup refresh --disable-keyring NAME` after each "
			    "boot, then load again");
	return !f->with_keys || add(&g, e, "%s %.*s\n", id, (int)len, key);
}

/* A table that is written down: by whom, and where to. */
struct table {
	const char *sys, *id;
	const struct growing *out;
	unsigned depth;
};

static bool freeze_word(struct volume_freeze *f, const struct table *t, const char *word,
			enum table_word is, struct err *e)
{
	size_t len = strcspn(word, " ");
	char on[FROZEN_NAME];

	if (is == WORD_DEVICE)
		return name_of(f, word, len, on, e) && freeze(f, on, t->depth, e) &&
		       add(t->out, e, " @%s", id_of(f, on));
	if (is == WORD_KEY && *word != '-')
		return add_key(f, t->id, word, len, e) && add(t->out, e, " %%%s", t->id);
	return add(t->out, e, " %.*s", (int)len, word);
}

static bool freeze_line(struct volume_freeze *f, const struct table *t, char *line,
			struct err *e)
{
	const char *start = strsep(&line, " "), *len = line ? strsep(&line, " ") : "";
	const char *type = line ? strsep(&line, " ") : "";
	const char *params = line ? line : "", *at = params;
	const struct table_kind *kind = table_kind_of(type);

	if (!kind)
		return fail(e, ENOTSUP, "it is '%s' of device mapper, which a capture does not "
			    "put together", type);
	if (!table_check(kind, at, e) ||
	    !add(t->out, e, "map %s %s %s %s", t->id, start, len, type))
		return false;
	for (unsigned nr = 0; *at; nr++, at += strcspn(at, " "), at += strspn(at, " "))
		if (!freeze_word(f, t, at, kind->word(params, nr), e))
			return false;
	if (!strcmp(type, "crypt"))
		snprintf(f->ciphers + strlen(f->ciphers),
			 sizeof(f->ciphers) - strlen(f->ciphers), "%.*s ",
			 (int)strcspn(params, " "), params);
	for (const char *m = kind->modules; *m; m += strcspn(m, " "), m += *m == ' ') {
		char one[32];

		snprintf(one, sizeof(one), "%.*s", (int)strcspn(m, " "), m);
		add_word(f->modules, sizeof(f->modules), one);
	}
	return add(t->out, e, "\n");
}

/* Where LVM has it, "" if it is none of LVM's; by what its metadata on the disks say. */
static void take_lv(const struct volume_freeze *f, const char *sys, struct volume_node *node)
{
	struct lvm_extents x = { .seqno = 0 };
	char uuid[160], path[PATH_MAX];

	if (!sys_text(f, sys, "dm/uuid", uuid, sizeof(uuid)) || strncmp(uuid, "LVM-", 4) ||
	    strlen(uuid) < 4 + 64)
		return;
	snprintf(node->dm.lv, LVM_ID, "%.32s", uuid + 4 + 32);
	for (unsigned i = 0; i < f->n; i++) {
		snprintf(path, sizeof(path), "%s/dev/%s", f->root, f->nodes[i].sys);
		lvm_extents_newer(&x, path, node->dm.lv);
	}
	node->dm.extents = x.sum;
}

static bool add_dm(struct volume_freeze *f, const char *sys, const char *id, const char *name,
		   struct err *e)
{
	struct volume_node node = { .kind = NODE_DM };
	const struct growing g = { f->text, sizeof(f->text), &f->len };

	take_lv(f, sys, &node);
	if (!add(&g, e, "dm %s name=%s", id, name))
		return false;
	if (node.dm.extents && !add(&g, e, " lv=%s extents=%llx", node.dm.lv,
				    (unsigned long long)node.dm.extents))
		return false;
	return add(&g, e, "\n");
}

/* Of several ways to one disk any will do, as it is known by what is written on it. */
static bool freeze_multipath(struct volume_freeze *f, const char *sys, struct err *e)
{
	char path[PATH_MAX], first[FROZEN_NAME] = "";
	cleanup_dir DIR *dir = NULL;
	const struct dirent *entry;

	snprintf(path, sizeof(path), "%s/sys/class/block/%s/slaves", f->root, sys);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' &&
		    (!first[0] || strverscmp(entry->d_name, first) < 0))
			snprintf(first, sizeof(first), "%.63s", entry->d_name);
	if (!first[0] || !freeze_disk(f, first, e))
		return first[0] ? false : fail(e, ENODEV, "%s has no path", sys);
	snprintf(f->nodes[f->n - 1].sys, FROZEN_NAME, "%s", sys);
	return true;
}

static bool freeze_dm(struct volume_freeze *f, const char *sys, unsigned depth, struct err *e)
{
	char table[DM_TABLE_TEXT], out[DM_TABLE_TEXT], name[DM_NAME] = "", *rest = table, *line;
	char id[NODE_NAME];
	size_t len = 0;
	const struct growing g = { out, sizeof(out), &len };
	const struct table t = { sys, id, &g, depth };
	bool ok = true;

	if (!sys_text(f, sys, "dm/name", name, sizeof(name)) || strpbrk(name, " \t"))
		return fail(e, ENOTSUP, "%s: a volume without a name", sys);
	if (!read_table(f, sys, name, table, e))
		return within(e, "%s", name);
	if (strstr(table, " multipath "))
		return freeze_multipath(f, sys, e);
	snprintf(id, sizeof(id), "v%u", f->n_tables++);
	out[0] = '\0';
	while (ok && (line = strsep(&rest, "\n")))
		ok = !*line || freeze_line(f, &t, line, e);
	explicit_bzero(table, sizeof(table));
	if (!ok)
		return within(e, "%s", name);
	if (!new_node(f, 'v', sys, e))
		return false;
	snprintf(f->nodes[f->n - 1].id, NODE_NAME, "%s", id);
	return add_dm(f, sys, id, name, e) && add_text(f, out, e);
}

/* ---- all -------------------------------------------------------------------- */

static bool freeze(struct volume_freeze *f, const char *sys, unsigned depth, struct err *e)
{
	if (id_of(f, sys))
		return true;
	if (!depth)
		return fail(e, ENOTSUP, "it stands on more than %u layers", DEPTH_MAX);
	if (sys_has(f, sys, "dm"))
		return freeze_dm(f, sys, depth - 1, e);
	if (!strncmp(sys, "md", 2))
		return freeze_md(f, sys, depth - 1, e);
	return freeze_disk(f, sys, e);
}

bool volume_freeze_target(struct volume_freeze *f, const char *words, const char *device,
			  struct err *e)
{
	const struct growing g = { f->text, sizeof(f->text), &f->len };
	const char *sys = device + strlen("/dev/");

	if (!f->len && !add_text(f, "crashbox volumes 1\n", e))
		return false;
	return freeze(f, sys, DEPTH_MAX, e) &&
	       add(&g, e, "target %s %s\n", id_of(f, sys), words);
}

bool volume_freeze_config(struct volume_freeze *f, const struct config *c, struct err *e)
{
	for (unsigned i = 0; i < c->n_targets; i++) {
		const char *words = c->targets[i];
		const struct target_kind *kind = target_kind_of(words);
		char device[DEVICE_NAME_MAX];
		struct disk_spec spec;
		const struct disk_search search = { .spec = &spec, .root = f->root };
		struct err ignored;

		if (!kind || !kind->device_of || !kind->device_of(&spec, words, &ignored) ||
		    !disk_room_find(&search, device, &ignored) ||
		    !disk_is_assembled(device + strlen("/dev/")))
			continue;
		if (!volume_freeze_target(f, words, device, e))
			return within(e, "target %s", words);
	}
	return true;
}
