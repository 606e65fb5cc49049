/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The name of a crash's folder: HOST-YYYY-MM-DD-HH:MM:SS in UTC, "-1", "-2" ... behind it
 * when two crashes fell into one second.
 */
#ifndef TARGETS_FOLDER_NAME_H
#define TARGETS_FOLDER_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FOLDER_NAME_MAX 128

#define FOLDER_HOST_MAX 80

#define MACHINE_ID_SIZE 33	/* 32 hexadecimal digits */
#define MACHINE_ID_SHOWN 12	/* of them in a name */

/*
 * What a host is called. In the pattern %H stands for its own name, and %m for the first
 * digits of the machine's id, as clones have one name; "" is %H alone.
 */
struct folder_host {
	const char *pattern, *own, *machine_id;
};

/*
 * What a folder's name begins with, and behind it a suffix. A part that is not known is
 * "unknown"; what may not stand in a name is replaced.
 */
void folder_name_host(const struct folder_host *of, const char *suffix,
		      char host[FOLDER_HOST_MAX]);

/* The same of the machine that this runs on. */
void folder_name_here(const char *pattern, const char *machine_id, char host[FOLDER_HOST_MAX]);

/* host is cut where the name would be too long; a time that cannot be is shown as zeroes. */
void folder_name(const char *host, int64_t when, char name[FOLDER_NAME_MAX]);

/* False: a name that folder_name() does not make. The host is its first *host_len_ret bytes. */
bool folder_name_parse(const char *name, size_t *host_len_ret, int64_t *when_ret);

#endif
