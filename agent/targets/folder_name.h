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

/*
 * What a folder's name begins with: the configured name of the host, else its own, else
 * "unknown", and behind it a suffix; what may not stand in a name is replaced.
 */
void folder_name_host(const char *configured, const char *own, const char *suffix,
		      char host[FOLDER_HOST_MAX]);

/* host is cut where the name would be too long; a time that cannot be is shown as zeroes. */
void folder_name(const char *host, int64_t when, char name[FOLDER_NAME_MAX]);

/* False: a name that folder_name() does not make. The host is its first *host_len_ret bytes. */
bool folder_name_parse(const char *name, size_t *host_len_ret, int64_t *when_ret);

#endif
