/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packing one page, three ways, and unpacking it, five ways: other tools' dumps have LZO and
 * snappy. A packer is a context in memory that the caller gives, for one thread; nothing is
 * allocated while pages flow.
 */
#ifndef DUMP_CODEC_H
#define DUMP_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define N_CODECS 6		/* rows of the table */
#define CODEC_NAMES_MAX 48	/* bytes, in one line, of all names that pack */
#define CODEC_CHOICE "zstd|auto|zlib|none"	/* the same as a usage has them */
#define CODEC_USUAL "zstd"	/* where nothing is said: the first row */

/* What is packed or unpacked, and where to. */
struct packing {
	const void *from;
	size_t len;
	void *to;
	size_t room;
};

struct codec {
	const char *name;	/* "zstd", as the user types it */
	uint32_t flag;		/* in a descriptor */
	/*
	 * Bytes of context that pack and unpack need for pages of page_size. What has to do
	 * with packing is NULL where dumps are only read, and what unpacks where another row
	 * does it.
	 */
	size_t (*pack_size)(size_t page_size);
	size_t (*unpack_size)(void);
	/* Prepares a context in mem, 64-byte aligned; NULL when that fails. */
	void *(*packer)(void *mem, size_t len);
	void *(*unpacker)(void *mem, size_t len);
	/* Bytes written of a page, 0 when they would be more than there is room. */
	size_t (*pack)(void *ctx, const struct packing *p);
	/* From the next page on, an effort of dump/effort.h. NULL: it knows only one. */
	void (*set_effort)(void *ctx, unsigned effort);
	/* True when the data unpack to just as much as there is room. */
	bool (*unpack)(void *ctx, const struct packing *p);
};

/* What packs by that name, or what unpacks by the flag of a descriptor; NULL: unknown. */
const struct codec *codec_named(const char *name);
const struct codec *codec_flagged(uint32_t flag);

/* The level of an effort, as zstd has them, "none" for what is not packed. */
const char *codec_effort_name(unsigned effort);

/* The effort of that name; N_EFFORTS: there is none. */
unsigned codec_effort_named(const char *name);

/* The i-th of N_CODECS. */
const struct codec *codec_at(unsigned i);

/* "zstd, zlib, none": what packs and may be typed, for a message. Returns names. */
const char *codec_names(char names[CODEC_NAMES_MAX]);

#endif
