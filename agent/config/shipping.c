/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of the key `ship`. What stands in them is the operator's, and goes into addresses. */
#include "shipping.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "key_values.h"
#include "targets/remote.h"
#include "targets/target_kinds.h"

#define S3 "s3:"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

bool shipping_is_s3(const char *to)
{
	return !strncmp(to, S3, strlen(S3));
}

/* The next piece of *at, up to one of `ends`, of these characters only. */
static bool take(const char **at, const char *ends, const char *of, char *to, size_t size)
{
	size_t len = strcspn(*at, ends);

	if (!len || len >= size || strspn(*at, of) < len)
		return false;
	memcpy(to, *at, len);
	to[len] = '\0';
	*at += len;
	return true;
}

bool shipping_is_here(const char *url)
{
	static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };
	const char *host = strstr(url, "://");

	for (size_t i = 0; host && i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i]);

		/* With a port behind it or none, and no user before it. */
		if (!strncmp(host + 3, names[i], len) &&
		    (!host[3 + len] || host[3 + len] == '/' ||
		     (host[3 + len] == ':' && strspn(host + 4 + len, DIGITS) ==
					      strcspn(host + 4 + len, "/"))))
			return true;
	}
	return false;
}

bool shipping_parse_s3(struct s3_place *s3, const char *to, struct err *e)
{
	static const char usage[] = "is none of s3:https://HOST[:PORT]/BUCKET[/PREFIX]";
	const char *at = to + strlen(S3);

	*s3 = (struct s3_place){ .is_secure = !strncmp(at, "https://", 8) };
	if (!s3->is_secure && strncmp(at, "http://", 7))
		return fail(e, EINVAL, "'%s' %s", to, usage);
	at += s3->is_secure ? 8 : 7;
	if (!take(&at, "/", LETTERS DIGITS ".-:[]", s3->host, sizeof(s3->host)) ||
	    *at++ != '/' ||
	    !take(&at, "/", LETTERS DIGITS ".-_", s3->bucket, sizeof(s3->bucket)))
		return fail(e, EINVAL, "'%s' %s", to, usage);
	s3->is_here = shipping_is_here(to + strlen(S3));
	at += *at == '/';
	if (*at && !take(&at, "", LETTERS DIGITS ".-_/", s3->prefix, sizeof(s3->prefix) - 1))
		return fail(e, EINVAL, "'%s': a prefix has at most %zu letters, digits, '.', "
			    "'-', '_', '/'", to, sizeof(s3->prefix) - 2);
	if (s3->prefix[0] && s3->prefix[strlen(s3->prefix) - 1] != '/')
		strcat(s3->prefix, "/");
	return true;
}

static bool check(const char *to, struct err *e)
{
	struct s3_place s3;
	struct remote server;

	if (shipping_is_s3(to))
		return shipping_parse_s3(&s3, to, e);
	if (target_needs(to, NEEDS_CLIENT))
		return remote_parse_sftp(&server, target_rest(to), e);
	return fail(e, EINVAL, "'%s' is neither s3:https://HOST/BUCKET nor "
		    "sftp:USER@HOST:/path", to);
}

bool shipping_set_to(const struct setting *s, struct err *e)
{
	return check(s->value, e) && key_set_text(s, e);
}

/* What may stand behind each name and a colon. */
static const struct tell_words {
	const char *name, *begin;	/* NULL: nothing does */
} tell_words[] = {
	{ "journal", NULL },
	{ "webhook", "https://" },
	{ "webhook", "http://" },
	{ "webhook", "$" },
	{ "mail", "" },
	{ "textfile", "/" },
	{ "motd", "/" },
};

static bool is_said(const struct tell_words *w, const char *words)
{
	size_t len = strlen(w->name);

	if (strncmp(words, w->name, len) || (words[len] && words[len] != ':'))
		return false;
	return w->begin ? words[len] && words[len + 1] &&
			  !strncmp(words + len + 1, w->begin, strlen(w->begin))
			: !words[len];
}

bool shipping_add_tell(const struct setting *s, struct err *e)
{
	struct shipping *to = key_at(s);

	if (to->n_tell == MAX_TELL)
		return fail(e, EINVAL, "more than %u of them", MAX_TELL);
	if (strlen(s->value) >= TELL_MAX)
		return fail(e, EINVAL, "longer than %u characters", TELL_MAX - 1);
	for (size_t i = 0; i < sizeof(tell_words) / sizeof(tell_words[0]); i++)
		if (is_said(&tell_words[i], s->value))
			return strcpy(to->tell[to->n_tell++], s->value);
	return fail(e, EINVAL, "'%s' is none of journal, webhook:https://HOST/PATH, "
		    "webhook:$VARIABLE, mail:ADDRESS, textfile:/PATH, motd:/PATH", s->value);
}

void shipping_put_tell(const struct key_row *row, const struct config *c)
{
	const struct shipping *to = key_seen_at(row, c);

	for (unsigned i = 0; i < to->n_tell; i++)
		printf("%s %s\n", row->help.key, to->tell[i]);
}

bool shipping_is_asked(const struct shipping *s)
{
	return s->to[0] || s->command[0];
}

bool shipping_is_clear(const struct shipping *s, struct err *e)
{
	return !s->to[0] || !s->command[0] ||
	       fail(e, EINVAL, "ship and ship_command: where to is said twice");
}
