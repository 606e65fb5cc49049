/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The targets of device mapper. Their parameters are in Linux
 * Documentation/admin-guide/device-mapper.
 */
#include "volume_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

/* The nr-th word, from 0; "" behind the last. */
static const char *word_at(const char *params, unsigned nr)
{
	while (nr-- && *params) {
		params += strcspn(params, " ");
		params += strspn(params, " ");
	}
	return params;
}

/* DEVICE OFFSET */
static enum table_word linear_word(const char *params, unsigned nr)
{
	(void)params;
	return nr == 0 ? WORD_DEVICE : WORD_PLAIN;
}

/* STRIPES CHUNK [DEVICE OFFSET]... */
static enum table_word striped_word(const char *params, unsigned nr)
{
	(void)params;
	return nr >= 2 && nr % 2 == 0 ? WORD_DEVICE : WORD_PLAIN;
}

/* CIPHER KEY IV_OFFSET DEVICE OFFSET [OPTIONS] */
static enum table_word crypt_word(const char *params, unsigned nr)
{
	(void)params;
	return nr == 1 ? WORD_KEY : nr == 3 ? WORD_DEVICE : WORD_PLAIN;
}

/* LEVEL N PARAMETER... M [METADATA DATA]..., either may be "-" */
static enum table_word raid_word(const char *params, unsigned nr)
{
	unsigned long n = strtoul(word_at(params, 1), NULL, 10);

	return nr > n + 2 && *word_at(params, nr) != '-' ? WORD_DEVICE : WORD_PLAIN;
}

static const struct table_kind kinds[] = {
	{ "linear", "dm_mod", NULL, linear_word },
	{ "striped", "dm_mod", NULL, striped_word },
	{ "crypt", "dm_crypt", NULL, crypt_word },
	{ "raid", "dm_raid raid1", NULL, raid_word },
	{ "thin", .refused = "a thin volume" },
	{ "thin-pool", .refused = "a pool of thin volumes" },
	{ "cache", .refused = "a cached volume" },
	{ "writecache", .refused = "a cached volume" },
	{ "era", .refused = "a volume with eras" },
	{ "snapshot", .refused = "a snapshot" },
	{ "snapshot-origin", .refused = "a volume with snapshots" },
	{ "snapshot-merge", .refused = "a snapshot that is merged" },
	{ "mirror", .refused = "a mirror of LVM's old kind, or a volume that is moved just now "
			       "(wait for pvmove, or lvconvert --type raid1)" },
	{ "integrity", .refused = "a volume with checksums (integrity)" },
	{ "verity", .refused = "a read-only volume (verity)" },
	{ "vdo", .refused = "a compressed volume (VDO)" },
};

const struct table_kind *table_kind_of(const char *type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].type, type))
			return &kinds[i];
	return NULL;
}

bool table_check(const struct table_kind *kind, const char *params, struct err *e)
{
	if (kind->refused)
		return fail(e, ENOTSUP, "it is %s, which a capture does not put together",
			    kind->refused);
	if (strcmp(kind->type, "raid"))
		return true;
	if (strncmp(params, "raid1 ", 6))
		return fail(e, ENOTSUP, "it is %.*s of LVM, of which a capture puts raid1 "
			    "together only", (int)strcspn(params, " "), params);
	if (strstr(params, " rebuild ") || strstr(params, " delta_disks ") ||
	    strstr(params, " data_offset "))
		return fail(e, ENOTSUP, "a mirror that is just rebuilt or reshaped: load again "
			    "when that is done");
	return true;
}
