/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys for an S3 store, by a table of who may have them, in the order in which the tools of
 * AWS ask. The first one that is set must work: another's key is not what was meant.
 */
#include "s3_keys.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/jsonread.h"

#define METADATA "http://169.254.169.254"
#define CONTAINERS "http://169.254.170.2"
#define ROLES "/latest/meta-data/iam/security-credentials/"

/* One look for keys. */
struct search {
	struct s3_keys *keys;
	const char *region;
	uint64_t *alive;
	struct curl_answer *a;
	struct curl_request r;
};

/* "" it is not set. */
static const char *set_to(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

static bool copy(char *to, size_t size, const char *text, struct err *e)
{
	if (strlen(text) >= size)
		return fail(e, EINVAL, "a key longer than %zu characters", size - 1);
	strcpy(to, text);
	return true;
}

static struct curl_way way_of(const struct search *s, const char *url)
{
	return (struct curl_way){ .is_secure = !strncmp(url, "https:", 6), .max_s = 20,
				  .alive = s->alive };
}

static void begin(struct search *s, const char *url)
{
	struct curl_way way = way_of(s, url);

	curl_begin(&s->r, &way);
	curl_say(&s->r, "url", "%s", url);
	curl_say(&s->r, "connect-timeout", "%u", 5);
}

static bool ask(struct search *s, const char *url, struct err *e)
{
	struct curl_way way = way_of(s, url);

	if (!curl_send(&s->r, &way, &(struct curl_body){ .fd = -1 }, s->a, e))
		return false;
	return s->a->status == 200 || fail(e, EACCES, "answers %u", s->a->status);
}

static bool take_json(struct search *s, struct err *e)
{
	struct s3_keys *k = s->keys;
	struct json_value v;

	if (!json_read(&v, s->a->body, strlen(s->a->body), e))
		return false;
	json_text(&v, "AccessKeyId", k->id, sizeof(k->id));
	json_text(&v, "SecretAccessKey", k->secret, sizeof(k->secret));
	json_text(&v, "Token", k->token, sizeof(k->token));
	return (k->id[0] && k->secret[0]) || fail(e, EACCES, "names no key");
}

/* ---- who may have them ------------------------------------------------------- */

static bool has_environment(void)
{
	return set_to("AWS_ACCESS_KEY_ID")[0];
}

static bool of_environment(struct search *s, struct err *e)
{
	struct s3_keys *k = s->keys;

	return copy(k->id, sizeof(k->id), set_to("AWS_ACCESS_KEY_ID"), e) &&
	       copy(k->secret, sizeof(k->secret), set_to("AWS_SECRET_ACCESS_KEY"), e) &&
	       copy(k->token, sizeof(k->token), set_to("AWS_SESSION_TOKEN"), e) &&
	       (k->secret[0] || fail(e, EINVAL, "there is no AWS_SECRET_ACCESS_KEY"));
}

static bool has_identity(void)
{
	return set_to("AWS_WEB_IDENTITY_TOKEN_FILE")[0];
}

static bool of_identity(struct search *s, struct err *e)
{
	char url[256], token[4096], role[512];
	const char *at = set_to("AWS_ENDPOINT_URL_STS");
	struct s3_keys *k = s->keys;

	if (!read_text(set_to("AWS_WEB_IDENTITY_TOKEN_FILE"), token, sizeof(token), e) ||
	    !curl_escape(set_to("AWS_ROLE_ARN"), "", role, sizeof(role)))
		return false;
	if (*at)
		snprintf(url, sizeof(url), "%s/", at);
	else
		snprintf(url, sizeof(url), "https://sts.%s.amazonaws.com/", s->region);
	begin(s, url);
	curl_say(&s->r, "data", "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&"
		 "RoleSessionName=crashbox&RoleArn=%s&WebIdentityToken=%s", role, token);
	if (!ask(s, url, e))
		return within(e, "%s", url);
	curl_element(s->a, "AccessKeyId", k->id, sizeof(k->id));
	curl_element(s->a, "SecretAccessKey", k->secret, sizeof(k->secret));
	curl_element(s->a, "SessionToken", k->token, sizeof(k->token));
	return (k->id[0] && k->secret[0]) || fail(e, EACCES, "%s names no key", url);
}

static bool has_container(void)
{
	return set_to("AWS_CONTAINER_CREDENTIALS_FULL_URI")[0] ||
	       set_to("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")[0];
}

static bool of_container(struct search *s, struct err *e)
{
	const char *full = set_to("AWS_CONTAINER_CREDENTIALS_FULL_URI");
	const char *file = set_to("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
	char url[512], token[4096];

	snprintf(url, sizeof(url), "%s%s", *full ? "" : CONTAINERS,
		 *full ? full : set_to("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"));
	snprintf(token, sizeof(token), "%s", set_to("AWS_CONTAINER_AUTHORIZATION_TOKEN"));
	if (*file && !read_text(file, token, sizeof(token), e))
		return false;
	begin(s, url);
	if (token[0])
		curl_say(&s->r, "header", "Authorization: %s", token);
	return (ask(s, url, e) && take_json(s, e)) || within(e, "%s", url);
}

static bool has_machine(void)
{
	return strcmp(set_to("AWS_EC2_METADATA_DISABLED"), "true");
}

static bool of_machine(struct search *s, struct err *e)
{
	const char *base = set_to("AWS_EC2_METADATA_SERVICE_ENDPOINT");
	char url[512], role[128], token[512];

	base = *base ? base : METADATA;
	snprintf(url, sizeof(url), "%s/latest/api/token", base);
	begin(s, url);
	curl_say(&s->r, "request", "PUT");
	curl_say(&s->r, "header", "X-aws-ec2-metadata-token-ttl-seconds: 600");
	if (!ask(s, url, e))
		return within(e, "AWS_ACCESS_KEY_ID is not set, and no role is lent to this "
			      "machine: %s", url);
	snprintf(token, sizeof(token), "%.*s", (int)strcspn(s->a->body, "\r\n"), s->a->body);
	for (role[0] = '\0';;) {
		snprintf(url, sizeof(url), "%s" ROLES "%s", base, role);
		begin(s, url);
		curl_say(&s->r, "header", "X-aws-ec2-metadata-token: %s", token);
		if (!ask(s, url, e))
			return within(e, "%s", url);
		if (role[0])
			return take_json(s, e) || within(e, "%s", url);
		snprintf(role, sizeof(role), "%.*s", (int)strcspn(s->a->body, "\r\n"),
			 s->a->body);
		if (!role[0])
			return fail(e, EACCES, "%s names no role", url);
	}
}

static const struct source {
	bool (*has)(void);
	bool (*take)(struct search *s, struct err *e);
} sources[] = {
	{ has_environment, of_environment },
	{ has_identity, of_identity },
	{ has_container, of_container },
	{ has_machine, of_machine },
};

bool s3_keys_find(struct s3_keys *k, const char *region, uint64_t *alive,
		  struct curl_answer *a, struct err *e)
{
	struct search s = { .keys = k, .region = region, .alive = alive, .a = a };

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		memset(k, 0, sizeof(*k));
		if (sources[i].has())
			return sources[i].take(&s, e);
	}
	return fail(e, EACCES, "AWS_ACCESS_KEY_ID is not set");
}
