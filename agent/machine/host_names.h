/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Host names and their addresses as they were when the image was built. In a crash
 * there is no DNS: a name that is not here is an error that says so.
 */
#ifndef MACHINE_HOST_NAMES_H
#define MACHINE_HOST_NAMES_H

#include <stdbool.h>

#include "netaddr.h"

struct err;

#define MAX_NAMES 32
#define MAX_NAME_ADDRESSES 4
#define HOST_NAME_LEN 128
#define NAMES_LINE (HOST_NAME_LEN + MAX_NAME_ADDRESSES * (IP_TEXT + 1))

struct host_names {
	struct {
		char name[HOST_NAME_LEN];
		struct ipaddr ips[MAX_NAME_ADDRESSES];
		unsigned n_ips;
	} rows[MAX_NAMES];
	unsigned n;
};

/* "NAME ADDRESS...", at most MAX_NAME_ADDRESSES of them in the order to try them. */
bool host_names_parse(struct host_names *t, const char *text, struct err *e);

/*
 * The addresses of a name, or of the address that `name` is (IPv6 with or without
 * brackets): how many of ips are set, 0 when the table does not have it.
 */
unsigned host_names_lookup(const struct host_names *t, const char *name,
			   struct ipaddr ips[MAX_NAME_ADDRESSES], struct err *e);

/* "NAME ADDRESS..." of a row, as host_names_parse() takes it. */
const char *host_names_format(const struct host_names *t, unsigned row, char line[NAMES_LINE]);

#endif
