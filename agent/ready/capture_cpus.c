/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many CPUs a capture kernel starts. The decision is a pure function of facts. */
#include "capture_cpus.h"

#include <stdio.h>

#include "advice.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/progress.h"
#include "config/config.h"
#include "kexec/boot_cpu.h"
#include "kexec/kexec.h"
#include "kexec/plan.h"
#include "memory_need.h"
#include "targets/target_kinds.h"

#define MIB UINT64_C(0x100000)

/*
 * What a CPU takes before the copy begins, of the kernel and of drivers' queues: 360 KiB were
 * seen of ours, 245 of Debian's 6.1 for the cloud. A kernel that lacks it hangs before init.
 */
#define CPU_LEN (1 * MIB)
/* The second worker brings batches to hold in order; 1.05 and 0.35 MiB were seen. */
#define SECOND_WORKER_LEN (2 * MIB)
#define WORKER_LEN (1 * MIB)
#define NET_QUEUES_LEN (4 * MIB)	/* of a card: rings, and buffers of a page each */

/*
 * One CPU scans and packs 200 MB of kernel memory a second or more, and a machine keeps some
 * hundredths of its memory. Another CPU is worth it for each 2.5 seconds of one.
 */
#define KEPT_FOR_ONE (512 * MIB)
#define KEPT_SHARE 32		/* of all memory */
#define KEPT_MUCH_SHARE 2
#define USUAL_LEVEL (2 | 8 | 16)	/* no page cache, user memory, free pages */
#define MOST 8	/* two or three keep a disk busy; more are for the fastest */

static unsigned worth(const struct cpus_facts *f)
{
	uint64_t kept = f->ram_len / (f->keeps_much ? KEPT_MUCH_SHARE : KEPT_SHARE);

	return min_u64(1 + kept / KEPT_FOR_ONE, MOST);
}

uint64_t capture_cpus_len(const struct cpus_facts *f, unsigned n)
{
	uint64_t each = CPU_LEN + (f->has_net ? NET_QUEUES_LEN : 0);

	return n < 2 ? 0 : SECOND_WORKER_LEN + (n - 2) * WORKER_LEN + (n - 1) * each;
}

bool capture_cpus_fit(const struct cpus_facts *f, unsigned n)
{
	return !f->least_len || f->least_len + (n - 1) * CPU_LEN <= f->reserved_len;
}

/* What is asked for has to fit; what nobody has asked for has to have a quarter left, too. */
static bool has_room(const struct cpus_facts *f, unsigned n)
{
	uint64_t len = f->need_len + capture_cpus_len(f, n);

	if (f->reserved_len == UINT64_MAX)
		return true;
	return capture_cpus_fit(f, n) &&
	       (f->asked || f->named || (f->need_len && len + len / 4 <= f->reserved_len));
}

struct cpus_choice capture_cpus(const struct cpus_facts *f)
{
	unsigned wanted = f->named ? f->named : f->asked ? f->asked : worth(f);
	struct cpus_choice c = { .why = f->named ? CPUS_NAMED : f->asked ? CPUS_ASKED
									 : CPUS_WORTH };

	/* Who takes our own word out has the last one. */
	if (f->named == CMDLINE_ALL_CPUS) {
		c.n = c.wanted = f->present;
		return c;
	}
	/* Of several the kernel takes the least: ours holds one down that would kill it. */
	if (wanted >= f->present) {
		wanted = f->present;
		c.why = CPUS_ALL;
	}
	c.n = c.wanted = wanted;
	if (c.n > 1 && !f->is_safe) {
		c.n = 1;
		c.why = CPUS_UNSAFE;
	}
	while (c.n > 1 && !has_room(f, c.n)) {
		c.n--;
		c.why = CPUS_ROOM;
	}
	return c;
}

/* 0: as many as are worth it. */
static unsigned asked(const struct config *config)
{
	unsigned n = config->arming.n_cpus;

	return n == ARMING_CPUS_AUTO ? 0 : n ? n : 1;
}

void capture_cpus_facts(struct cpus_facts *f, const struct memory_want *want,
			const struct memory_need *need, const struct plan *p)
{
	const struct config *config = want->config;
	char word[BOOT_CPU_WORD];
	struct kexec_state state;

	kexec_state(&state, want->root);
	*f = (struct cpus_facts){
		.asked = asked(config),
		.named = cmdline_cpus(p->append, p->remove),
		.present = boot_cpu_count(want->root),
		.is_safe = boot_cpu_word(word, want->root),
		.keeps_much = ~config->level & USUAL_LEVEL,
		.has_net = config_needs(config, NEEDS_NET),
		.ram_len = (uint64_t)advice_ram_gib(want->root) << 30,
		.reserved_len = state.reserved,
		.need_len = need && !need->has_gaps ? need->len : 0,
		.least_len = need ? need->least_len : 0,
	};
}

static void tell_room(char *why, size_t size, const struct cpus_facts *f, unsigned wanted)
{
	uint64_t len = f->need_len + capture_cpus_len(f, wanted);
	char reserved[32];

	format_bytes(f->reserved_len, reserved, sizeof(reserved));
	if (f->need_len)
		snprintf(why, size, ": for %u there is no room in %s, but in crashkernel=%uM",
			 wanted, reserved, advice_with_margin(len));
	else
		snprintf(why, size, ": whether %s have room for %u is not known", reserved,
			 wanted);
}

void capture_cpus_tell(char text[CPUS_TEXT], const struct cpus_facts *f,
		       const struct cpus_choice *c)
{
	static const char *const whys[] = {
		[CPUS_ALL] = "", [CPUS_NAMED] = ", as words for the command line say",
		[CPUS_ASKED] = ", as many as are asked for (cpus)",
		[CPUS_WORTH] = ", as much as what is kept of this memory is worth",
		[CPUS_UNSAFE] = ": which one is the boot CPU cannot be told, and to start that "
				"would reset the machine",
	};
	char room[160];

	tell_room(room, sizeof(room), f, c->wanted);
	snprintf(text, CPUS_TEXT, "%u of %u%s", c->n, f->present,
		 whys[c->why] ? whys[c->why] : room);
}

bool capture_cpus_plan(struct plan *p, const char *root, const struct config *config,
		       struct err *e)
{
	const struct memory_want want = { .root = root, .kernel = p->kernel,
					  .initrd = p->initrd, .config = config };
	struct memory_need need;
	struct cpus_facts f;
	struct err ignored;
	bool is_known;

	unsigned named = cmdline_cpus(p->append, p->remove);

	/* One is what the plan has: what a capture takes, which asks disks, is not needed. */
	if (boot_cpu_count(root) == 1 || (named ? named : asked(config)) == 1)
		return true;
	is_known = memory_need(&need, &want, &ignored);
	capture_cpus_facts(&f, &want, is_known ? &need : NULL, p);
	return plan_cpus(p, root, capture_cpus(&f).n, e);
}
