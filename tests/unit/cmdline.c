/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kexec/cmdline: which words go, which come, and what must not be cut. */
#include "kexec/cmdline.h"

#include "base/err.h"
#include "t.h"

#define ALWAYS "irqpoll nr_cpus=1 reset_devices panic=10 cgroup_disable=memory mce=off " \
	"numa=off novmcoredd cma=0 hugetlb_cma=0 nokaslr acpi_no_memhotplug " \
	"transparent_hugepage=never kfence.sample_interval=0"

static void check_rows(void)
{
	static const struct {
		const char *row, *running, *added, *extra, *wanted;
	} rows[] = {
		{ "an empty line", "", "", "", ALWAYS },
		{ "a word that is kept", "iommu=pt", "", "", "iommu=pt " ALWAYS },
		{ "one that is not", "quiet", "", "", ALWAYS },
		{ "blanks of all kinds", " a\t b\n", "", "", "a b " ALWAYS },
		{ "added, then extra", "", "added", "extra", ALWAYS " added extra" },
		{ "a dash for an underscore", "log-buf-len=1M rd_x", "", "", "rd_x " ALWAYS },
		{ "a dash in a value stays", "a=b-c", "", "", "a=b-c " ALWAYS },
		{ "a longer word is another one", "roots rwx panics panic_onx", "", "",
		  "roots rwx panics panic_onx " ALWAYS },
		{ "a shorter word is another one", "pani crashkerne", "", "",
		  "pani crashkerne " ALWAYS },
		{ "a panic that operation wants",
		  "panic_on_warn=1 oops=panic sysctl.kernel.panic=1", "", "", ALWAYS },
		{ "quotes hold a word together", "dyndbg=\"file a +p\" x", "", "",
		  "dyndbg=\"file a +p\" x " ALWAYS },
		{ "and a dropped one as well", "rd.x=\"a b\" x", "", "", "x " ALWAYS },
		{ "what stands behind -- is for init", "a -- b c", "", "", "a " ALWAYS },
		{ "-- inside of a word", "a--b", "", "", "a--b " ALWAYS },
		{ "what switches off is kept",
		  "kasan=off zswap.enabled=0 page_owner=off kmemleak=off slub_debug=- "
		  "hugepages=0 debug_pagealloc=off memtest=0 kasan=on slub_debug=FZ", "", "",
		  "kasan=off zswap.enabled=0 page_owner=off kmemleak=off slub_debug=- "
		  "hugepages=0 debug_pagealloc=off memtest=0 " ALWAYS },
		{ "but not twice", "kfence.sample_interval=0 cma=0 panic=0", "", "", ALWAYS },
		{ "a kernel for whom modules are off", "nomodule x", "", "", "x " ALWAYS },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		char out[CMDLINE_MAX];
		struct err e;
		const struct cmdline_want want = { rows[i].running, rows[i].added, "",
						   rows[i].extra, 1 };

		T_CHECK(rows[i].row, cmdline_capture(out, &want, &e));
		T_TEXT(rows[i].row, rows[i].wanted, out);
	}
}

static void check_remove(void)
{
	const struct cmdline_want want = {
		"iommu=pt console=tty0 dyndbg=\"a b\" x.y=1 x-z", "added",
		"iommu dyndbg console=ttyS0 x* irqpoll added last", "last", 1,
	};
	char out[CMDLINE_MAX];
	struct err e;

	T_CHECK("words to remove", cmdline_capture(out, &want, &e));
	T_CHECK("irqpoll", !strncmp(out, "console=tty0 nr_cpus=1 ", 23));
	T_CHECK("added", !strstr(out, " added"));
	T_CHECK("what is appended stays", !strcmp(out + strlen(out) - 5, " last"));
	T_CHECK("why", !strcmp(cmdline_dropped("a=1", "a"), "--remove names it"));
	T_CHECK("another name", !cmdline_dropped("ab=1", "a"));
}

