/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The nodes of this machine's cluster that are told of a capture. */
#ifndef CONFIG_FENCE_NODES_H
#define CONFIG_FENCE_NODES_H

#include <stdbool.h>

struct config;
struct err;
struct key_row;
struct setting;

#define MAX_FENCE 16
#define FENCE_MAX 160

struct fence_nodes {
	char names[MAX_FENCE][FENCE_MAX];	/* "HOST[:PORT]", for remote_parse_node() */
	unsigned n;
	unsigned every_s;			/* between two messages to them */
};

/* One more, and a line each; the row's value is a struct fence_nodes. */
bool fence_nodes_set(const struct setting *s, struct err *e);
void fence_nodes_put(const struct key_row *row, const struct config *c);

#endif
