/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device mapper, by its ioctls: reading tables of what is there, and making devices of them. */
#ifndef VOLUMES_DM_H
#define VOLUMES_DM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

#define DM_TABLE_TEXT (32u << 10)	/* bytes of a device's table, with its keys */

/* A line of a table; texts are the caller's. */
struct dm_line {
	uint64_t start, len;	/* sectors */
	const char *type, *params;
};

/*
 * The table of a device by its number, as lines "START LEN TYPE PARAMS\n". Of encrypted ones
 * the keys are in it.
 */
bool dm_table(unsigned major, unsigned minor, char text[DM_TABLE_TEXT], struct err *e);

/*
 * Makes a device, or finds the one that an attempt before has made; it appears in /dev as
 * "dm-N". The texts of the lines are wiped where they were copied to.
 */
bool dm_make(const char *name, const struct dm_line *lines, unsigned n, unsigned *minor,
	     struct err *e);

/* A word to the target at sector 0. */
bool dm_message(const char *name, const char *words, struct err *e);

#endif
