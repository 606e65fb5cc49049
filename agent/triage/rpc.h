/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests to a server that a task waits for: NFS, or what else goes by Sun's RPC. */
#ifndef TRIAGE_RPC_H
#define TRIAGE_RPC_H

#include "field.h"
#include "wait.h"

#define RPC_NAME 64

struct rpc_facts {
	struct field task_state, task_client, task_in_list, task_start;	/* struct rpc_task */
	struct field client_link, client_program;		/* struct rpc_clnt */
	struct field link_server;				/* struct rpc_xprt */
	struct field program_name;				/* struct rpc_program */
};

extern const struct wish_set rpc_wishes;

/* Whom a request was sent to, and by what. */
struct rpc_server {
	char name[RPC_NAME];		/* "10.0.2.2", as the mount had it */
	char program[24];		/* "nfs" */
	uint64_t since_ns;		/* when it was made; 0: not known */
};

/*
 * A wait for a bit, in a function that waits for a request, is one for that; it is left as it
 * is unless the request and its client agree.
 */
void rpc_wait_find(struct space *s, const struct rpc_facts *f, struct wait *wait);

/* Of a wait for a request. False: it is not to be had. */
bool rpc_server_of(struct space *s, const struct rpc_facts *f, const struct wait *wait,
		   struct rpc_server *server);

#endif
