/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Of the fates when all targets have had their turn. */
#include "last_line.h"

#include <string.h>

#include "base/logfmt.h"
#include "base/progress.h"
#include "capture/reporter.h"
#include "target_state.h"

#define SHOWN 75	/* of a target, and of a folder */

/* Where it is mounted here is nobody's business; its name is the target's. */
static void put_folder(const struct session *s, struct logfmt *l, const char *key, unsigned nr)
{
	const char *slash = strrchr(s->fates[nr].folder, '/');

	logfmt_put(l, key, "%.*s/%.*s", SHOWN, s->config->targets[nr],
		   SHOWN, slash ? slash + 1 : s->fates[nr].folder);
}

/* The first target that has the log, n_targets: none. */
static unsigned log_nr(const struct session *s)
{
	unsigned nr = 0;

	while (nr < s->config->n_targets && s->fates[nr].dmesg != DONE)
		nr++;
	return nr;
}

static bool is_withheld(const struct session *s)
{
	for (unsigned i = 0; i < s->config->n_targets; i++)
		if (s->fates[i].dump == WITHHELD)
			return true;
	return false;
}

/* As `crashbox list` tells them apart. */
static const char *dump_word(const struct totals *t)
{
	return !t->complete ? "part" : t->verified ? "kept" : t->sampled ? "sampled" :
	       "doubtful";
}

void last_line(const struct session *s, char *line, size_t size)
{
	struct logfmt l = logfmt_start(line, size);
	unsigned n = s->config->n_targets, nr = s->saved_nr;

	logfmt_put(&l, "host", "%.64s", s->host);
	logfmt_put(&l, "sig", "%s", s->reported ? s->reported->id : "");
	if (s->n_seen)
		logfmt_put(&l, "seen", "%u", s->n_seen);
	if (nr < n) {
		logfmt_put(&l, "dump", "%s", dump_word(&s->totals[nr]));
		put_folder(s, &l, "in", nr);
		return;
	}
	logfmt_put(&l, "dump", "%s", is_withheld(s) ? "withheld" : "none");
	nr = log_nr(s);
	if (nr < n)
		put_folder(s, &l, "log", nr);
	else
		logfmt_put(&l, "log", "none");
}
