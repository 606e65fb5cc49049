/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The loaded kernel and image. Are the files still those that are loaded? Only then do
 * they tell what a crash would find.
 */
#include "ready_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "host/check_result.h"
#include "kexec/bootimage.h"

/* Is the file still the one that is loaded? */
static void check_file(struct look *l, const char *what, const struct file_fact *then)
{
	struct file_fact now;
	char version[160] = "";
	struct bootimage b;
	struct err e;

	if (!file_fact(&now, then->path, &e)) {
		found(l->f, what, GRADE_WARN, "%s; the loaded copy works, but the next boot "
		      "has none", e.text);
		return;
	}
	if (now.size != then->size || strcmp(now.sha256, then->sha256)) {
		found(l->f, what, GRADE_WARN, "%s is not what is loaded, it was changed since: "
		      "crashbox load", then->path);
		return;
	}
	if (!strcmp(what, "kernel") && bootimage_open(&b, then->path, &e)) {
		snprintf(version, sizeof(version), ", Linux %s", b.version);
		bootimage_close(&b);
	}
	found(l->f, what, GRADE_OK, "%s%s, %" PRIu64 " KiB", then->path, version,
	      (now.size + 1023) / 1024);
}

void ready_image(struct look *l)
{
	struct err e;

	snprintf(l->image, sizeof(l->image), "%s", l->plan.initrd);
	if (l->is_known) {
		check_file(l, "kernel", &l->loaded.kernel);
		check_file(l, "image", &l->loaded.initrd);
		if (!loaded_image(&l->loaded, l->root, l->image))
			return;
	}
	l->reads = (struct kernel_reads){
		.image = &l->inside, .builtin = { .root = l->root, .arena = &l->arena },
	};
	l->has_image = inside_open(&l->inside, l->image, &l->arena, &e) &&
		       kernel_reads_open(&l->reads, kernel_in_use(l), &e);
	if (!l->has_image)
		found(l->f, "image", GRADE_FAIL, "%s", e.text);
}
