/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a disk or partition is known by again, under another name and another kernel: what LVM,
 * md or LUKS have written on it, its size, and what the hardware says.
 */
#ifndef VOLUMES_BLOCK_FACTS_H
#define VOLUMES_BLOCK_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

#define LVM_ID 33		/* a UUID of LVM without its hyphens, and a NUL */
#define FACT_TEXT 400		/* all of them as words */

struct block_facts {
	uint64_t sectors;	/* of 512 bytes; 0 is not told */
	char pv[LVM_ID];	/* LVM's UUID of it */
	char md[33];		/* UUID of the array that it is a member of, hexadecimal */
	char member[33];	/* and its own */
	unsigned minor_version;	/* of md's superblock: 1.0, 1.1, 1.2; not a word */
	char luks[41];		/* UUID */
	char wwn[72], serial[72];	/* of the disk, without blanks */
	unsigned part;		/* its number, 0: the whole disk */
};

/*
 * Of a device as /sys/class/block names it, below root. Reads from it. False: it cannot be
 * read.
 */
bool block_facts_read(struct block_facts *f, const char *root, const char *name,
		      struct err *e);

/* Of what is on it, and where; for block_facts_read() and tests. `end` are its last bytes. */
void block_facts_parse(struct block_facts *f, const uint8_t *head, const uint8_t *end);

#define FACTS_HEAD 8192		/* bytes of the beginning, and of the end */

/* Could a disk be told by them from all others? */
bool block_facts_suffice(const struct block_facts *f);

/* Is all that `wanted` says true of it? */
bool block_facts_match(const struct block_facts *wanted, const struct block_facts *is);

/* "sectors=409600 pv=... part=2", and one such word back. */
void block_facts_format(const struct block_facts *f, char text[FACT_TEXT]);
bool block_facts_take(struct block_facts *f, const char *word, struct err *e);

#endif
