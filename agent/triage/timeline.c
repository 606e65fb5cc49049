/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What matters: faults, errors of devices and file systems, kills, modules that taint. */
#include "timeline.h"

#include <string.h>

#include "crash_kind.h"
#include "glob.h"

static const char *const matter[] = {
	"*Hardware Error*", "*mce: *", "EDAC *", "*AER: *", "*I/O error*", "*EXT4-fs error*",
	"*XFS (*orruption*", "*BTRFS error*", "*BTRFS critical*", "*Out of memory: Killed*",
	"*oom-kill:*", "*invoked oom-killer*", "*taints kernel*", "*tainting kernel*",
	"*module verification failed*", "*not responding*", "*: server * OK*",
	"*Link is Down*", "*link is down*",
	"*timed out*", "*reset*controller*", "*page allocation failure*",
	"*segfault at *", "*soft lockup*", "*thermal*hrottl*",
	"Kernel panic - *", "sysrq: *",
	"Uhhuh. *", "*NMI: *", "VFS: Cannot open root*", "Starting init: *",
	"Memory cgroup out of memory*", "*remounting*read-only*",
	"*Aborting journal*", "*livepatch:*", NULL,
};

void timeline_add(struct timeline *t, const struct log_line *line)
{
	/* Of a call trace. */
	if (line->message[0] == '?' || strstr(line->message, "+0x"))
		return;
	if (crash_kind_of_line(line->message) == KIND_UNKNOWN &&
	    !glob_any(matter, line->message))
		return;
	t->lines[t->n_seen++ % TIMELINE_LINES] = *line;
}

const struct log_line *timeline_line(const struct timeline *t, unsigned i)
{
	unsigned n = t->n_seen < TIMELINE_LINES ? t->n_seen : TIMELINE_LINES;

	if (i >= n)
		return NULL;
	return &t->lines[(t->n_seen - n + i) % TIMELINE_LINES];
}
