/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who we are to an S3 store: a key that the environment has, or the role of this machine,
 * container or service account, as whoever runs it lends it.
 */
#ifndef SHIP_S3_KEYS_H
#define SHIP_S3_KEYS_H

#include <stdbool.h>

#include "curl.h"

struct s3_keys {
	char id[256], secret[256];
	char token[6144];	/* of the session; "" there is none */
};

/*
 * The first that is set of: AWS_ACCESS_KEY_ID; a web identity (AWS_WEB_IDENTITY_TOKEN_FILE);
 * a container's role (AWS_CONTAINER_CREDENTIALS_FULL_URI or ..._RELATIVE_URI); that of a
 * machine (the metadata service, version 2). a: room for answers.
 */
bool s3_keys_find(struct s3_keys *k, const char *region, uint64_t *alive,
		  struct curl_answer *a, struct err *e);

#endif
