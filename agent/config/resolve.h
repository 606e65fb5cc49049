/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The addresses of the servers that targets name, now that there is a DNS; in a crash
 * there is none.
 */
#ifndef CONFIG_RESOLVE_H
#define CONFIG_RESOLVE_H

#include <stdbool.h>

#include "machine/host_names.h"
#include "targets/remote.h"

struct config;
struct err;

/* How the text of /etc/hosts spells a name, in large and small letters; false: not at all. */
bool resolve_spelling(const char *hosts, const char *host, char spelled[NAMES_LINE]);

/* What /etc/hosts and DNS say now, in the order in which one would try them; 0: nothing. */
unsigned resolve_name(const char *host, struct ipaddr ips[MAX_NAME_ADDRESSES]);

/* The configuration's own word for a name, else resolve_name()'s. */
unsigned resolve_known(const struct host_names *names, const char *host,
		       struct ipaddr ips[MAX_NAME_ADDRESSES]);

/* The same as what stands behind a key `resolve`: "HOST ADDRESS..."; how many. */
unsigned resolve_line(const char *host, char line[NAMES_LINE]);

/*
 * Adds the addresses of a target's server, if names has none yet; a disk needs none. A name
 * without an address is an error.
 */
bool resolve_target(struct host_names *names, const char *target, struct err *e);

/*
 * For targets, the server of `report` and the nodes of `fence_kdump`. Adds to config->names
 * what its own lines do not resolve, at most four addresses each in the order in which this
 * machine would try them. A name without one is an error now.
 */
bool resolve_targets(struct config *config, struct err *e);

#endif
