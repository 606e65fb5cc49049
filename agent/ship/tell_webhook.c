/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tell webhook: what is known of a crash as JSON, with the first parts of its report, by the
 * host's curl.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/jsonread.h"
#include "base/jsonwrite.h"
#include "config/shipping.h"
#include "curl.h"
#include "tell.h"

#define BODY_MAX 16384

static void put_facts(struct json *j, const struct tell_crash *c)
{
	json_open(j, NULL, '{');
	json_string(j, "event", "crash");
	json_string(j, "host", c->host);
	json_string(j, "time", c->time);
	json_string(j, "kernel", c->kernel);
	json_string(j, "id", c->signature);
	json_string(j, "title", c->title);
	json_string(j, "line", c->panic);
	json_string(j, "state", c->state);
	json_string(j, "path", c->where);
	json_close(j);
}

/* Parts of the report as they stand there: that is well-formed, or it was not read. */
static size_t add_head(char *body, size_t len, const struct json_value *report)
{
	static const char *const heads[] = { "signature", "finding", "panic" };
	struct json_value v;

	while (len && body[len - 1] != '}')
		len--;
	for (size_t i = 0; report && i < sizeof(heads) / sizeof(heads[0]); i++) {
		if (!json_find(report, heads[i], &v) || len + v.len + 40 > BODY_MAX)
			continue;
		len += snprintf(body + len - 1, BODY_MAX - len, ",\"%s\":%.*s}", heads[i],
				(int)v.len, v.at) - 1;
	}
	return len;
}

static bool post(const struct tell_to *to, const char *url, const char *body, size_t len,
		 struct err *e)
{
	struct curl_way way = { .is_secure = !strncmp(url, "https:", 6), .max_s = 30,
				.alive = to->alive };
	struct curl_request r;
	struct curl_answer a;
	cleanup_fd int fd = curl_memory(body, len, e);

	if (fd < 0)
		return false;
	curl_begin(&r, &way);
	curl_say(&r, "url", "%s", url);
	curl_say(&r, "request", "POST");
	curl_say(&r, "header", "Content-Type: application/json");
	if (!curl_send(&r, &way, &(struct curl_body){ fd, len }, &a, e))
		return false;
	return a.status < 300 || fail(e, EIO, "it answers %u", a.status);
}

static bool crash(const struct tell_to *to, const char *rest, const struct tell_crash *c,
		  struct err *e)
{
	const char *url = *rest == '$' ? getenv(rest + 1) : rest;
	char body[BODY_MAX];
	struct json j;

	if (!url || !*url)
		return fail(e, ENOENT, "%s is not set", rest);
	if (strncmp(url, "https:", 6) && !shipping_is_here(url) && !to->insecure)
		return fail(e, EPERM, "anybody on the way could read it; use https, or say "
			    "'insecure yes'");
	json_init(&j, body, sizeof(body));
	put_facts(&j, c);
	return json_end(&j, e) && post(to, url, body, add_head(body, j.len, c->report), e);
}

const struct tell_way tell_webhook = { .name = "webhook", .crash = crash };
