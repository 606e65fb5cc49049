/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An S3-compatible store, a request at a time: signed by curl, with the SHA-256 of what is sent
 * in the signature, so that the store refuses anything else.
 */
#ifndef SHIP_S3_H
#define SHIP_S3_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/shipping.h"
#include "curl.h"
#include "s3_keys.h"
#include "ship_file.h"

#define S3_PATH_MAX 1024
#define S3_TAG_MAX 96

struct s3 {
	struct s3_place place;
	struct s3_keys keys;
	const char *region;
	bool has_no_conditions;		/* it does not know of is_new */
	struct curl_way way;
	struct curl_request r;
	struct curl_answer a;	/* to the last request */
};

/* Bytes in memory that are sent. */
struct s3_bytes {
	const void *at;
	size_t len;
};

struct s3_ask {
	const char *method;
	const char *path;		/* s3_path()'s */
	const char *query;		/* "a=b&c=", in their order; "" none */
	const struct s3_bytes *body;	/* NULL: none */
	const char *sha;		/* to be kept with what is made; NULL: none */
	bool is_new;			/* 412 where something has that name */
};

/* The name of a file of a crash there, as an address has it. */
bool s3_path(const struct s3 *s3, const struct ship_file *f, char path[S3_PATH_MAX],
	     struct err *e);

/* False: no answer. A store that does not know is_new is asked again without. */
bool s3_send(struct s3 *s3, const struct s3_ask *ask, struct err *e);

/* What the store says of the last request, as an error; always false. */
bool s3_refused(const struct s3 *s3, const char *path, struct err *e);

/*
 * The answer's ETag must be the MD5 of what was sent, wherever it is one: not of what the
 * store encrypts with keys of somebody.
 */
bool s3_tag_is_right(const struct s3 *s3, const struct s3_bytes *body, char tag[S3_TAG_MAX],
		     struct err *e);

#endif
