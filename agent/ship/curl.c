/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asking curl, and taking its answer apart: status, headers, body. */
#include "curl.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "machine/program.h"

#define STALL_S 60	/* without a byte, where the way does not say */
#define SLOWEST 1024	/* bytes a second, on the whole */

/* ---- asking ----------------------------------------------------------------- */

static void put(struct curl_request *r, char c)
{
	if (r->len + 1 >= sizeof(r->config))
		r->is_broken = true;
	else
		r->config[r->len++] = c;
	r->config[r->len] = '\0';
}

static void put_text(struct curl_request *r, const char *text)
{
	for (; *text; text++)
		put(r, *text);
}

void curl_say(struct curl_request *r, const char *option, const char *fmt, ...)
{
	char value[8192];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	if (len < 0 || (size_t)len >= sizeof(value))
		r->is_broken = true;
	put_text(r, option);
	if (*value)
		put_text(r, " = \"");
	for (const char *c = value; *c; c++) {
		if (*c == '"' || *c == '\\')
			put(r, '\\');
		/* A line break would begin another option. */
		r->is_broken |= (unsigned char)*c < ' ';
		put(r, *c);
	}
	put_text(r, *value ? "\"\n" : "\n");
}

static unsigned stall_of(const struct curl_way *way)
{
	return way->stall_s ? way->stall_s : STALL_S;
}

void curl_begin(struct curl_request *r, const struct curl_way *way)
{
	static const char *const flags[] = {
		"silent", "show-error", "globoff", "path-as-is", "http1.1", "include",
		"suppress-connect-headers",
	};

	r->len = 0;
	r->is_broken = false;
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		curl_say(r, flags[i], "%s", "");
	curl_say(r, "proto", "=%s", way->is_secure ? "https" : "http");
	curl_say(r, "connect-timeout", "%u", 20);
	curl_say(r, "speed-limit", "%u", 1);
	curl_say(r, "speed-time", "%u", stall_of(way));
	/* In the clear it is this machine, or who lends it a role: no proxy is to read it. */
	if (!way->is_secure)
		curl_say(r, "noproxy", "*");
	if (way->rate_kib)
		curl_say(r, "limit-rate", "%uk", way->rate_kib);
}

bool curl_escape(const char *text, const char *also, char *to, size_t size)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._~";
	size_t n = 0;

	for (; *text; text++) {
		bool is_plain = strchr(plain, *text) || strchr(also, *text);

		if (n + 4 > size)
			return false;
		n += snprintf(to + n, size - n, is_plain ? "%c" : "%%%02X",
			      (unsigned char)*text);
	}
	to[n] = '\0';
	return true;
}

int curl_memory(const void *at, size_t len, struct err *e)
{
	int fd = memfd_create("crashbox-ship", MFD_CLOEXEC);

	if (fd < 0) {
		err_set(e, errno, "no file in memory: %s", strerror(errno));
		return -1;
	}
	if (write_all(fd, at, len, "a file in memory", e))
		return fd;
	close(fd);
	return -1;
}

/* ---- its answer ------------------------------------------------------------- */

/* What comes before the last head is the server's leave to go on, or a redirect's. */
static bool take_apart(struct curl_answer *a, struct err *e)
{
	char *at = a->text, *end;

	a->status = 0;
	while (!strncmp(at, "HTTP/", 5) && (end = strstr(at, "\r\n\r\n"))) {
		const char *code = strchr(at, ' ');

		a->status = code ? strtoul(code, NULL, 10) : 0;
		a->headers = at;
		at = end + 4;
		if (a->status >= 200)
			break;
	}
	a->body = at;
	if (at > a->text)
		at[-1] = '\0';
	return a->status >= 200 || fail(e, EPROTO, "the server's answer is none of HTTP");
}

/* A body may take as long as the slowest way that is one. */
static double longest(const struct curl_way *way, const struct curl_body *body)
{
	double rate = way->rate_kib ? way->rate_kib * 1024.0 : 0;

	return way->max_s ? way->max_s : stall_of(way) + (double)body->len / SLOWEST +
					 (rate ? (double)body->len / rate : 0);
}

bool curl_send(struct curl_request *r, const struct curl_way *way,
	       const struct curl_body *body, struct curl_answer *a, struct err *e)
{
	/* -q: nothing of what some user has in a file of his. */
	static const char *const argv[] = { "curl", "-q", "-K", "-", NULL };
	struct program_text text;
	struct program p = {
		.argv = argv, .fd = body->fd, .feed = { program_next_text, &text },
		.stall_s = 3.0 * stall_of(way) + (double)body->len / SLOWEST,
		.alive = way->alive, .says_first = true,
		.out = a->text, .size = sizeof(a->text),
	};

	a->status = 0;
	/* One that answers a byte now and then would never end. */
	curl_say(r, "max-time", "%.0f", longest(way, body));
	if (body->fd >= 0)
		curl_say(r, "upload-file", "/proc/self/fd/%u", PROGRAM_FD);
	if (r->is_broken)
		return fail(e, EINVAL, "a request that is too long, or has a line break in it");
	text = (struct program_text){ r->config, r->len };
	if (!program_run(&p, e))
		return within(e, "curl");
	if (p.status)
		return fail(e, EIO, "%s", p.said[0] ? p.said : "curl fails without a word");
	return take_apart(a, e);
}

void curl_header(const struct curl_answer *a, const char *name, char *to, size_t size)
{
	size_t len = strlen(name), n = 0;

	for (const char *line = a->headers; line; line = strstr(line, "\r\n")) {
		line += *line == '\r' ? 2 : 0;
		if (strncasecmp(line, name, len) || line[len] != ':')
			continue;
		line += len + 1;
		line += strspn(line, " \t\"");
		for (; *line > ' ' && *line <= '~' && *line != '"' && n + 1 < size; line++)
			to[n++] = *line;
		break;
	}
	to[n] = '\0';
}

void curl_element(const struct curl_answer *a, const char *tag, char *to, size_t size)
{
	size_t len = strlen(tag), n = 0;
	const char *at = a->body;

	while ((at = strchr(at, '<')) && (strncmp(at + 1, tag, len) || at[len + 1] != '>'))
		at++;
	for (at = at ? at + len + 2 : ""; *at && *at != '<' && n + 1 < size; at++)
		to[n++] = printable(*at);
	to[n] = '\0';
}
