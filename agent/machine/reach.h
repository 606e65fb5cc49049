/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is somebody there? A TCP connection with a limit in time, before anything is tried
 * that has no limit of its own (mount(2) waits three minutes for a silent server). Takes
 * addresses, never names: there is no DNS here.
 */
#ifndef MACHINE_REACH_H
#define MACHINE_REACH_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct ipaddr;

/*
 * Connects, and gives the socket, non-blocking still, to fd_ret if that is not NULL.
 * ETIMEDOUT when nobody answered in wait_s seconds. *alive is counted up.
 */
bool reach_tcp(const struct ipaddr *ip, unsigned port, double wait_s, uint64_t *alive,
	       int *fd_ret, struct err *e);

#endif
