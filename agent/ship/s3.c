/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests to an S3 store. Its answers are a server's: bounded, and shown as plain text. */
#include "s3.h"

#include <errno.h>
#include <nettle/md5.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/numbers.h"
#include "ship_way.h"
#include "targets/folder_name.h"

/* Of no bytes at all. */
#define SHA_OF_NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

bool s3_path(const struct s3 *s3, const struct ship_file *f, char path[S3_PATH_MAX],
	     struct err *e)
{
	char folder[3 * FOLDER_NAME_MAX], name[3 * SINK_NAME_MAX];

	if (!curl_escape(f->folder, "", folder, sizeof(folder)) ||
	    !curl_escape(f->name, "", name, sizeof(name)) ||
	    snprintf(path, S3_PATH_MAX, "/%s/%s%s/%s", s3->place.bucket, s3->place.prefix,
		     folder, name) >= S3_PATH_MAX)
		return fail(e, ENAMETOOLONG, "%s/%s: too long a name", f->folder, f->name);
	return true;
}

/* Who we are goes with the address, where a key may have a colon in it. */
static void say_address(struct s3 *s3, const struct s3_ask *ask)
{
	const struct s3_keys *k = &s3->keys;
	char id[3 * sizeof(k->id)], secret[3 * sizeof(k->secret)];

	if (!curl_escape(k->id, "", id, sizeof(id)) ||
	    !curl_escape(k->secret, "", secret, sizeof(secret)))
		s3->r.is_broken = true;
	else
		curl_say(&s3->r, "url", "%s://%s:%s@%s%s%s%s",
			 s3->place.is_secure ? "https" : "http", id, secret, s3->place.host,
			 ask->path, ask->query[0] ? "?" : "", ask->query);
	memset(id, 0, sizeof(id));
	memset(secret, 0, sizeof(secret));
}

static bool send_once(struct s3 *s3, const struct s3_ask *ask, struct err *e)
{
	struct curl_body body = { .fd = -1 };
	char sha[SHIP_SHA_LEN] = SHA_OF_NOTHING;
	cleanup_fd int fd = -1;

	curl_begin(&s3->r, &s3->way);
	say_address(s3, ask);
	curl_say(&s3->r, "aws-sigv4", "aws:amz:%s:s3", s3->region);
	if (!strcmp(ask->method, "HEAD"))
		curl_say(&s3->r, "head", "%s", "");
	else
		curl_say(&s3->r, "request", "%s", ask->method);
	if (ask->body) {
		fd = curl_memory(ask->body->at, ask->body->len, e);
		if (fd < 0)
			return false;
		body = (struct curl_body){ fd, ask->body->len };
		ship_sum(ask->body->at, ask->body->len, sha);
	}
	curl_say(&s3->r, "header", "x-amz-content-sha256: %s", sha);
	if (ask->sha)
		curl_say(&s3->r, "header", "x-amz-meta-sha256: %s", ask->sha);
	if (ask->is_new && !s3->has_no_conditions)
		curl_say(&s3->r, "header", "If-None-Match: *");
	if (s3->keys.token[0])
		curl_say(&s3->r, "header", "x-amz-security-token: %s", s3->keys.token);
	return curl_send(&s3->r, &s3->way, &body, &s3->a, e) ||
	       within(e, "%s", s3->place.host);
}

bool s3_send(struct s3 *s3, const struct s3_ask *ask, struct err *e)
{
	const unsigned *status = &s3->a.status;

	if (!send_once(s3, ask, e))
		return false;
	if (!ask->is_new || s3->has_no_conditions || (*status != 400 && *status != 501))
		return true;
	s3->has_no_conditions = true;
	if (!send_once(s3, ask, e))
		return false;
	/* Else that was not what it did not like. */
	s3->has_no_conditions = *status == 200;
	return true;
}

/* Whether keys are refused, this one request, or, as of now, any. */
static int code_of(unsigned status)
{
	if (status == 401 || status == 403)
		return EACCES;
	if (status == 412)	/* there is something of that name */
		return EEXIST;
	return status == 408 || status == 429 || status == 503 ? EIO : SHIP_REFUSED;
}

bool s3_refused(const struct s3 *s3, const char *path, struct err *e)
{
	const struct curl_answer *a = &s3->a;
	char code[64], message[128];

	curl_element(a, "Code", code, sizeof(code));
	curl_element(a, "Message", message, sizeof(message));
	return fail(e, code_of(a->status), "%s: the store answers %u%s%s%s%s%s to "
		    "%s", s3->place.host, a->status, code[0] ? " " : "", code,
		    message[0] ? " (" : "", message, message[0] ? ")" : "", path);
}

static bool is_sealed_there(const struct s3 *s3)
{
	char how[64], key[64];

	curl_header(&s3->a, "x-amz-server-side-encryption", how, sizeof(how));
	curl_header(&s3->a, "x-amz-server-side-encryption-customer-algorithm", key,
		    sizeof(key));
	return key[0] || (how[0] && strcmp(how, "AES256"));
}

bool s3_tag_is_right(const struct s3 *s3, const struct s3_bytes *body, char tag[S3_TAG_MAX],
		     struct err *e)
{
	uint8_t digest[MD5_DIGEST_SIZE];
	struct md5_ctx md5;
	char hex[33];

	curl_header(&s3->a, "ETag", tag, S3_TAG_MAX);
	md5_init(&md5);
	md5_update(&md5, body->len, body->at);
	md5_digest(&md5, sizeof(digest), digest);
	format_hex(hex, digest, sizeof(digest));
	if (strlen(tag) != 32 || strspn(tag, "0123456789abcdef") != 32 || is_sealed_there(s3))
		return true;
	return !strcmp(tag, hex) ||
	       fail(e, SHIP_REFUSED, "%s: the store says that it has other bytes than were "
		    "sent (ETag %s, and not %s)", s3->place.host, tag, hex);
}
