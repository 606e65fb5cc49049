/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The capture kernel's command line: that of the running kernel, less what harms a small
 * kernel, plus what helps it. Text in, text out.
 */
#ifndef KEXEC_CMDLINE_H
#define KEXEC_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

struct err;

#define CMDLINE_REMOVED_MAX 252	/* of a word that is to be left out */
#define CMDLINE_MAX 2048	/* COMMAND_LINE_SIZE of x86 and arm64, with its NUL */

/*
 * Why a word of the running kernel is not handed on; NULL when it is. A word that is added
 * in any case is not handed on either. `remove`: words that the operator wants out, "NAME"
 * with any value, a "*" at the end for anything.
 */
const char *cmdline_dropped(const char *word, const char *remove);

/*
 * The next word; double quotes hold one together and stay. False at the end, which "--"
 * is too: what stands behind it is for an init.
 */
bool cmdline_word(const char **at, const char **word, size_t *len);

/*
 * A word with which nothing is saved, for what is appended is the operator's alone: why, and
 * the word itself; NULL: there is none. With modules, those that keep them out count, too.
 */
#define CMDLINE_SHOWN 48
const char *cmdline_lost(const char *line, bool with_modules, char shown[CMDLINE_SHOWN]);

struct cmdline_want {
	const char *running;	/* the running kernel's own */
	const char *added;	/* what this machine needs */
	const char *remove;	/* of these two and of what helps, not of extra */
	const char *extra;	/* stands last and so wins */
	unsigned n_cpus;	/* that it may start; the kernel takes the least that is said */
};

/*
 * How many CPUs these words let a kernel start, by nr_cpus= and maxcpus=; all, where `remove`
 * takes that word away; 0: they say nothing.
 */
#define CMDLINE_ALL_CPUS 65536u
unsigned cmdline_cpus(const char *words, const char *remove);

/* E2BIG: it would be longer than a kernel takes. */
bool cmdline_capture(char out[CMDLINE_MAX], const struct cmdline_want *want, struct err *e);

/* The names of the three longest words of a line, with their lengths, to be taken out. */
#define CMDLINE_LONGEST 128
void cmdline_longest(const char *line, char text[CMDLINE_LONGEST]);

/* Does a record of /dev/kmsg say who said it? A crash does not tell, a running kernel does. */
bool cmdline_has_callers(const char *record);

#endif
