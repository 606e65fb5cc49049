/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What fence_kdump(8) of a cluster's nodes waits for: that a node which fell silent is in its
 * capture kernel, and so writes to nothing that the cluster shares.
 */
#ifndef MACHINE_FENCE_MESSAGE_H
#define MACHINE_FENCE_MESSAGE_H

#include <stdint.h>

#define FENCE_PORT 7410

/* A datagram: two numbers in the byte order of the CPU. */
struct fence_message {
	uint32_t magic, version;
};

#define FENCE_MESSAGE { 0x1b302a40, 1 }

#endif
