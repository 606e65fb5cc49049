/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A target in use, whatever its kind: reached by its words, looked at, opened for a crash or
 * for what earlier ones have left, and left again.
 */
#ifndef TARGETS_TARGET_H
#define TARGETS_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sink.h"
#include "target_access.h"

struct store;
struct target_kind;

#define TARGET_PATH_MAX SINK_WHERE_MAX	/* of the folder that crashes' folders are in */
#define TARGET_ROOT_MAX 640

struct target {
	const struct target_kind *kind;
	struct target_access access;	/* as it was asked for */
	bool is_look;			/* of a machine that is up, which goes on */
	bool is_reached;
	struct sink sink;		/* of a crash, once it is open; else without ops */
	struct sink below;		/* where it lies, if that one encrypts */
	char root[TARGET_ROOT_MAX];	/* its file system is mounted there, "" if on none */
	char path[TARGET_PATH_MAX];	/* the folder that crashes' folders are in, below it */
	char device[DEVICE_NAME_MAX];	/* that it lies on, "" if there is none */
	char how[400];			/* it was reached on a machine that is up */
	bool is_mounted;		/* by us */
	bool has_maker;			/* it is known whose is what we make there: */
	uint32_t maker;
	void *own;			/* what only its kind knows, in the arena */
};

/* The folder of a crash: a new one, or the one that an attempt before us has made. */
struct crash_folder {
	const char *name;	/* NULL: the target's own folder is it */
	char *made;		/* SINK_WHERE_MAX: its path, "": it is still to be made */
};

/* What a look has shown, for whoever judges it. */
struct target_probe {
	char where[500];	/* its words, and what they lead to here */
	bool has_room;		/* it is known how many bytes are free: */
	uint64_t free_len;
	uint64_t free_files;	/* that can still be made; FILES_UNKNOWN (free_space.h) */
	char doubts[5][300];	/* a dump would probably survive, but nobody would wish them */
	unsigned n_doubts;
};

void target_doubt(struct target_probe *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Mounts it, or connects. May block for as long as the storage does. On a machine that is up
 * words that are no target's are the name of a folder.
 */
bool target_reach(struct target *t, const struct target_access *a, struct err *e);

/*
 * Can it be reached, and written? As closely as that can be known without changing anything
 * for good; false says what is wrong. Whether it is reached then is in t->is_reached.
 */
bool target_probe(struct target *t, const struct target_access *a, struct target_probe *p,
		  struct err *e);

/* target_reach(), and the sink of a crash. */
bool target_open(struct target *t, const struct target_access *a,
		 const struct crash_folder *f, struct err *e);

/* The sink of a crash on one that is reached. False leaves it so, for target_close(). */
bool target_open_reached(struct target *t, const struct crash_folder *f, struct err *e);

/* The folder that the crash's folder is in, with those of others, while it is reached. */
bool target_store(const struct target *t, struct store *store, struct err *e);

/* Takes away the folders above the crash's that target_open() has made, if they are empty. */
void target_unmake(const struct target *t);

/* Closes, unmounts, hangs up. True when everything is safely off our hands. */
bool target_close(struct target *t, struct err *e);

#endif
