/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One question to a server's rpcbind: at which TCP port is mountd? NFS 3 needs it, and
 * there is no rpcbind client in the capture kernel but this one. What
 * comes back is a stranger's word: bounded in length and in time.
 */
#ifndef MACHINE_PORTMAP_H
#define MACHINE_PORTMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor;
struct err;
struct ipaddr;
struct patience;

/* ENOENT: rpcbind is there and knows of no such program. */
bool portmap_mountd(const struct ipaddr *server, const struct patience *p,
		    unsigned *port_ret, struct err *e);

/* The port in rpcbind's answer (without the record mark). */
bool portmap_parse(struct cursor reply, uint32_t xid, unsigned *port_ret, struct err *e);

#endif
