/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the image is to be made and loaded on this machine, at each boot and for each kernel:
 * keys of the configuration that have an option of `crashbox image` or `crashbox load` of
 * the same meaning. A capture reads over them.
 */
#ifndef CONFIG_ARMING_H
#define CONFIG_ARMING_H

#include <stdbool.h>

#include "key_help.h"
#include "machine/netspec.h"

struct err;

#define ARMING_PATH 256
#define ARMING_WORDS 512
#define ARMING_LINE (ARMING_WORDS + 16)
#define ARMING_CPUS 256
#define ARMING_CPUS_AUTO (ARMING_CPUS + 1)	/* as many as are worth it */
#define CPUS_AUTO "auto"
#define MAX_IMAGE_NETS 4
#define NO_MODULES "none"	/* drivers are built in */

struct arming {
	char kernel[ARMING_PATH];	/* to capture with; "": our own, or the running one */
	char append[ARMING_WORDS];	/* to its command line */
	char remove[ARMING_WORDS];	/* from its command line */
	unsigned n_cpus;		/* that it starts at most; 0: nobody says, so one */
	bool kexec_tools;		/* loads it, in place of the system call */
	bool trace_signals;		/* the running kernel notes who sends them */
	char drivers[ARMING_WORDS];	/* names; "": they are looked up */
	char modules[ARMING_PATH];	/* their folder, or NO_MODULES; "": the kernel's */
	char nets[MAX_IMAGE_NETS][NET_NAME];	/* interfaces whose drivers go in */
	unsigned n_nets;
	bool names_machine;		/* no key: host asks for the machine's id */
	bool network_freeze;			/* this machine's addresses go in */
	char ssh[ARMING_PATH];		/* the client; "": the installed one */
};

/* Gives a value to a key, or says why it cannot. */
bool arming_set(struct arming *a, const char *key, const char *value, struct err *e);

/* One of them by hand, for once. */
struct arming_word {
	const char *key, *value;	/* NULL: not named */
};

/* Takes those that are named; false: no line of a configuration could say one of them. */
bool arming_by_hand(struct arming *a, const struct arming_word *words, unsigned n,
		    struct err *e);

/* Line nr of those that say what is set; false when there are no more. */
bool arming_line(const struct arming *a, unsigned nr, char line[ARMING_LINE]);

/* All of them, to standard output. */
void arming_print(const struct arming *a);

/* The first line of `hand` that `standing` does not say as well; false: it says them all. */
bool arming_lacks(const struct arming *standing, const struct arming *hand,
		  char line[ARMING_LINE]);

/* What is said of the key at nr; NULL behind the last. */
const struct key_help *arming_key_help(unsigned nr);

#endif
