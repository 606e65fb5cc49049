/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tell textfile and motd: files that say how things stand, for the node exporter of Prometheus,
 * and for who logs in. Everybody may read them.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "host/root.h"
#include "host/whole_file.h"
#include "tell.h"

#define TEXT_MAX (64u << 10)

struct text {
	char at[TEXT_MAX];
	size_t len;
};

__attribute__((format(printf, 2, 3)))
static void add(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(t->at + t->len, sizeof(t->at) - t->len, fmt, ap);
	va_end(ap);
	/* What does not fit is left out as a whole. */
	if (len > 0 && t->len + len < sizeof(t->at))
		t->len += len;
}

static bool put(const struct tell_to *to, const char *file, struct text *t, struct err *e)
{
	struct blob data = { (uint8_t *)t->at, t->len };
	char path[HOST_PATH_MAX];

	return root_path(path, to->root, file, e) && file_replace(path, &data, e) &&
	       (!chmod(path, 0644) || fail(e, errno, "%s: %s", path, strerror(errno)));
}

/* ---- for Prometheus ---------------------------------------------------------- */

/* A label's value; of printable text only these two mean something. */
static void add_label(struct text *t, const char *value)
{
	for (; *value; value++)
		add(t, *value == '"' || *value == '\\' ? "\\%c" : "%c", *value);
}

static void add_head(struct text *t, const char *name, const char *help)
{
	add(t, "# HELP crashbox_%s %s\n# TYPE crashbox_%s gauge\n", name, help, name);
}

static void add_value(struct text *t, const char *name, const char *help, int64_t value)
{
	add_head(t, name, help);
	add(t, "crashbox_%s %" PRId64 "\n", name, value);
}

static bool metrics(const struct tell_to *to, const char *rest, const struct tell_totals *all,
		    struct err *e)
{
	struct text t = { .len = 0 };

	add_value(&t, "armed", "Whether a capture kernel is loaded.", all->is_armed);
	add_value(&t, "unread_targets", "Targets that could not be looked at.", all->n_unread);
	if (all->tested)
		add_value(&t, "last_test_success_timestamp_seconds",
			  "When crashbox test was last content.", all->tested);
	if (all->last)
		add_value(&t, "last_crash_timestamp_seconds", "When the last crash was.",
			  all->last);
	add_head(&t, "crashes", "Crashes on the targets, by fault.");
	for (unsigned i = 0; i < all->n_faults; i++) {
		add(&t, "crashbox_crashes{signature=\"");
		add_label(&t, all->faults[i].signature);
		add(&t, "\",title=\"");
		add_label(&t, all->faults[i].title);
		add(&t, "\"} %u\n", all->faults[i].n);
	}
	return put(to, rest, &t, e);
}

const struct tell_way tell_textfile = { .name = "textfile", .totals = metrics };

/* ---- for people -------------------------------------------------------------- */

static bool motd(const struct tell_to *to, const char *rest, const struct tell_totals *all,
		 struct err *e)
{
	struct text t = { .len = 0 };
	char path[HOST_PATH_MAX];

	if (!root_path(path, to->root, rest, e))
		return false;
	if (!all->n_crashes && access(path, F_OK))
		return true;
	if (all->n_crashes)
		add(&t, "crashbox: %u %s saved, the last of %s: %s (crashbox list)\n",
		    all->n_crashes, all->n_crashes == 1 ? "crash" : "crashes", all->last_time,
		    all->last_title);
	return put(to, rest, &t, e);
}

const struct tell_way tell_motd = { .name = "motd", .totals = motd };
