/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The nodes of this machine's cluster that are told of a capture. */
#ifndef CONFIG_FENCE_NODES_H
#define CONFIG_FENCE_NODES_H

#include <stdbool.h>

struct err;

#define MAX_FENCE 16
#define FENCE_MAX 160

struct fence_nodes {
	char names[MAX_FENCE][FENCE_MAX];	/* "HOST[:PORT]", for remote_parse_node() */
	unsigned n;
	unsigned every_s;			/* between two messages to them */
};

bool fence_nodes_add(struct fence_nodes *nodes, const char *value, struct err *e);

/* A line each. */
void fence_nodes_print(const char *key, const struct fence_nodes *nodes);

#endif
