/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading servers' names and keys. Parsers that say what they do not like, down to the
 * character where that helps.
 */
#include "remote.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "machine/fence_message.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define UDP "udp:"
#define LOG_PORT 514

/* ---- servers ---------------------------------------------------------------- */

/* A part of the text: what it is, where it goes, what it may be made of. */
struct field {
	const char *what, *allowed;
	char *to;
	size_t size;
};

/* len characters, that do not begin like an option. */
static bool take(const struct field *f, const char *from, size_t len, struct err *e)
{
	size_t good = strspn(from, f->allowed);

	if (!len)
		return fail(e, EINVAL, "no %s", f->what);
	if (len >= f->size)
		return fail(e, EINVAL, "%s longer than %zu characters", f->what, f->size - 1);
	if (good < len)
		return fail(e, EINVAL, "%s has a '%c' in it", f->what, from[good]);
	if (*from == '-' || *from == '.')
		return fail(e, EINVAL, "%s begins with '%c'", f->what, *from);
	memcpy(f->to, from, len);
	f->to[len] = '\0';
	return true;
}

/* Up to the bracket; "%eth0" may follow the address of a neighbour. */
static bool take_ipv6(struct remote *r, const char **at, struct err *e)
{
	/* A ':' or a zone's name begins no option; "::1" begins with neither '-' nor '.'. */
	const struct field field = { "IPv6 address", LETTERS DIGITS ":.%_-",
				     r->host, sizeof(r->host) };
	const char *from = *at + 1, *end = strchr(from, ']');
	struct in6_addr address;
	char plain[sizeof(r->host)];

	if (!end)
		return fail(e, EINVAL, "'[' without a ']'");
	if (!take(&field, from, end - from, e))
		return false;
	snprintf(plain, sizeof(plain), "%.*s", (int)strcspn(r->host, "%"), r->host);
	if (inet_pton(AF_INET6, plain, &address) != 1)
		return fail(e, EINVAL, "'%s' is not an IPv6 address", r->host);
	r->is_ipv6 = true;
	*at = end + 1;
	return true;
}

static bool take_host(struct remote *r, const char **at, struct err *e)
{
	const struct field field = { "host", LETTERS DIGITS ".-_", r->host, sizeof(r->host) };
	size_t len = strcspn(*at, ":/");
	struct in_addr address;

	r->is_ipv6 = false;
	if (**at == '[')
		return take_ipv6(r, at, e);
	if (!take(&field, *at, len, e))
		return false;
	/* What has no letter is meant to be an address. */
	if (!strpbrk(r->host, LETTERS "_") && inet_pton(AF_INET, r->host, &address) != 1)
		return fail(e, EINVAL, "'%s' is not an IPv4 address (an IPv6 address stands in "
			    "brackets)", r->host);
	*at += len;
	return true;
}

/* So many characters are the number of a port. */
static bool is_port(struct remote *r, const char *at, size_t len)
{
	char digits[8];

	snprintf(digits, sizeof(digits), "%.*s", (int)len, at);
	r->port = strtoul(digits, NULL, 10);
	return len && len <= 5 && strspn(digits, DIGITS) == len && r->port &&
	       r->port <= 65535;
}

/* "PORT" up to the next ':', if that is what stands there. */
static bool take_port(struct remote *r, const char **at, struct err *e)
{
	size_t len = strcspn(*at, ":/");

	if (**at == '/')
		return true;
	if (!is_port(r, *at, len))
		return fail(e, EINVAL, "'%.*s' is neither a port nor a path from '/' on (an "
			    "IPv6 address stands in brackets)", (int)len, *at);
	if ((*at)[len] != ':')
		return fail(e, EINVAL, "no ':' between port %u and the path", r->port);
	*at += len + 1;
	return true;
}

static bool take_path(struct remote *r, const char *at, struct err *e)
{
	size_t len = strlen(at);

	if (*at != '/')
		return fail(e, EINVAL, "'%s' is not a path from '/' on", at);
	if (len >= sizeof(r->path))
		return fail(e, EINVAL, "path longer than %zu characters", sizeof(r->path) - 1);
	for (const char *c = at; *c; c++) {
		if (*c < ' ' || *c == 0x7f)
			return fail(e, EINVAL, "path has a control character in it");
		if (!strncmp(c, "/..", 3) && (c[3] == '/' || !c[3]))
			return fail(e, EINVAL, "path has '..' in it");
	}
	memcpy(r->path, at, len + 1);
	while (len > 1 && r->path[len - 1] == '/')
		r->path[--len] = '\0';
	return true;
}

