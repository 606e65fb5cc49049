/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host/cmdline: which words go, which come, and what must not be cut. */
#include "host/cmdline.h"

#include "base/err.h"
#include "t.h"

#define ALWAYS "irqpoll nr_cpus=1 reset_devices panic=10 cgroup_disable=memory mce=off " \
	"numa=off novmcoredd cma=0 hugetlb_cma=0 nokaslr acpi_no_memhotplug " \
	"transparent_hugepage=never"

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
		{ "a kernel for whom modules are off", "nomodule x", "", "", "x " ALWAYS },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		char out[CMDLINE_MAX];
		struct err e;

		T_CHECK(rows[i].row, cmdline_capture(out, rows[i].running, rows[i].added,
						     rows[i].extra, &e));
		T_TEXT(rows[i].row, rows[i].wanted, out);
	}
}

/* 64 characters are left to the loader's own words. */
static void check_length(void)
{
	char out[CMDLINE_MAX], extra[CMDLINE_MAX];
	size_t most = CMDLINE_MAX - 64 - 1 - strlen(ALWAYS) - 1;
	struct err e;

	memset(extra, 'x', sizeof(extra));
	extra[most] = '\0';
	T_CHECK("the longest line", cmdline_capture(out, "", "", extra, &e));
	T_EQUAL("the longest line", CMDLINE_MAX - 64 - 1, strlen(out));
	extra[most] = 'x';
	extra[most + 1] = '\0';
	T_CHECK("a longer one", !cmdline_capture(out, "", "", extra, &e));
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

int main(void)
{
	check_rows();
	check_length();
	check_callers();
	return t_done();
}
