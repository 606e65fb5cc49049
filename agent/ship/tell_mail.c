/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tell mail: the beginning of the report, by the host's sendmail. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "machine/program.h"
#include "tell.h"

#define MAIL_MAX 16384
#define STALL_S 60

static bool crash(const struct tell_to *to, const char *rest, const struct tell_crash *c,
		  struct err *e)
{
	/* What it reads says to whom; -oi: a line of one dot is no end. */
	static const char *const argv[] = { "sendmail", "-t", "-oi", NULL };
	const char *title = c->title[0] ? c->title : c->panic;
	char mail[MAIL_MAX];
	struct program_text text = { mail, 0 };
	struct program p = { .argv = argv, .fd = -1, .feed = { program_next_text, &text },
			     .stall_s = STALL_S, .alive = to->alive };

	text.len = snprintf(mail, sizeof(mail),
			    "To: %s\nSubject: %s has crashed: %.120s\n"
			    "Auto-Submitted: auto-generated\n\n%s\n\nhost       %s\n"
			    "time       %s\nkernel     %s\nsignature  %s\n"
			    "dump       %s, %s\n\n%s",
			    rest, c->host, title, title, c->host, c->time, c->kernel,
			    c->signature, c->state, c->where, c->report_text);
	if (text.len >= sizeof(mail))
		text.len = sizeof(mail) - 1;
	if (!program_run(&p, e))
		return false;
	return !p.status || fail(e, EIO, "sendmail ends with %d%s%s", p.status,
				 p.said[0] ? ": " : "", p.said);
}

const struct tell_way tell_mail = { .name = "mail", .crash = crash };
