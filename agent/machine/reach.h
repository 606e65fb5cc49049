/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP connections with a limit in time, and datagrams. Is somebody there? A TCP connection
 * with a limit in time, before anything is tried that has no limit of its own (mount(2) waits
 * three minutes for a silent server). Takes addresses, never names: there is no DNS here.
 */
#ifndef MACHINE_REACH_H
#define MACHINE_REACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct ipaddr;

/* For how long somebody is waited for, and what is counted up meanwhile. */
struct patience {
	double wait_s;
	uint64_t *alive;
};

/*
 * Connects, and gives the socket, non-blocking still, to fd_ret if that is not NULL.
 * ETIMEDOUT when nobody answered in that time.
 */
bool reach_tcp(const struct ipaddr *ip, unsigned port, const struct patience *p, int *fd_ret,
	       struct err *e);

/* Sends a datagram of UDP, without waiting: false: nothing leads there now. */
bool reach_datagram(const struct ipaddr *ip, unsigned port, const void *data, size_t len,
		    struct err *e);

#endif
