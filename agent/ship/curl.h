/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's curl, one request at a time. What it is to do stands in a configuration that it
 * reads from its standard input: no address and no secret is ever on a command line.
 */
#ifndef SHIP_CURL_H
#define SHIP_CURL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

#define CURL_CONFIG_MAX 16384
#define CURL_ANSWER_MAX (64u << 10)

struct curl_request {
	char config[CURL_CONFIG_MAX];
	size_t len;
	bool is_broken;		/* something did not fit, or cannot be said */
};

struct curl_answer {
	unsigned status;	/* of HTTP */
	const char *headers, *body;	/* in text */
	char text[CURL_ANSWER_MAX];
};

/* How requests are sent; borrowed by each. */
struct curl_way {
	bool is_secure;		/* nothing but https is spoken */
	unsigned rate_kib;	/* a second, 0: no limit */
	unsigned stall_s;	/* given up when nothing moves for so long, 0: a minute */
	unsigned max_s;		/* for all of a request, 0: by stall_s and length */
	uint64_t *alive;	/* counts steps */
};

/* Begins one that sends nothing yet. */
void curl_begin(struct curl_request *r, const struct curl_way *way);

/* A line of curl's configuration, quoted as need be; printf-like. */
void curl_say(struct curl_request *r, const char *option, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* What may stand in a URL anywhere: all but letters, digits, "-._~" and `also` in hex. */
bool curl_escape(const char *text, const char *also, char *to, size_t size);

/* A file whose bytes are sent: len of them, in memory. -1: e says why. */
int curl_memory(const void *at, size_t len, struct err *e);

/* A file that is sent, -1: none, and its length. */
struct curl_body {
	int fd;
	uint64_t len;
};

/*
 * Sends it, and the body with it. False: there was no answer. What an answer says is the
 * caller's to judge.
 */
bool curl_send(struct curl_request *r, const struct curl_way *way,
	       const struct curl_body *body, struct curl_answer *a, struct err *e);

/* The value of a header, without quotes around it; "" it has none. */
void curl_header(const struct curl_answer *a, const char *name, char *to, size_t size);

/* What is between <tag> and </tag> of its body, printable; "" nothing. */
void curl_element(const struct curl_answer *a, const char *tag, char *to, size_t size);

#endif
