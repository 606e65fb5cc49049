/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kinds of targets, a row each: what the words of one begin with, what it needs, who
 * its server is. Who wants to know asks the row, and not which kind it is. A further kind
 * is a row and a file here, a row in tests/unit/sink_kinds.h where it is a sink of its own,
 * and a function where a capture opens it (supervise/target.c), `status` tries it
 * (ready/target_look.c) and other verbs look into it (verbs/dump_place.c): nothing compiles
 * before.
 */
#ifndef TARGETS_TARGET_KINDS_H
#define TARGETS_TARGET_KINDS_H

#include <stdbool.h>

struct err;
struct remote;

/* Places of the rows, for tables of what only a layer further on can do with a kind. */
enum target_kind_nr { TARGET_DISK, TARGET_NFS, TARGET_SFTP, N_TARGET_KINDS };

enum target_need {
	NEEDS_NET = 1 << 0,		/* it is reached over a network */
	NEEDS_DEVICE = 1 << 1,		/* it lies on a device of this machine */
	NEEDS_MOUNT = 1 << 2,		/* mount(2), and so root */
	NEEDS_CLIENT = 1 << 3,		/* the SSH client, a key, host keys */
	NEEDS_INSECURE = 1 << 4,	/* neither end proves who it is: to be allowed */
};

#define TARGET_MODULES_MAX 4

struct target_kind {
	const char *name;		/* "disk", as the table of what was measured has it */
	unsigned needs;			/* of enum target_need */
	bool is_brisk;			/* answers soon, or not at all */
	/* Are these words of this kind? NULL: those that begin with its name and a colon. */
	bool (*is)(const char *words);
	bool (*check)(const char *words, struct err *e);
	/* The server in the words; NULL: there is none. */
	bool (*host_of)(struct remote *remote, const char *words, struct err *e);
	/* The file system's modules, the rest NULL. NULL: it has none, or its device says. */
	bool (*modules)(const char *names[TARGET_MODULES_MAX], const char *words,
			struct err *e);
};

/* NULL: the name of a folder, or nonsense. */
const struct target_kind *target_kind_of(const char *words);

enum target_kind_nr target_kind_nr(const struct target_kind *kind);

/* Has it any of these needs? A folder has none. */
bool target_needs(const char *words, unsigned needs);

/* What stands behind "disk:" or the like. */
const char *target_rest(const char *words);

/* Are they the words of a target, and good ones? EINVAL says what is wrong. */
bool target_check(const char *words, struct err *e);

/* The server that it is on. False: on none, or the words are not good. */
bool target_host_of(const char *words, struct remote *remote);

#endif
