/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The folder that the folders of crashes lie in, on a disk or a server: what is there, and
 * how it is removed. Only what has a name and files of ours is ever touched.
 */
#ifndef TARGETS_STORE_H
#define TARGETS_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "folder_name.h"

struct err;
struct json_value;
struct store;

struct store_file {
	const char *name;
	uint64_t len;
	bool is_folder;		/* links are not followed */
	bool is_foreign;	/* of somebody who is neither root nor the store's owner */
};

/* Who is told of each file, one after the other. */
struct store_visitor {
	void (*each)(void *to, const struct store_file *f);
	void *to;
};

/* A piece of a file, and where it goes. */
struct store_piece {
	const char *folder, *file;
	uint64_t off;
	void *buf;
	size_t len;		/* as many as are wanted, then as many as there were */
};

struct store_ops {
	/*
	 * Hands over what lies in a folder, or (NULL) in the store, in no order. ETIMEDOUT:
	 * it took longer than s->until.
	 */
	bool (*list)(struct store *s, const char *folder, const struct store_visitor *visitor,
		     struct err *e);
	bool (*read)(struct store *s, struct store_piece *piece, struct err *e);
	/* A file, or (NULL) the folder itself, which must be empty. */
	bool (*remove)(struct store *s, const char *folder, const char *file,
		       struct err *e);
	void (*close)(struct store *s);
};

#define STORE_OWN 16

struct store {
	const struct store_ops *ops;
	_Alignas(uint64_t) uint8_t own[STORE_OWN];	/* what only its kind knows */
	char where[400];
	bool ours_only;		/* folders that any user can have put there are passed over */
	double until;		/* monotonic second at which a list is given up, 0: never */
};

/* Is there time to go on with a list? */
bool store_has_time(const struct store *s, struct err *e);

/* What the folder of a crash holds. Its bytes are those of our files. */
enum store_kind {
	STORE_WHOLE,		/* a vmcore, and not an empty one */
	STORE_CUT,		/* a vmcore-incomplete */
	STORE_LOG,		/* neither, but another file of ours */
	STORE_OTHER,		/* nothing of ours, or not to be looked into */
};

#define N_STORE_KINDS STORE_OTHER

struct store_entry {
	char name[FOLDER_NAME_MAX];
	size_t host_len;
	int64_t when;		/* by its name */
	uint64_t len;
	enum store_kind kind;
	uint64_t log_len;	/* of vmcore-dmesg.txt */
	bool is_sealed;		/* it has files for holders of a key only */
	bool has_manifest, has_log;
	uint64_t boot;		/* by its manifest, once somebody has read it; 0: not known */
	char signature[48];	/* likewise, of the fault; "" none */
	unsigned rank;		/* retention_order()'s */
	bool is_ageless;	/* likewise: no clock was right when it got its name */
	bool is_owed;		/* it is to be sent elsewhere, and that was not confirmed */
	bool goes;		/* retention's choice */
};

/* Room for max of them, and how many are in it. */
struct store_entries {
	struct store_entry *at;
	unsigned max, n;
	uint64_t *alive;	/* counts steps */
};

/* Is it of that host, or (NULL) of any? */
bool store_is_of(const struct store_entry *entry, const char *host);

/*
 * The crashes of one host, or (NULL) of all, the oldest first, with what their folders
 * hold. When there are more than there is room for the newest are taken.
 */
bool store_list(struct store *s, const char *host, struct store_entries *found,
		struct err *e);

/* One folder, whatever it is called. ENOENT: it is not there, or has no file of ours. */
bool store_look(struct store *s, const char *name, struct store_entry *entry,
		struct err *e);

/*
 * What is JSON among a crash's files: piece->buf and len say what it is read into, and where
 * *value lies then. False: it is not there, does not fit, or is none.
 */
bool store_json(struct store *s, struct store_piece *piece, struct json_value *value);

/*
 * The manifest of a crash: text, of len bytes, is what it is read into, and where *manifest
 * lies then. False: there is none, or none that can be read.
 */
bool store_manifest(struct store *s, const char *folder, char *text, size_t len,
		    struct json_value *manifest);

/* By it: was all of the dump there when it was written, and read back? */
bool store_manifest_is_good(const struct json_value *manifest);

/* Crashes of one host, by the names of their folders. */
struct store_span {
	const char *host;
	int64_t from, to;	/* both included, as clocks were set */
	const char *but;	/* this folder is not one of them */
};

/* Those of a span, as store_list() does, but without a look into their folders. */
bool store_near(struct store *s, const struct store_span *span, struct store_entries *found,
		struct err *e);

/* Our files in it, then the folder. False: something is left, such as a file of others. */
bool store_remove(struct store *s, const struct store_entry *entry, struct err *e);

#endif
