/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The modules that interfaces need: the drivers of the cards that they stand on, and what
 * is built on top of these (VLAN, bond).
 */
#ifndef IMAGE_NET_DRIVERS_H
#define IMAGE_NET_DRIVERS_H

#include <stdbool.h>

struct drivers;
struct err;
struct net_spec;

/* Of an interface of this machine, whatever it stands on. */
bool net_drivers_add(struct drivers *d, const char *iface, struct err *e);

/* Of all cards that are up now: one of them leads to the servers, whichever it is. */
bool net_drivers_add_up(struct drivers *d, struct err *e);

/*
 * Of a net line. Which interface `any` is here has to be asked for by name: any_is_known
 * says that this was done.
 */
bool net_drivers_add_spec(struct drivers *d, const struct net_spec *spec,
			  bool any_is_known, struct err *e);

/*
 * False: the card of a net line, or all of its bond, is down or without a carrier now. True
 * where nobody can tell.
 */
bool net_has_carrier(const char *root, const struct net_spec *spec);

/* Cards of this machine that have a carrier now. */
unsigned net_count_carriers(const char *root);

/*
 * A card that a net line names by its MAC has it from a program, which may be its own or not;
 * in a crash it has its own.
 */
bool net_mac_is_set(const char *root, const struct net_spec *spec);

/* What an interface stands on, by name: the n-th of them, false when there is none. */
bool net_lower(const char *root, const char *iface, unsigned n, char *name);

#endif
