/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Brings the configured interfaces up: finds or makes them, waits for carriers, puts
 * addresses and routes on. Only netlink, no other program. Each wait has its own end and
 * counts *alive, so it is a child's work, never PID 1's. May be done again: what an
 * attempt before has left is used.
 */
#ifndef MACHINE_NET_H
#define MACHINE_NET_H

#include <stdbool.h>
#include <stdint.h>

#include "netspec.h"

struct err;

/*
 * What goes wrong is logged as a warning that names interface and step, and the rest is
 * done all the same. True when at least one interface has an address; else e has the
 * first thing that went wrong. With no specs at all: true, the kernel may have done it.
 */
bool net_up(const struct net_spec *specs, unsigned n, uint64_t *alive, struct err *e);

#endif
