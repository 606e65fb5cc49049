/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys about arming. A row a key: where its value goes, and what it may be. */
#include "arming.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/numbers.h"

enum kind { PATH, PATH_OR_NONE, WORDS, YES_NO, CPUS, INTERFACE };

#define MEMBER(member) \
	offsetof(struct arming, member), sizeof(((struct arming *)0)->member)

static const struct row {
	struct key_help help;
	enum kind kind;
	size_t off, size;
} rows[] = {
	{ { "kernel", "FILE", NULL,
	    "The kernel to capture with, as --kernel." }, PATH, MEMBER(kernel) },
	{ { "append", "WORDS", NULL,
	    "More for its command line, behind all else; may be repeated." },
	  WORDS, MEMBER(append) },
	{ { "remove", "WORDS", NULL,
	    "Words of the command line that are not to be in it; may be repeated." },
	  WORDS, MEMBER(remove) },
	{ { "cpus", "auto|N", "1",
	    "CPUs that the capture kernel starts, N at most, as far as the reserved memory has "
	    "room for them. auto: one, and one more for each 16 GiB of this machine's memory, "
	    "8 in all, as long as a quarter of what that takes stays free on top. They start "
	    "before anything is saved, so that one which hangs as it starts costs the crash: "
	    "try it with crashbox test --crash. nr_cpus= in append, or --append, stands in the "
	    "place of N." },
	  CPUS, MEMBER(n_cpus) },
	{ { "kexec_tools", "yes|no", NULL,
	    "Have the program kexec load it." }, YES_NO, MEMBER(kexec_tools) },
	{ { "trace_signals", "yes|no", NULL,
	    "The running kernel notes who sends SIGKILL, SIGTERM, SIGABRT and SIGSEGV, for the "
	    "report; see --trace-signals." }, YES_NO, MEMBER(trace_signals) },
	{ { "image_drivers", "NAMES", NULL,
	    "These modules, in place of looking them up." }, WORDS, MEMBER(drivers) },
	{ { "image_modules", "FOLDER|none", NULL,
	    "Where the capture kernel's modules are; none: its drivers are built in." },
	  PATH_OR_NONE, MEMBER(modules) },
	{ { "image_net", "INTERFACE", NULL,
	    "And what this interface needs; may be repeated." }, INTERFACE, MEMBER(nets) },
	{ { "image_host", "yes|no", NULL,
	    "This machine's present addresses, routes and gateways go into the image." },
	  YES_NO, MEMBER(network_freeze) },
	{ { "image_ssh", "PROGRAM", NULL,
	    "The SSH client that goes into the image." }, PATH, MEMBER(ssh) },
};

static bool set_path(const struct row *row, char *to, const char *value, struct err *e)
{
	bool or_none = row->kind == PATH_OR_NONE;

	if (value[0] != '/' && !(or_none && !strcmp(value, NO_MODULES)))
		return fail(e, EINVAL, "'%s' is no path from / on%s", value,
			    or_none ? ", nor " NO_MODULES : "");
	if (strlen(value) >= row->size)
		return fail(e, EINVAL, "longer than %zu characters", row->size - 1);
	snprintf(to, row->size, "%s", value);
	return true;
}

/* Lines of one key add up. */
static bool add_words(char *to, size_t size, const char *value, struct err *e)
{
	size_t len = strlen(to);

	if (len + strlen(value) + 2 > size)
		return fail(e, EINVAL, "more than %zu characters", size - 2);
	snprintf(to + len, size - len, "%s%s", len ? " " : "", value);
	return true;
}

static bool add_net(struct arming *a, const char *value, struct err *e)
{
	if (a->n_nets == MAX_IMAGE_NETS)
		return fail(e, EINVAL, "more than %u interfaces", MAX_IMAGE_NETS);
	if (strlen(value) >= NET_NAME || strpbrk(value, " \t/"))
		return fail(e, EINVAL, "'%s' is no name of an interface", value);
	snprintf(a->nets[a->n_nets++], NET_NAME, "%s", value);
	return true;
}

static bool set_yes_no(bool *to, const char *value, struct err *e)
{
	*to = !strcmp(value, "yes");
	return *to || !strcmp(value, "no") ||
	       fail(e, EINVAL, "'%s' is neither yes nor no", value);
}

static bool set_cpus(unsigned *to, const char *value, struct err *e)
{
	if (!strcmp(value, CPUS_AUTO)) {
		*to = ARMING_CPUS_AUTO;
		return true;
	}
	return number_parse(value, 1, ARMING_CPUS, to, e) ||
	       fail(e, EINVAL, "'%s' is neither " CPUS_AUTO " nor a number from 1 to %u",
		    value, ARMING_CPUS);
}

static bool set_row(struct arming *a, const struct row *row, const char *value, struct err *e)
{
	char *to = (char *)a + row->off;

	switch (row->kind) {
	case YES_NO:
		return set_yes_no((bool *)to, value, e);
	case WORDS:
		return add_words(to, row->size, value, e);
	case CPUS:
		return set_cpus((unsigned *)to, value, e);
	case INTERFACE:
		return add_net(a, value, e);
	default:
		return set_path(row, to, value, e);
	}
}

bool arming_set(struct arming *a, const char *key, const char *value, struct err *e)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(key, rows[i].help.key))
			return set_row(a, &rows[i], value, e) || within(e, "%s", key);
	return fail(e, EINVAL, "unknown key '%s'", key);
}

bool arming_by_hand(struct arming *a, const struct arming_word *words, unsigned n,
		    struct err *e)
{
	for (unsigned i = 0; i < n; i++)
		if (words[i].value && !arming_set(a, words[i].key, words[i].value, e))
			return false;
	return true;
}

/* The lines of one row: how many there are, and one of them. */
static unsigned n_lines(const struct arming *a, const struct row *row)
{
	const char *at = (const char *)a + row->off;

	switch (row->kind) {
	case INTERFACE:
		return a->n_nets;
	case YES_NO:
		return *(const bool *)at;
	case CPUS:
		return *(const unsigned *)at != 0;
	default:
		return *at != '\0';
	}
}

bool arming_line(const struct arming *a, unsigned nr, char line[ARMING_LINE])
{
	char number[12];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *at = (const char *)a + rows[i].off;
		unsigned n = n_lines(a, &rows[i]);

		if (nr >= n) {
			nr -= n;
			continue;
		}
		if (rows[i].kind == INTERFACE)
			at = a->nets[nr];
		snprintf(number, sizeof(number), "%u", a->n_cpus);
		if (rows[i].kind == CPUS)
			at = a->n_cpus == ARMING_CPUS_AUTO ? CPUS_AUTO : number;
		snprintf(line, ARMING_LINE, "%s %s", rows[i].help.key,
			 rows[i].kind == YES_NO ? "yes" : at);
		return true;
	}
	return false;
}

void arming_print(const struct arming *a)
{
	char line[ARMING_LINE];

	for (unsigned nr = 0; arming_line(a, nr, line); nr++)
		printf("%s\n", line);
}

bool arming_lacks(const struct arming *standing, const struct arming *hand,
		  char line[ARMING_LINE])
{
	char said[ARMING_LINE];

	for (unsigned nr = 0; arming_line(hand, nr, line); nr++) {
		bool is_said = false;

		for (unsigned i = 0; !is_said && arming_line(standing, i, said); i++)
			is_said = !strcmp(line, said);
		if (!is_said)
			return true;
	}
	return false;
}

const struct key_help *arming_key_help(unsigned nr)
{
	return nr < sizeof(rows) / sizeof(rows[0]) ? &rows[nr].help : NULL;
}
