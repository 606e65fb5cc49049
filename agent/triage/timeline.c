/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What matters: faults, errors of devices and file systems, kills, modules that taint. */
#include "timeline.h"

#include <string.h>

#include "glob.h"

#define OF(kind) (1ULL << (kind))

#define TROUBLE OF(63)	/* whatever it dies of: a device or a file system failed */

_Static_assert(N_KINDS < 63, "a bit each kind, and one more");

/* A line, and the kinds of death that it tells more of. */
static const struct {
	const char *pattern;
	uint64_t tells;
} rows[] = {
	{ "*Hardware Error*", OF(KIND_MCE) | OF(KIND_GHES) },
	{ "*mce: *", 0 }, { "EDAC MC*: * on *", OF(KIND_MCE) }, { "Memory failure: *", 0 },
	{ "*AER: *", OF(KIND_AER) }, { "*PCIe Bus Error*", OF(KIND_AER) },
	{ "EDAC PCI: *", OF(KIND_AER) },
	{ "SError Interrupt*", OF(KIND_SERROR) },
	{ "*I/O error*", TROUBLE }, { "EXT4-fs error*", OF(KIND_FS_PANIC) | TROUBLE },
	{ "XFS (*orruption*", TROUBLE }, { "XFS (*Shutting down*", TROUBLE },
	{ "XFS (*", OF(KIND_FS_PANIC) }, { "BTRFS *", OF(KIND_FS_PANIC) },
	{ "BTRFS*error*", TROUBLE }, { "*forced readonly*", TROUBLE },
	{ "*shut down*", TROUBLE }, { "DMAR: [DMA *", TROUBLE },
	{ "*AMD-Vi: Event logged*", TROUBLE }, { "*arm-smmu*context fault*", TROUBLE },
	{ "*NETDEV WATCHDOG: *", TROUBLE }, { "*critical temperature*", OF(KIND_PANIC) },
	{ "systemd[1]: Freezing execution*", OF(KIND_INIT_EXIT) },
	{ "*Sending SIGBUS to *:1 due to hardware memory*", OF(KIND_INIT_EXIT) },
	{ "usercopy: *", OF(KIND_BUG) }, { "detected buffer overflow in *", OF(KIND_BUG) },
	{ "*: detected buffer overflow: *", OF(KIND_BUG) | OF(KIND_WARN) },
	{ "skbuff: skb_*_panic: *", OF(KIND_BUG) }, { "*ssertion fail*", OF(KIND_BUG) },
	{ "page dumped because: *", OF(KIND_BUG) | OF(KIND_BAD_PAGE) },
	{ "INFO: task *is blocked on *", OF(KIND_HUNG_TASK) },
	{ "unregister_netdevice: waiting for *", TROUBLE },
	{ "*has not responded in *", TROUBLE }, { "*Failing path *", TROUBLE },
	{ "*detected conn error*", TROUBLE }, { "*exception Emask *", TROUBLE },
	{ "*hard resetting link*", TROUBLE }, { "*attempting task abort*", TROUBLE },
	{ "*Timeout waiting for hardware interrupt*", TROUBLE },
	{ "systemd[1]: Caught <*", OF(KIND_INIT_EXIT) },
	{ "systemd[1]: Failed to *", OF(KIND_INIT_EXIT) },
	{ "*Out of memory: Killed*", 0 }, { "*oom-kill:*", 0 },
	{ "*invoked oom-killer*", 0 }, { "Memory cgroup stats for *", 0 },
	{ "*taints kernel*", 0 }, { "*tainting kernel*", 0 },
	{ "*module verification failed*", 0 }, { "*not responding*", 0 },
	{ "*: server * OK*", 0 }, { "*Link is Down*", 0 }, { "*link is down*", 0 },
	{ "*timed out*", TROUBLE }, { "*timeout, reset controller*", TROUBLE },
	{ "*reset*controller*", 0 }, { "*controller is down*", TROUBLE },
	{ "*rejecting I/O to *", TROUBLE }, { "*Device offlined*", TROUBLE },
	{ "*page allocation failure*", 0 }, { "*[1]: segfault at *", OF(KIND_INIT_EXIT) },
	{ "*segfault at *", 0 }, { "*soft lockup*", 0 }, { "*thermal*hrottl*", 0 },
	{ "Kernel panic - *", 0 }, { "sysrq: *", 0 },
	{ "Uhhuh. *", OF(KIND_NMI_UNKNOWN) }, { "*NMI: *", OF(KIND_NMI_HARDWARE) },
	{ "VFS: Cannot open root*", OF(KIND_NO_ROOT) },
	{ "Starting init: *", OF(KIND_NO_INIT) }, { "*Run /* as init process*", 0 },
	{ "Memory cgroup out of memory*", 0 }, { "*emounting*read-only*", TROUBLE },
	{ "*Aborting journal*", TROUBLE }, { "*livepatch:*", 0 },
};

/* The kinds that it tells of, a bit each; false: it does not matter. */
static bool matters(const char *message, uint64_t *tells)
{
	bool found = false;

	*tells = 0;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (glob_match(rows[i].pattern, message)) {
			*tells |= rows[i].tells;
			found = true;
		}
	return found;
}

void timeline_add(struct timeline *t, const struct log_line *line)
{
	const char *plus = strstr(line->message, "+0x");
	uint64_t tells;

	/* Of a call trace. */
	if (line->message[0] == '?' ||
	    (plus && !memchr(line->message, ' ', plus - line->message)))
		return;
	if (!matters(line->message, &tells) &&
	    crash_kind_of_line(line->message) == KIND_UNKNOWN)
		return;
	t->lines[t->n_seen++ % TIMELINE_LINES] = *line;
}

bool timeline_tells_of(const struct log_line *line, enum crash_kind kind)
{
	uint64_t tells;

	return matters(line->message, &tells) && tells & OF(kind);
}

bool timeline_is_trouble(const struct log_line *line)
{
	uint64_t tells;

	return matters(line->message, &tells) && tells & TROUBLE;
}

const struct log_line *timeline_line(const struct timeline *t, unsigned i)
{
	unsigned n = t->n_seen < TIMELINE_LINES ? t->n_seen : TIMELINE_LINES;

	if (i >= n)
		return NULL;
	return &t->lines[(t->n_seen - n + i) % TIMELINE_LINES];
}
