/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The targets' volumes: is what was frozen still how this machine has put them together? */
#include "ready_parts.h"

#include <string.h>

#include "base/err.h"
#include "config/config.h"
#include "host/check_result.h"
#include "image/inside.h"
#include "image/volume_freeze.h"
#include "image/volume_keys.h"

#define RENEW "crashbox image, then crashbox load"

/* What cannot be looked at the rows of drivers and targets say. */
static void check_keys(struct look *l, const struct volume_freeze *f)
{
	char sum[KEYS_SHA256];

	volume_keys_sum(f, sum);
	if (!sum[0] || !l->is_known)
		return;
	if (!l->loaded.keys_sha256[0])
		found(l->f, "keys", GRADE_FAIL, "a target is encrypted, and its key was not "
		      "loaded: crashbox load");
	else if (strcmp(l->loaded.keys_sha256, sum))
		found(l->f, "keys", GRADE_FAIL, "the key of an encrypted target has changed "
		      "since it was loaded: crashbox load");
	else
		found(l->f, "keys", GRADE_OK, "the keys of encrypted targets are loaded");
}

void ready_volumes(struct look *l)
{
	struct volume_freeze f = { .root = l->root, .with_keys = true };
	struct inside_file file;
	struct err ignored;
	bool has;

	if (!l->has_image || !l->has_config || !volume_freeze_config(&f, l->config, &ignored))
		return;
	has = inside_find(&l->inside, VOLUMES_FILE, &file);
	if (has && (file.data.len != f.len || memcmp(file.data.at, f.text, f.len)))
		found(l->f, "volumes", GRADE_FAIL, "a volume of the targets has changed since "
		      "%s was made: " RENEW, l->image);
	else if (!has && f.len)
		found(l->f, "volumes", GRADE_FAIL, "%s does not know how the targets' volumes "
		      "are put together: " RENEW, l->image);
	else if (has)
		found(l->f, "volumes", GRADE_OK, "%s knows the targets' volumes as they are",
		      l->image);
	check_keys(l, &f);
	explicit_bzero(f.keys, sizeof(f.keys));
}
