/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is mounted where on this machine, and mounts that only this process sees. */
#ifndef MACHINE_MOUNTS_H
#define MACHINE_MOUNTS_H

#include <stdbool.h>
#include <sys/types.h>

struct err;

#define MOUNT_TEXT (256u << 10)		/* bytes of mountinfo that are read */

struct mount_entry {
	unsigned id;
	unsigned major, minor;
	char root[256];		/* which folder of the file system it is */
	char at[256];
	char type[32], source[256];
	bool is_read_only;	/* this mount is */
	bool is_stopped;	/* the file system is: for good, or by an error (ext4, XFS) */
};

/* The next line of a text as /proc/self/mountinfo; odd ones are passed over. */
bool mounts_next(const char **text, struct mount_entry *m);

/* Does a later mount of the text lie over the whole of this one, or over what it is on? */
bool mounts_is_hidden(const char *later, const struct mount_entry *m);

/*
 * Where all of the device's file system is mounted, by what is below root: "" but in tests.
 * ENOENT: nowhere.
 */
bool mounts_of_device(const char *root, dev_t dev, struct mount_entry *m, struct err *e);

/*
 * Where a subvolume of the btrfs of that UUID is mounted that `path`, one from its top, lies
 * in: what is left of it behind m->root is below m->at. ENOENT: nowhere.
 */
bool mounts_of_btrfs(const char *root, const char *uuid, const char *path,
		     struct mount_entry *m, struct err *e);

/* Where all of what is called so is mounted, as that type. ENOENT: nowhere. */
bool mounts_of_source(const char *type, const char *source, struct mount_entry *m,
		      struct err *e);

/* Who an export is of: which of the names that it was mounted by are this host's. */
struct mounts_host {
	bool (*is)(const struct mounts_host *host, const char *name);
};

/* Where an export's path is mounted, it or one above it. ENOENT: nowhere. */
bool mounts_of_export(const char *path, const struct mounts_host *host, char at[512],
		      struct err *e);

/* The mount that `path`, which must be there, lies on; its way from that file system's root. */
bool mounts_holding(const char *path, struct mount_entry *m, char on_fs[256], struct err *e);

/*
 * From here on what this process mounts, and its host name, are its own and end with it;
 * `at` becomes an empty folder to mount on, which hides none of the files in `needed`, a list
 * that ends with NULL, or NULL.
 */
bool mounts_go_private(const char *const *needed, char at[64], struct err *e);

#endif
