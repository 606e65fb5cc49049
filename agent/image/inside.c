/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading an image. Linux init/initramfs.c: archives and zeroes between them, until
 * neither comes.
 */
#include "inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "pack.h"

#define UNPACKED_MAX (96u << 20)
#define MAX_ARCHIVES 16
#define CPIO_HEADER 110

/* ---- one archive behind the other ------------------------------------------- */

static size_t hex8(const uint8_t *at)
{
	char text[9] = "";

	memcpy(text, at, 8);
	return strtoul(text, NULL, 16);
}

struct entry {
	const uint8_t *name, *data;
	size_t name_len, data_len;	/* that of the name with its NUL */
	unsigned mode;
};

static void skip_zeroes(struct cursor *c)
{
	while (c->at < c->end && !*c->at)
		c->at++;
}

/* False at the end, and where the archive was cut or lies. */
static bool next_entry(struct cursor *c, struct entry *entry)
{
	const uint8_t *header, *filler;

	skip_zeroes(c);
	if (!cursor_take(c, CPIO_HEADER, &header) || memcmp(header, "070701", 6))
		return false;
	entry->mode = hex8(header + 14);
	entry->name_len = hex8(header + 94);
	entry->data_len = hex8(header + 54);
	if (!cursor_take(c, round_up(CPIO_HEADER + entry->name_len, 4) - CPIO_HEADER,
			 &entry->name) || !cursor_take(c, entry->data_len, &entry->data))
		return false;
	cursor_take(c, round_up(entry->data_len, 4) - entry->data_len, &filler);
	return true;
}

static bool is_called(const struct entry *entry, const char *name)
{
	return entry->name_len == strlen(name) + 1 &&
	       !memcmp(entry->name, name, entry->name_len);
}

/* How long an archive is that is not packed, with its end; 0: there is none. */
static size_t plain_len(const struct blob *b)
{
	struct cursor c = { b->at, b->at + b->len };
	struct entry entry;
	size_t len = 0;

	while (next_entry(&c, &entry)) {
		len = c.at - b->at;
		if (is_called(&entry, "TRAILER!!!"))
			break;
	}
	return len;
}

static void note_codec(struct inside *in, const char *codec)
{
	size_t len = strlen(in->codecs);

	if (!strstr(in->codecs, codec))
		snprintf(in->codecs + len, sizeof(in->codecs) - len, "%s%s", len ? " " : "",
			 codec);
}

/* Takes the first archive off `rest`, and puts it behind what is there already. */
static bool add_archive(struct inside *in, struct blob *rest, const char *path,
			struct arena *a, struct err *e)
{
	struct unpacking u = {
		.path = path, .from = *rest, .scratch = a,
		.to = { in->archive.at + in->archive.len, UNPACKED_MAX - in->archive.len },
	};

	note_codec(in, unpack_codec(rest));
	if (!strcmp(unpack_codec(rest), "none")) {
		u.from.len = plain_len(rest);
		if (!u.from.len)
			return fail(e, EINVAL, "%s: not an image of crashbox", path);
	}
	if (!unpack_first(&u, e))
		return false;
	rest->at += u.from.len;
	rest->len -= u.from.len;
	in->archive.len += u.to.len;
	return true;
}

static void trim_zeroes(struct blob *b)
{
	struct cursor c = { b->at, b->at + b->len };

	skip_zeroes(&c);
	*b = (struct blob){ (uint8_t *)c.at, c.end - c.at };
}

bool inside_open(struct inside *in, const char *path, struct arena *a, struct err *e)
{
	struct blob rest;

	*in = (struct inside){ .archive = { NULL, 0 } };
	if (!file_load(a, path, &rest, e))
		return false;
	in->archive.at = arena_take(a, UNPACKED_MAX, 1, "image", e);
	if (!in->archive.at)
		return false;
	for (unsigned n = 0; rest.len && n < MAX_ARCHIVES; n++) {
		if (!add_archive(in, &rest, path, a, e))
			return false;
		trim_zeroes(&rest);
	}
	if (rest.len)
		return fail(e, E2BIG, "%s: more than %u archives: crashbox image makes one",
			    path, MAX_ARCHIVES);
	return inside_find(in, "init", NULL) ||
	       fail(e, EINVAL, "%s: not an image of crashbox, /init is not in it", path);
}

/* ---- what is in them -------------------------------------------------------- */

bool inside_find(const struct inside *in, const char *name, struct inside_file *file)
{
	struct cursor c = { in->archive.at, in->archive.at + in->archive.len };
	struct entry entry;
	bool is_there = false;

	while (next_entry(&c, &entry)) {
		if (!is_called(&entry, name))
			continue;
		is_there = true;
		if (file)
			*file = (struct inside_file){
				entry.mode, { (uint8_t *)entry.data, entry.data_len } };
	}
	return is_there;
}

bool inside_next(const struct inside *in, const char *folder, size_t *at,
		 struct inside_file *file)
{
	struct cursor c = { in->archive.at + *at, in->archive.at + in->archive.len };
	size_t len = strlen(folder);
	struct entry entry;

	while (next_entry(&c, &entry)) {
		*at = c.at - in->archive.at;
		if (entry.name_len <= len + 1 || memcmp(entry.name, folder, len))
			continue;
		*file = (struct inside_file){
			entry.mode, { (uint8_t *)entry.data, entry.data_len } };
		return true;
	}
	return false;
}

/* Each module says for which kernel it was built; all of an image are of the same one. */
void inside_release(const struct inside *in, char release[RELEASE_MAX])
{
	static const char word[] = "vermagic=";
	struct inside_file file;
	size_t place = 0;

	release[0] = '\0';
	while (!release[0] && inside_next(in, "modules/", &place, &file)) {
		const uint8_t *at, *end = file.data.at + file.data.len;
		size_t n = 0;

		at = memmem(file.data.at, file.data.len, word, sizeof(word) - 1);
		if (!at)
			continue;
		at += sizeof(word) - 1;
		while (at < end && *at > ' ' && *at <= '~' && n + 1 < RELEASE_MAX)
			release[n++] = *at++;
		release[n] = '\0';
	}
}
