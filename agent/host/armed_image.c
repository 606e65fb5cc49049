/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Are the files still those that are loaded, and what can a capture kernel reach with them? */
#include "armed_look.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/err.h"
#include "bootimage.h"
#include "drivers.h"
#include "finding.h"
#include "machine/config.h"
#include "reads.h"

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

/* The image has a copy of it. */
static void check_image_age(struct look *l)
{
	struct stat conf, image;

	if (l->config && !stat(l->config_path, &conf) && !stat(l->loaded.initrd.path, &image) &&
	    conf.st_mtime > image.st_mtime)
		found(l->f, "image", GRADE_WARN, "%s was changed after the image was made: "
		      "crashbox image, then crashbox load", l->config_path);
}

/* ---- what the capture kernel can reach --------------------------------------- */

#define READS_LEN (512u << 20)	/* of an arena; what is not touched costs nothing */

/* Each module that the targets' disks and file systems hang on must be had from somewhere. */
static void check_modules(struct look *l, const struct reads *r, const char *image)
{
	char names[2][200] = { "", "" };
	struct drivers d = { .root = l->root };
	struct err e;

	for (unsigned i = 0; i < l->config->n_targets; i++)
		if (!drivers_target(&d, l->config->targets[i], &e)) {
			found(l->f, "drivers", GRADE_WARN, "%s", e.text);
			return;
		}
	for (unsigned i = 0; i < d.n; i++) {
		enum read_answer answer = reads_module(r, d.names[i]);
		char *to = names[answer == READ_NO];

		if (answer == READ_YES)
			continue;
		snprintf(to + strlen(to), sizeof(names[0]) - strlen(to), " %s", d.names[i]);
	}
	if (r->is_foreign && (names[0][0] || names[1][0]))
		found(l->f, "drivers", GRADE_FAIL, "the modules in %s are of Linux %s, and %s "
		      "is %s, which takes none of them: crashbox image, then crashbox load",
		      image, r->of, kernel_in_use(l), r->kernel);
	else if (names[1][0])
		found(l->f, "drivers", GRADE_FAIL, "the targets need%s, which is neither in %s "
		      "nor built into %s: crashbox image, then crashbox load", names[1], image,
		      kernel_in_use(l));
	else if (names[0][0])
		found(l->f, "drivers", GRADE_WARN, "whether%s is built into %s cannot be told",
		      names[0], kernel_in_use(l));
	else
		found(l->f, "drivers", GRADE_OK, "the capture kernel has the %u drivers and "
		      "file systems that the targets need", d.n);
}

static void check_drivers(struct look *l)
{
	const char *image = l->is_known ? l->loaded.initrd.path : l->plan.initrd;
	struct arena arena;
	struct reads r;
	struct err e;

	if (!l->config)
		return;
	if (!arena_init(&arena, READS_LEN, &e)) {
		found(l->f, "drivers", GRADE_WARN, "%s", e.text);
		return;
	}
	if (reads_open(&r, l->root, kernel_in_use(l), image, &arena, &e))
		check_modules(l, &r, image);
	else
		found(l->f, "drivers", GRADE_FAIL, "%s", e.text);
	arena_deinit(&arena);
}
void armed_image(struct look *l)
{
	if (l->is_known) {
		check_file(l, "kernel", &l->loaded.kernel);
		check_file(l, "image", &l->loaded.initrd);
		check_image_age(l);
	}
	check_drivers(l);
}
