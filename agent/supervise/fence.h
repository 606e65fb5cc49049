/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tells the nodes of a cluster, in a child and for as long as the capture runs, that this
 * machine has crashed and is being captured. The capture never waits for it.
 */
#ifndef SUPERVISE_FENCE_H
#define SUPERVISE_FENCE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct config;

struct fence {
	uint32_t *net_is_up;	/* shared with the child; NULL: nobody is told */
	pid_t pid;
};

/*
 * Starts it, if the configuration names nodes. With brings_net it brings up the network itself,
 * else it waits until fence_net_is_up(), or until net_is_up is set, a flag in shared memory of
 * who does; NULL: there is none.
 */
void fence_start(struct fence *f, const struct config *config, uint32_t *net_is_up,
		 bool brings_net);

/* Somebody else has brought up the network, or tried to. */
void fence_net_is_up(struct fence *f);

/* The machine boots, or another attempt begins: the child goes. */
void fence_end(struct fence *f);

#endif
