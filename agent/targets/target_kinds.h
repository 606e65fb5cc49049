/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kinds of targets. Each is a row, in a file kind_NAME.c: what its words begin with, what
 * it needs, what it can do, how it is reached, opened and looked at. Who wants to know asks
 * the row, and not which kind it is. A further kind is a file and its name in the table of
 * target_kinds.c, and a row in tests/unit/sink_kinds.h where it is a sink of its own.
 */
#ifndef TARGETS_TARGET_KINDS_H
#define TARGETS_TARGET_KINDS_H

#include <stdbool.h>
#include <stddef.h>

struct crash_folder;
struct disk_spec;
struct err;
struct remote;
struct share_kind;
struct store;
struct target;
struct target_probe;

enum target_need {
	NEEDS_NET = 1 << 0,		/* it is reached over a network */
	NEEDS_DEVICE = 1 << 1,		/* it lies on a device of this machine */
	NEEDS_MOUNT = 1 << 2,		/* mount(2), and so root */
	NEEDS_CLIENT = 1 << 3,		/* the SSH client, a key, host keys */
};

enum target_ability {
	CAN_WRITE_AT = 1 << 0,		/* anywhere, again too; else it appends */
	CAN_READ_BACK = 1 << 1,		/* what the storage has, and not what we remember */
	CAN_RENAME = 1 << 2,		/* so a file gets its name when it is whole */
	CAN_FOLDERS = 1 << 3,		/* one a crash, listed and removed again */
	CAN_ALL = CAN_WRITE_AT | CAN_READ_BACK | CAN_RENAME | CAN_FOLDERS,
};

#define TARGET_MODULES_MAX 4

struct target_kind {
	const char *name;		/* "disk", as the table of what was measured has it */
	unsigned needs;			/* of enum target_need */
	unsigned can;			/* of enum target_ability */
	bool is_brisk;			/* answers soon, or not at all */
	const char *risk;		/* that 'insecure yes' accepts, or NULL */
	const char *const *called;	/* by other tools, a NULL behind the last */
	/* This machine's files, each if it is there, that go into the image; NULL the last. */
	const char *const *files;
	const struct share_kind *share;	/* of a row that is share.h's */

	/* ---- its words ---- */
	/* Are they of this kind? NULL: those that begin with its name and a colon. */
	bool (*is)(const char *words);
	bool (*check)(const char *words, struct err *e);
	/* The server in them, and the device; NULL: there is none. */
	bool (*host_of)(struct remote *remote, const char *words, struct err *e);
	bool (*device_of)(struct disk_spec *spec, const char *words, struct err *e);
	/* The file system's modules, the rest NULL. NULL: it has none, or its device says. */
	bool (*modules)(const char *names[TARGET_MODULES_MAX], const char *words,
			struct err *e);

	/* ---- in use, for target.h ---- */
	/* By what t->access says. False leaves nothing mounted and nobody connected. */
	bool (*reach)(struct target *t, struct err *e);
	bool (*probe)(struct target *t, struct target_probe *p, struct err *e);
	bool (*sink)(struct target *t, const struct crash_folder *f, struct err *e);
	bool (*store)(const struct target *t, struct store *store, struct err *e);
	/* Removes a folder on it if that is empty. */
	bool (*unmake)(const struct target *t, const char *path);
	bool (*leave)(struct target *t, struct err *e);
};

/* In no table: words of none, on a machine that is up, are a folder. */
extern const struct target_kind kind_folder;

/* In their order; NULL behind the last. */
const struct target_kind *target_kind_at(size_t nr);

/* NULL: the name of a folder, or nonsense. */
const struct target_kind *target_kind_of(const char *words);

/* What another tool calls so, in large or small letters; NULL: we have no such kind. */
const struct target_kind *target_kind_called(const char *name, size_t len);

/* A kind with a risk must have been allowed: EPERM says how. */
bool target_may_risk(const struct target_kind *kind, bool insecure, struct err *e);

/* Has it any of these needs? A folder has none. */
bool target_needs(const char *words, unsigned needs);

/* The files that a target's words want in the image as they are, NULL behind the last. */
const char *const *target_files(const char *words);

/* Does it answer soon, or not at all? */
bool target_is_brisk(const char *words);

/*
 * Can a dump be written to a target of this kind? ENOTSUP says why it cannot. One that only
 * grows gets it flattened, one that is not read back gets one that is not verified.
 */
bool target_takes_dump(const struct target_kind *kind, struct err *e);

/* What stands behind "disk:" or the like. */
const char *target_rest(const char *words);

/* Are they the words of a target, and good ones? EINVAL says what is wrong. */
bool target_check(const char *words, struct err *e);

/* The server that it is on. False: on none, or the words are not good. */
bool target_host_of(const char *words, struct remote *remote);

#endif
