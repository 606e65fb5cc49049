/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the files of one crash go: a folder somewhere. A file is born under an
 * "incomplete" name and gets its own when all of it is on stable storage.
 */
#ifndef TARGETS_SINK_H
#define TARGETS_SINK_H

#include "base/err.h"
#include "base/out.h"

struct sink;

#define SINK_NAME_MAX 64
#define SINK_WHERE_MAX 400

/* Bytes for what only the kind of a sink knows of it; its struct lies in `own`. */
#define SINK_OWN 16
#define SINK_FILE_OWN 32
#define SINK_SHA_OWN 112
#define SINK_DIGEST_MAX 65

struct sink_file {
	struct out out;			/* first, so that it is one */
	struct sink *sink;
	char name[SINK_NAME_MAX];	/* "vmcore" */
	char part[SINK_NAME_MAX];	/* "vmcore-incomplete" */
	_Alignas(uint64_t) uint8_t own[SINK_FILE_OWN];
	uint64_t end;			/* highest offset written or reserved */
	uint64_t summed;		/* written from front to back so far, and ... */
	uint32_t crc;			/* ... what they add up to */
	bool is_cached;			/* a reread came out of a cache that was only emptied */
	bool is_summed;			/* somebody will ask for crc */
	bool is_hashed;			/* and for sha, see sink_digest() */
	_Alignas(uint64_t) uint8_t sha[SINK_SHA_OWN];	/* how far it is */
	struct err first;		/* storage reports an error once: it stays here */
	bool failed;
};

struct sink_ops {
	const char *scheme;
	/* Is a file of that name there already? False when that cannot be told. */
	bool (*has)(struct sink *s, const char *name);
	/* Renames, in the place of what has that name, and removes; durable. */
	bool (*move)(struct sink *s, const char *from, const char *to, struct err *e);
	bool (*remove)(struct sink *s, const char *name, struct err *e);
	/* Bytes that may still be written. */
	bool (*space)(struct sink *s, uint64_t *free_ret, struct err *e);
	/* Under its part's name, in the place of a part that was left. See sink_create(). */
	bool (*create)(struct sink *s, const char *name, struct sink_file *f,
		       struct err *e);
	/* Durable, of the right length, under its own name, and the folder knows. */
	bool (*commit)(struct sink_file *f, struct err *e);
	/*
	 * The file as the target has it, where this one is another's shape: nothing more is
	 * written to it. NULL: it is it.
	 */
	struct sink_file *(*lies_as)(struct sink_file *f);
	/* Closes without commit; the part file stays, or goes if !keep. */
	void (*abandon)(struct sink_file *f, bool keep);
	void (*close)(struct sink *s);
};

struct sink {
	const struct sink_ops *ops;
	_Alignas(uint64_t) uint8_t own[SINK_OWN];
	char where[SINK_WHERE_MAX];		/* the folder, for messages and the manifest */
	unsigned n_made;		/* folders above it that were made for it */
	uint64_t *durable;		/* bytes that have reached the storage, shared */
	bool only_grows;	/* each byte of a file is written once, behind the last one */
	bool is_unread;			/* what was written cannot be read, ever */
	bool reads_beside;	/* one thread may reread a file that another one writes to */
	struct sink *clear;	/* for what is no secret; NULL: nothing is sealed here */
	char lacks[120];		/* what it cannot promise, "" when there is nothing */
};

/*
 * The first of PARENT/NAME, PARENT/NAME-1, ... that make() makes, which says EEXIST of one
 * that is taken; its path goes to path, SINK_WHERE_MAX bytes.
 */
bool sink_new_folder(const char *parent, const char *name, char *path,
		     bool (*make)(void *ctx, const char *path, struct err *e), void *ctx,
		     struct err *e);

/* Storage reports an error once: the first of a file is what all later calls return. */
bool sink_latch(struct sink_file *f, struct err *e);

/* Of a file that only grows: does it go on at `off`? One that does not has failed. */
bool sink_goes_on(struct sink_file *f, uint64_t off, struct err *e);

/* The operations of such a file that it has not. */
bool sink_no_lengthen(struct out *o, uint64_t len, struct err *e);
bool sink_no_reserve(struct out *o, uint64_t off, uint64_t len, struct err *e);

/* Begins a file. False when the name is taken: another crash's are never written to. */
bool sink_create(struct sink *s, const char *name, struct sink_file *f, struct err *e);

bool sink_no_read(struct out *o, uint64_t off, void *buf, size_t len, struct err *e);

/* For create(): gives f its names and operations. */
void sink_file_begin(struct sink_file *f, struct sink *s, const char *name,
		     const struct out_ops *ops);

/* For write_at(): these bytes were written. */
void sink_wrote(struct sink_file *f, uint64_t off, const void *buf, size_t len);

/*
 * Of a file that was written from front to back: rereads n bytes at off, in order from 0 on,
 * each time from where they lie. With *crc, at first 0, sink_is_as_written() tells at the end.
 */
bool sink_reread_part(struct sink_file *f, uint64_t off, void *buf, size_t n, uint32_t *crc,
		      struct err *e);
bool sink_is_as_written(struct sink_file *f, uint32_t crc, struct err *e);

/*
 * Syncs a file that was written from front to back, and reads it once more from where it
 * lies. EIO: it is not what was written. *alive, if there is one, counts steps.
 */
bool sink_reread(struct sink_file *f, uint64_t *alive, struct err *e);

/* Bytes of the file as it lies there. */
uint64_t sink_stored_len(struct sink_file *f);

/* All that was reread of it came past this kernel's cache. */
bool sink_past_cache(struct sink_file *f);

/* The SHA-256 of them, in hex with a NUL, if it was made: on sinks that only grow. */
bool sink_digest(struct sink_file *f, char hex[SINK_DIGEST_MAX]);

/* For commit(): the part file, now len bytes long, must be as long as what was written. */
bool sink_file_has_len(const struct sink_file *f, uint64_t len, struct err *e);

/* "vmcore-dmesg.txt" becomes "vmcore-dmesg-incomplete.txt". */
void sink_part_name(const char *name, char part[SINK_NAME_MAX]);

/*
 * Writes a whole small file and commits it, in the place of one that we have put there
 * before, which stays until then.
 */
bool sink_put(struct sink *s, const char *name, const void *text, size_t len,
	      struct err *e);

#endif
