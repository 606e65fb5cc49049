/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a capture with one CPU takes. A part a function. */
#include "memory_need.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "advice.h"
#include "base/bytes.h"
#include "base/err.h"
#include "config/config.h"
#include "image/drivers.h"
#include "image/module_memory.h"
#include "image/net_drivers.h"
#include "kexec/bootimage.h"
#include "kexec/plan.h"
#include "memory_table.h"
#include "targets/target_kinds.h"

#define MIB UINT64_C(0x100000)
#define WORK_LEN (64 * MIB)	/* agent, buffers, kernel's tables: seen to be less */

static void add(struct memory_need *m, const char *what, uint64_t len, const char *why)
{
	struct memory_part *part = &m->parts[m->n++];

	part->what = what;
	part->len = len;
	snprintf(part->why, sizeof(part->why), "%s", why);
	m->len += len;
}

/* Where nobody has measured: the copies that lie in memory at the same time. */
static bool reckon(struct memory_need *m, const struct memory_want *want, struct err *e)
{
	struct stat image = { 0 };
	struct bootimage b;

	if (!bootimage_open(&b, want->kernel, e))
		return false;
	add(m, "kernel", b.len + b.run_len, "the file, and what it takes to start; not "
	    "measured");
	bootimage_close(&b);
	if (!stat(want->initrd, &image))
		add(m, "image", image.st_size * 3, "as it is, and unpacked");
	add(m, "work", WORK_LEN, "for the agent and the kernel's tables");
	return true;
}

/* Another kernel is a larger one than that which was measured, as a rule. */
static bool add_larger(struct memory_need *m, const char *kernel, const struct memory_row *row)
{
	uint64_t had = row->run_mib * MIB;
	struct bootimage b;
	struct err ignored;

	if (!bootimage_open(&b, kernel, &ignored))
		return false;
	m->is_certain = b.run_len >= had;
	if (b.run_len > had)
		add(m, "kernel", b.run_len - had, "that it takes more to start than the one "
		    "that was measured");
	bootimage_close(&b);
	return true;
}

/* False: one of its targets was never measured, or there is no such kernel. */
static bool add_measured(struct memory_need *m, const struct memory_want *want, bool is_own)
{
	const char *kernel = advice_kernel(is_own, want->kernel);
	unsigned ram_gib = advice_ram_gib(want->root);
	const struct config *config = want->config;
	const struct memory_row *most = advice_most(kernel, config, ram_gib);
	char why[120];

	for (unsigned i = 0; i < config->n_targets; i++)
		if (!advice_row(kernel, target_kind_of(config->targets[i])->name, ram_gib))
			return false;
	if (!most || !add_larger(m, want->kernel, most))
		return false;
	snprintf(why, sizeof(why), "the least that was seen to do: kernel %s, target %s, %u "
		 "GiB", most->kernel, most->target, most->ram_gib);
	add(m, "measured", most->mib * MIB, why);
	m->least_len = m->len;
	return true;
}

static void told(struct memory_need *m, const struct memory_want *want, bool ok,
		 const struct err *e)
{
	m->has_gaps |= !ok;
	if (!ok && want->told)
		want->told(e);
}

/* Of the interfaces that a net line names, or of those that are up where none is. */
static void add_net_drivers(struct memory_need *m, const struct memory_want *want,
			    struct drivers *d)
{
	const struct config *c = want->config;
	bool is_wanted = config_needs(c, NEEDS_NET);
	struct err e;

	for (unsigned i = 0; is_wanted && i < c->n_nets; i++)
		told(m, want, net_drivers_add_spec(d, &c->nets[i], true, &e), &e);
	if (is_wanted && !c->n_nets)
		told(m, want, net_drivers_add_up(d, &e), &e);
}

/* Those of our kernel are built in, and were measured with it. */
static void add_drivers(struct memory_need *m, const struct memory_want *want)
{
	struct drivers d = { .root = want->root };
	char names[400] = "";
	struct err e;
	uint64_t len;

	for (unsigned i = 0; i < want->config->n_targets; i++)
		told(m, want, drivers_target(&d, want->config->targets[i], &e), &e);
	add_net_drivers(m, want, &d);
	told(m, want, drivers_watchdogs(&d, &e), &e);
	len = module_memory_sum(&d);
	for (unsigned i = 0; i < d.n; i++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
			 i ? " " : "", d.names[i]);
	if (d.n)
		add(m, "drivers", len, names);
}

bool memory_need(struct memory_need *m, const struct memory_want *want, struct err *e)
{
	bool is_own = plan_is_own(want->root, want->kernel);

	memset(m, 0, sizeof(*m));
	if (!add_measured(m, want, is_own) && !reckon(m, want, e))
		return false;
	if (!is_own)
		add_drivers(m, want);
	return true;
}
