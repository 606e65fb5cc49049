/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One question to a server's rpcbind: at which TCP port is that program? NFS 3 needs it
 * for mountd, and there is no rpcbind client in the capture kernel but this one. What
 * comes back is a stranger's word: bounded in length and in time.
 */
#ifndef MACHINE_PORTMAP_H
#define MACHINE_PORTMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct ipaddr;

#define PROGRAM_NFS 100003
#define PROGRAM_MOUNT 100005

/* ENOENT: rpcbind is there and knows of no such program. */
bool portmap_ask(const struct ipaddr *server, uint32_t program, uint32_t version,
		 double wait_s, uint64_t *alive, unsigned *port_ret, struct err *e);

/* The port in rpcbind's answer (without the record mark). */
bool portmap_parse(const uint8_t *reply, size_t len, uint32_t xid, unsigned *port_ret,
		   struct err *e);

#endif
