/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the healthy machine sends what a capture has left: keys of the configuration that
 * `crashbox ship` reads. A capture reads over them.
 */
#ifndef CONFIG_SHIPPING_H
#define CONFIG_SHIPPING_H

#include <stdbool.h>

struct config;
struct err;
struct key_row;
struct setting;

#define SHIP_TO_MAX 256
#define SHIP_COMMAND_MAX 512
#define MAX_TELL 8
#define TELL_MAX 192

struct shipping {
	char to[SHIP_TO_MAX];		/* "s3:https://HOST/BUCKET", "sftp:..."; "" nowhere */
	char command[SHIP_COMMAND_MAX];	/* for the shell, in place of it; "" none */
	char region[32];		/* of an S3 store */
	unsigned part_mib;		/* of a file are sent at once, to an S3 store */
	unsigned rate_kib;		/* a second, 0: no limit */
	bool remove;			/* a dump that was confirmed */
	char tell[MAX_TELL][TELL_MAX];	/* who hears of crashes: "journal", "mail:root" */
	unsigned n_tell;
};

/* An S3 store as the configuration names it. */
struct s3_place {
	bool is_secure;		/* https */
	bool is_here;		/* this machine itself */
	char host[128];		/* with its port */
	char bucket[64];
	char prefix[96];	/* of all names there; "" none, else it ends in '/' */
};

/* "s3:https://HOST[:PORT]/BUCKET[/PREFIX]"; false: it is another kind, or EINVAL. */
bool shipping_is_s3(const char *to);
bool shipping_parse_s3(struct s3_place *s3, const char *to, struct err *e);

/* For the rows of the keys `ship`, whose place is `to`, and `tell`, whose is all of it. */
bool shipping_set_to(const struct setting *s, struct err *e);
bool shipping_add_tell(const struct setting *s, struct err *e);
void shipping_put_tell(const struct key_row *row, const struct config *c);

/* Does a URL lead to this machine itself? */
bool shipping_is_here(const char *url);

/* Is anything to be shipped at all? Both ways at once are a mistake: EINVAL. */
bool shipping_is_asked(const struct shipping *s);
bool shipping_is_clear(const struct shipping *s, struct err *e);

#endif
