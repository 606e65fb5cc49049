/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One key after the other, as long as there is room. */
#include "report_line.h"

#include "base/logfmt.h"
#include "report.h"

#define KNOWN_SHOWN 100		/* of what is known, whose rest the report has */

/* Its kind and its function, which are the kernel's. */
static void put_bare_title(struct logfmt *l, const struct signature *s)
{
	logfmt_put(l, "what", s->n_frames ? "%.60s in %.100s" : "%.60s", s->kind_text,
		   s->frames[0].text);
}

void report_line(const struct report *r, bool is_bare, char *line, size_t size)
{
	const struct signature *s = &r->signature;
	struct logfmt l = logfmt_start(line, size);

	logfmt_put(&l, "host", "%.64s", r->system.node);
	logfmt_put(&l, "kernel", "%.64s", r->system.release);
	if (is_bare)
		put_bare_title(&l, s);
	else
		logfmt_put(&l, "what", "%.160s", s->title);
	logfmt_put(&l, "sig", "%s", s->id);
	logfmt_put(&l, "coarse", "%s", s->coarse);
	logfmt_put(&l, "known", "%.*s", KNOWN_SHOWN, r->known);
	if (r->crash_cpu >= 0)
		logfmt_put(&l, "cpu", "%u", r->cpus[r->crash_cpu].nr);
	if (r->subject.at)
		logfmt_put(&l, "pid", "%u", r->subject.pid);
	if (r->subject.at && !is_bare)
		logfmt_put(&l, "comm", "%s", r->subject.comm);
	if (r->subject.at && !is_bare)
		logfmt_put(&l, "cgroup", "%.120s", r->details.cgroup);
	logfmt_put(&l, "taint", "%s", r->system.taint_letters);
	if (r->system.uptime_s >= 0)
		logfmt_put(&l, "uptime", "%.0f", r->system.uptime_s);
}