bool remote_parse(struct remote *r, const char *text, unsigned what, struct err *e)
{
	const char *at = text;

	r->user[0] = '\0';
	if (what & REMOTE_USER) {
		const struct field field = { "user", LETTERS DIGITS "._-",
					     r->user, sizeof(r->user) };
		size_t len = strcspn(at, "@/");

		if (at[len] != '@')
			return fail(e, EINVAL, "'%s' does not begin with USER@", text);
		if (!take(&field, at, len, e))
			return false;
		at += len + 1;
	}
	if (!take_host(r, &at, e))
		return false;
	if (*at != ':')
		return fail(e, EINVAL, "'%s' has no ':/path' behind the host", text);
	at++;
	if (what & REMOTE_PORT && !take_port(r, &at, e))
		return false;
	return take_path(r, at, e);
}

/* "HOST[:PORT]" and nothing else; r->port holds what is usual. */
static bool take_host_port(struct remote *r, const char *at, struct err *e)
{
	r->user[0] = r->path[0] = '\0';
	if (!take_host(r, &at, e))
		return false;
	if (!*at || (*at == ':' && is_port(r, at + 1, strlen(at + 1))))
		return true;
	return fail(e, EINVAL, "'%s' is no ':PORT' (an IPv6 address stands in brackets)", at);
}

bool remote_parse_log(struct remote *r, const char *text, struct err *e)
{
	if (strncmp(text, UDP, strlen(UDP)))
		return fail(e, EINVAL, "'%s' does not begin with " UDP, text);
	r->port = LOG_PORT;
	return take_host_port(r, text + strlen(UDP), e);
}

bool remote_parse_node(struct remote *r, const char *text, struct err *e)
{
	r->port = FENCE_PORT;
	return take_host_port(r, text, e);
}

bool remote_parse_sftp(struct remote *r, const char *text, struct err *e)
{
	r->port = 22;
	return remote_parse(r, text, REMOTE_USER | REMOTE_PORT, e);
}

/* ---- keys ------------------------------------------------------------------- */

bool ssh_set_key(struct ssh_keys *k, const char *value, struct err *e)
{
	if (*value != '/')
		return fail(e, EINVAL, "'%s' is not a path from '/' on", value);
	if (strlen(value) >= sizeof(k->key))
		return fail(e, EINVAL, "longer than %zu characters", sizeof(k->key) - 1);
	snprintf(k->key, sizeof(k->key), "%s", value);
	return true;
}

/* 51 bytes: the type again, with its length, and the 32 bytes of the key with theirs. */
#define ED25519 "ssh-ed25519"
#define ED25519_BEGIN "AAAAC3NzaC1lZDI1NTE5AAAAI"
#define ED25519_LEN 68

bool ssh_add_host_key(struct ssh_keys *k, const char *value, struct err *e)
{
	size_t type_len = strcspn(value, " \t");
	const char *key = value + type_len + strspn(value + type_len, " \t");
	size_t len = strcspn(key, " \t");

	if (k->n_host_keys == SSH_N_HOST_KEYS)
		return fail(e, EINVAL, "more than %u of them", SSH_N_HOST_KEYS);
	if (type_len != strlen(ED25519) || strncmp(value, ED25519, type_len))
		return fail(e, EINVAL, "'%.*s': the key's type must be " ED25519 ", the only "
			    "one that the client in the image knows", (int)type_len, value);
	if (len != ED25519_LEN || strncmp(key, ED25519_BEGIN, strlen(ED25519_BEGIN)) ||
	    strspn(key, LETTERS DIGITS "+/") < len)
		return fail(e, EINVAL, "'%.80s' is not an Ed25519 key as it stands in "
			    "/etc/ssh/ssh_host_ed25519_key.pub", key);
	snprintf(k->host_keys[k->n_host_keys++], SSH_HOST_KEY_LEN, ED25519 " %.*s", (int)len,
		 key);
	return true;
}

bool ssh_check(const struct ssh_keys *k, struct err *e)
{
	if (!k->n_host_keys)
		return fail(e, EINVAL, "the server's key must be pinned by a line "
			    "'ssh_host_key " ED25519 " AAAA...'");
	if (!k->key[0])
		return fail(e, EINVAL, "a line 'ssh_key /FILE' must name our private key");
	return true;
}
