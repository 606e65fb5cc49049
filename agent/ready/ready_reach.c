/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the capture kernel needs for itself, and which drivers the targets do. */
#include "ready_parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "config/config.h"
#include "host/check_result.h"
#include "image/drivers.h"

static void check_firmware(struct look *l, const char *whose, const struct drivers *d)
{
	char names[160];

	kernel_reads_lost_firmware(&l->reads, d, names, sizeof(names));
	if (names[0])
		found(l->f, "firmware", GRADE_FAIL, "drivers of %s may ask for%s, which this "
		      "machine has, and %s has not: crashbox image, then crashbox load", whose,
		      names, l->image);
}

void ready_drivers(struct look *l, const char *what, const char *whose,
		   const struct drivers *d)
{
	char names[2][200] = { "", "" };
	const struct kernel_reads *r = &l->reads;

	for (unsigned i = 0; i < d->n; i++) {
		enum read_answer answer = kernel_reads_module(r, d->names[i]);
		char *to = names[answer == READ_NO];

		if (answer == READ_YES)
			continue;
		snprintf(to + strlen(to), sizeof(names[0]) - strlen(to), " %s", d->names[i]);
	}
	for (unsigned i = 0; i < d->n_needs; i++) {
		enum read_answer answer = kernel_reads_need(r, d->needs[i]);
		char *to = names[answer == READ_NO];

		if (answer != READ_YES)
			snprintf(to + strlen(to), sizeof(names[0]) - strlen(to), " %s of %s "
				 "(CONFIG_%s)", d->needs[i]->name, d->needs[i]->fs,
				 d->needs[i]->symbol);
	}
	if (r->is_foreign && (names[0][0] || names[1][0]))
		found(l->f, what, GRADE_FAIL, "the modules in %s are of Linux %s, and %s "
		      "is %s, which takes none of them: crashbox image, then crashbox load",
		      l->image, r->of, kernel_in_use(l), r->builtin.release);
	else if (names[1][0])
		found(l->f, what, GRADE_FAIL, "%s need%s, which is neither in %s nor built "
		      "into %s: crashbox image, then crashbox load", whose, names[1], l->image,
		      kernel_in_use(l));
	else if (names[0][0])
		found(l->f, what, GRADE_WARN, "whether%s is built into %s cannot be told",
		      names[0], kernel_in_use(l));
	else
		found(l->f, what, GRADE_OK, "the capture kernel has the %u drivers and "
		      "file systems that %s need", d->n, whose);
	check_firmware(l, whose, d);
}

/* Each module that the targets' disks and file systems hang on must be had from somewhere. */
static void check_targets(struct look *l)
{
	struct drivers d = { .root = l->root };
	bool any = false;
	struct err e;

	for (unsigned i = 0; i < l->config->n_targets; i++) {
		if (drivers_target(&d, l->config->targets[i], &e))
			any = true;
		else	/* what is not here the row of the target tells; the rest is refused */
			found(l->f, "drivers", e.code == ENOTSUP ? GRADE_FAIL : GRADE_WARN,
			      "%s", e.text);
	}
	if (any)
		ready_drivers(l, "drivers", "the targets", &d);
}

/* Without them PID 1 does not even begin. */
static void check_kernel(struct look *l)
{
	static const struct { const char *symbol, *what, *codec; } needs[] = {
		{ "PROC_VMCORE", "there is no /proc/vmcore, so it saves no crash", "" },
		{ "BLK_DEV_INITRD", "it unpacks no image", "" },
		{ "DEVTMPFS", "it knows no disks", "" },
		{ "RD_ZSTD", "it does not unpack this image", "zstd" },
		{ "RD_GZIP", "it does not unpack this image", "gzip" },
		{ "RD_XZ", "it does not unpack this image", "xz" },
	};

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		if (needs[i].codec[0] && !strstr(l->inside.codecs, needs[i].codec))
			continue;
		if (kernel_reads_symbol(&l->reads, needs[i].symbol) == READ_NO)
			found(l->f, "capture", GRADE_FAIL, "%s is built without CONFIG_%s: %s",
			      kernel_in_use(l), needs[i].symbol, needs[i].what);
	}
}

void ready_reach(struct look *l)
{
	if (!l->has_image)
		return;
	check_kernel(l);
	if (l->has_config)
		check_targets(l);
}