static void check_lost(void)
{
	static const struct { const char *line, *word; bool with_modules; } rows[] = {
		{ ALWAYS " init=/bin/sh -- rdinit=/bin/sh", NULL, true },
		{ "rdinit=/bin/sh " ALWAYS, "rdinit=/bin/sh", false },
		{ "rdinit=/init x.rdinit=/y", NULL, true },
		{ ALWAYS " rdinit=", "rdinit=", true },
		{ "a elfcorehdr=0x1000", "elfcorehdr=0x1000", false },
		{ "nomodule", "nomodule", true },
		{ "nomodule", NULL, false },
		{ "nomodule=1", "nomodule=1", true },
		{ "nomodule=0 nomodulex", NULL, true },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		char word[CMDLINE_SHOWN] = "";
		const char *why = cmdline_lost(rows[i].line, rows[i].with_modules, word);

		T_CHECK(rows[i].line, !why == !rows[i].word);
		T_TEXT(rows[i].line, rows[i].word ? rows[i].word : "", word);
	}
}

/* 64 characters are left to the loader's own words. */
static void check_length(void)
{
	char out[CMDLINE_MAX], extra[CMDLINE_MAX], running[CMDLINE_MAX] = "";
	const struct cmdline_want want = { running, "", "", extra, 1 };
	size_t most = CMDLINE_MAX - 64 - 1 - strlen(ALWAYS) - 1;
	struct err e;

	memset(extra, 'x', sizeof(extra));
	extra[most] = '\0';
	T_CHECK("the longest line", cmdline_capture(out, &want, &e));
	T_EQUAL("the longest line", CMDLINE_MAX - 64 - 1, strlen(out));
	extra[most] = 'x';
	extra[most + 1] = '\0';
	T_CHECK("a longer one", !cmdline_capture(out, &want, &e));
	snprintf(running, sizeof(running), "a=1 dyndbg=%.1500s b=2", extra);
	extra[400] = '\0';
	T_CHECK("a long word", !cmdline_capture(out, &want, &e));
	T_CHECK("it is named", strstr(e.text, "--remove the longest words: dyndbg (1507), "));
}

static void check_callers(void)
{
	static const struct { const char *row, *record; bool wanted; } rows[] = {
		{ "a thread", "6,0,0,-,caller=T0;Linux", true },
		{ "a CPU", "6,0,0,-,caller=C1;Linux", true },
		{ "nobody", "6,0,0,-;Linux", false },
		{ "a text that looks like it", "6,0,0,-;a,caller=T0;", false },
		{ "nothing", "", false },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++)
		T_EQUAL(rows[i].row, rows[i].wanted, cmdline_has_callers(rows[i].record));
}

/* Of the CPUs that its words let a kernel start, it takes the least. */
static void check_cpus(void)
{
	static const struct { const char *row, *words, *remove; unsigned wanted; } rows[] = {
		{ "nothing", "", "", 0 },
		{ "another word", "quiet xnr_cpus=3 nr_cpusx=3 nr_cpus", "", 0 },
		{ "one", "quiet nr_cpus=4", "", 4 },
		{ "several", "nr_cpus=4 maxcpus=2 nr_cpus=3", "", 2 },
		{ "none of which is a number", "nr_cpus=all nr_cpus=", "", 0 },
		{ "0, which is nothing to the kernel", "nr_cpus=0", "", 0 },
		{ "as the kernel reads numbers", "nr_cpus=0x10", "", 16 },
		{ "more than there may be", "nr_cpus=70000", "", CMDLINE_ALL_CPUS },
		{ "ours is taken away", "quiet", "nr_cpus", CMDLINE_ALL_CPUS },
		{ "and another one said", "nr_cpus=2", "irqpoll nr_cpus", 2 },
	};
	const struct cmdline_want want = { "a", "", "", "", 4 };
	char out[CMDLINE_MAX];
	struct err e;

	for (size_t i = 0; i < T_SIZE(rows); i++)
		T_EQUAL(rows[i].row, rows[i].wanted,
			cmdline_cpus(rows[i].words, rows[i].remove));
	T_CHECK("four", cmdline_capture(out, &want, &e));
	T_CHECK("four", !strncmp(out, "a irqpoll nr_cpus=4 reset_devices ", 34));
}

int main(void)
{
	check_cpus();
	check_rows();
	check_remove();
	check_lost();
	check_length();
	check_callers();
	return t_done();
}
