/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose memory a dump keeps, whatever its level: how the configuration names them. */
#ifndef CONFIG_KEEP_USER_H
#define CONFIG_KEEP_USER_H

#include <stdbool.h>

struct err;

#define MAX_KEEP_USER 16
#define KEEP_COMM_LEN 16	/* what the kernel keeps of a name, with its NUL */

/* Exactly one of the three is set. */
struct keep_user {
	char comm[KEEP_COMM_LEN];
	unsigned pid;
	bool panic;
};

/* "comm=NAME", "pid=N" or "panic"; a NAME is cut as the kernel cuts it. */
bool keep_user_parse(struct keep_user *out, const char *value, struct err *e);

/* As it was said. */
void keep_user_print(const char *key, const struct keep_user *k);

#endif
