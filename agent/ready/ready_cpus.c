/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The CPUs that the capture kernel starts: not more than come up, and none that kills it. */
#include "ready_parts.h"

#include <string.h>

#include "advice.h"
#include "base/bytes.h"
#include "base/err.h"
#include "capture_cpus.h"
#include "config/config.h"
#include "host/check_result.h"
#include "kexec/boot_cpu.h"
#include "kexec/cmdline.h"
#include "memory_need.h"

/* By the command line that is loaded, or would be. */
static unsigned n_started(const char *cmdline, unsigned present)
{
	unsigned n = cmdline_cpus(cmdline, "");

	return n ? min_u64(n, present) : present;
}

static bool has_word(const char *cmdline, const char *wanted)
{
	const char *word;
	size_t len;

	while (cmdline_word(&cmdline, &word, &len))
		if (len == strlen(wanted) && !memcmp(word, wanted, len))
			return true;
	return false;
}

static bool leaves_boot_cpu(const struct look *l, const char *cmdline)
{
	char word[BOOT_CPU_WORD];

	return boot_cpu_word(word, l->root) && (!word[0] || has_word(cmdline, word));
}

/* What a kernel of another size needs, nobody knows for sure. */
static enum grade no_room(const struct memory_need *need)
{
	return need->is_certain ? GRADE_FAIL : GRADE_WARN;
}

static void judge(struct look *l, const struct cpus_facts *f, const struct memory_need *need,
		  const char *cmdline)
{
	unsigned n = n_started(cmdline, f->present);
	struct cpus_choice c = capture_cpus(f);
	char text[CPUS_TEXT];

	capture_cpus_tell(text, f, &c);
	if (!capture_cpus_fit(f, n))
		found(l->f, "cpus", no_room(need), "%u are started, and %u MiB have no room "
		      "for so many: cpus 1, or boot with crashkernel=%uM", n,
		      (unsigned)(f->reserved_len >> 20),
		      advice_with_margin(f->need_len + capture_cpus_len(f, n)));
	else if (n > 1 && !f->least_len)
		found(l->f, "cpus", GRADE_WARN, "%u are started, and whether %u MiB have room "
		      "for so many is not known: cpus 1, or try it with crashbox test --crash",
		      n, (unsigned)(f->reserved_len >> 20));
	else if (n > 1 && !leaves_boot_cpu(l, cmdline))
		found(l->f, "cpus", GRADE_WARN, "%u are started, and no disable_cpu_apicid= "
		      "says which one is the boot CPU: where the crash comes on another one, "
		      "to start it may reset the machine", n);
	else if (c.why == CPUS_ROOM && f->asked)
		found(l->f, "cpus", GRADE_WARN, "%s", text);
	else if (n != c.n)
		found(l->f, "cpus", GRADE_OK, "%u are started; now it would be %s", n, text);
	else
		found(l->f, "cpus", GRADE_OK, "%s", text);
}

void ready_cpus(struct look *l)
{
	const struct memory_want want = { .root = l->root, .kernel = kernel_in_use(l),
					  .initrd = l->image, .config = l->config };
	const char *cmdline = l->is_known ? l->loaded.cmdline : l->plan.cmdline;
	struct memory_need need;
	struct cpus_facts f;
	struct err ignored;
	bool is_known;

	if (!l->has_config || !l->state.reserved || (l->state.loaded && !l->is_known))
		return;
	is_known = memory_need(&need, &want, &ignored);
	capture_cpus_facts(&f, &want, is_known ? &need : NULL, &l->plan);
	judge(l, &f, &need, cmdline);
}
