/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the words of a target line to a sink in a folder of this crash's own. */
#ifndef SUPERVISE_TARGET_H
#define SUPERVISE_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "targets/connect.h"
#include "targets/disk.h"
#include "targets/sink.h"

struct arena;
struct config;
struct hung_devices;
struct progress;
struct store;

struct target {
	struct sink sink;
	char mount[80];		/* where it is mounted, "" if it is not */
	char device[64];	/* that it lies on, "" if there is none */
	struct connection connection;
	char parent[400];	/* the folder that the crash's folder is in */
};

/* What is to be opened, and with what. All is borrowed. */
struct target_want {
	const struct config *config;
	unsigned nr;		/* which of its targets */
	const char *ssh;	/* the client; NULL: that of the image */
	const char *mount_at;	/* the folder to mount in; NULL: /mnt */
	const char *host;	/* who we are */
	const char *name;	/* of the folder of this crash */
	struct disk_wait wait;	/* for a disk that is not there yet */
	char *folder;		/* made by an attempt before; "": its name goes here */
	const struct hung_devices *hung;
	struct arena *arena;
	struct progress *progress;
};

/*
 * Makes the target reachable and a folder NAME on it, or opens the one to resume. May block
 * for as long as the storage does.
 */
bool target_open(struct target *t, const struct target_want *want, struct err *e);

/* The folder that the crash's folder is in, with those of others, while the target is open. */
bool target_store(const struct target *t, struct store *store, struct err *e);

/* Takes away the folders above the crash's that target_open() has made, if they are empty. */
void target_unmake(const struct target *t);

/* Unmounts, hangs up. True when everything is safely off our hands. */
bool target_close(struct target *t, struct err *e);

#endif
