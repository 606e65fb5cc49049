/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reserved memory. Is there memory, what may be loaded into it, and is something? */
#include "ready_parts.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "advice.h"
#include "base/err.h"
#include "config/config.h"
#include "host/check_result.h"
#include "host/lockdown.h"
#include "kexec/bootimage.h"
#include "kexec/signature.h"
#include "memory_table.h"

#define STOCK_MIB 192	/* what does for most machines with a distribution's kernel */

/*
 * With less than the least that was seen to do, the dump was lost, for a kernel that takes as
 * much or more to start. For a smaller one nobody knows.
 */
static void judge_reserved(struct look *l, unsigned mib, const struct memory_row *m,
			   unsigned better)
{
	bool is_certain = m && advice_is_certain(m, kernel_in_use(l));
	const char *whose = is_own_kernel(l) ? "our" : "a distribution's";

	if (!m || mib >= m->mib)
		found(l->f, "reserved", GRADE_OK, "%u MiB%s", mib,
		      m ? ", as much as was seen to do, or more" : "");
	else
		found(l->f, "reserved", is_certain ? GRADE_FAIL : GRADE_WARN, "%u MiB, and %u "
		      "MiB is the least that was seen to do with %s kernel%s: boot with "
		      "crashkernel=%uM", mib, m->mib, whose,
		      is_certain ? "" : ", though one that takes more to start than this",
		      better);
}

static void check_reserved(struct look *l)
{
	unsigned mib = l->state.reserved >> 20, better;
	bool is_own = is_own_kernel(l);
	const struct memory_row *m = NULL;

	if (!l->state.supported) {
		found(l->f, "reserved", GRADE_FAIL, "the running kernel cannot start another "
		      "one after a crash (CONFIG_KEXEC and CONFIG_CRASH_DUMP are off)");
		return;
	}
	if (l->has_config)
		m = advice_most(advice_kernel(is_own, kernel_in_use(l)), l->config,
				advice_ram_gib(l->root));
	/* The least is for a small machine in QEMU; a stock kernel comes with more drivers. */
	better = advice_with_margin((uint64_t)(m ? m->mib : 0) << 20);
	if (!is_own && better < STOCK_MIB)
		better = STOCK_MIB;
	if (!mib)
		found(l->f, "reserved", GRADE_FAIL, "no memory is reserved: boot with "
		      "crashkernel=%uM on the command line", better ? better : STOCK_MIB);
	else
		judge_reserved(l, mib, m, better);
}

static void check_lockdown(struct look *l)
{
	const struct lockdown *d = &l->plan.lockdown;
	bool is_proven = l->is_known && !strcmp(l->loaded.how, "syscall");
	enum trust trust = TRUST_UNKNOWN;
	bool is_signed = false;
	char name[64], mode[48];
	struct bootimage b;
	struct err e;

	if (d->load_disabled && !l->state.loaded) {
		found(l->f, "lockdown", GRADE_FAIL, "kernel.kexec_load_disabled is set, and "
		      "nothing was loaded before: only a boot helps");
		return;
	}
	if (!lockdown_wants_signature(d)) {
		found(l->f, "lockdown", GRADE_OK, "any kernel may be loaded");
		return;
	}
	if (bootimage_open(&b, kernel_in_use(l), &e)) {
		is_signed = b.is_signed;
		trust = signature_trust(&b, l->root);
		signature_issuer(&b, name, sizeof(name));
		bootimage_close(&b);
	}
	snprintf(mode, sizeof(mode), "%s%s%s", d->secure_boot ? "Secure Boot" : "",
		 d->secure_boot && d->mode[0] ? ", " : "", d->mode);
	if (is_signed && trust == TRUST_NO && !is_proven) {
		found(l->f, "lockdown", GRADE_FAIL, "%s: only a signed kernel may be loaded, "
		      "and the running one has no key of '%s', who signed %s: that comes "
		      "from shim or the firmware, with Secure Boot", mode, name,
		      kernel_in_use(l));
		return;
	}
	found(l->f, "lockdown", is_signed ? GRADE_OK : GRADE_FAIL,
	      "%s: only a signed kernel may be loaded, and %s is %ssigned%s",
	      mode, kernel_in_use(l), is_signed ? "" : "not ",
	      is_signed && root_exists(l->root, OWN_KERNEL) ?
	      "; " OWN_KERNEL " is not, and left alone" : "");
}

static void check_loaded(struct look *l)
{
	struct tm tm;
	char when[32] = "";
	time_t t = l->loaded.when;

	if (!l->state.loaded) {
		found(l->f, "loaded", GRADE_FAIL, "no capture kernel is loaded: crashbox load");
		return;
	}
	if (!l->is_known) {
		found(l->f, "loaded", GRADE_WARN, "something is loaded, but not by `crashbox "
		      "load`, so nobody knows what: crashbox load");
		return;
	}
	if (gmtime_r(&t, &tm))
		strftime(when, sizeof(when), " at %Y-%m-%d %H:%M:%S UTC", &tm);
	found(l->f, "loaded", GRADE_OK, "by %s%s", l->loaded.how, when);
}
void ready_memory(struct look *l)
{
	check_reserved(l);
	check_lockdown(l);
	check_loaded(l);
}
