/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The SFTP client. The engine: packets out, packets in, who waits for what. It waits in
 * one place, wait_io(), and only for as long as something is answered every stall_s
 * seconds.
 */
#include "sftp.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/io.h"

#define LAST_WORDS_S 2.0	/* for the carrier to say why it ended */

enum { FXP_INIT = 1, FXP_VERSION = 2, FXP_STATUS = 101, FXP_DATA = 103 };
enum { FX_OK = 0, FX_EOF = 1 };

/* ---- the end of a connection ------------------------------------------------ */

/* Foreign text goes to consoles and manifests: only what is printable in ASCII. */
static void keep_words(struct sftp *c, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char ch = text[i];

		if (ch == '\n') {
			c->saying[c->saying_len] = '\0';
			if (c->saying_len)
				memcpy(c->said, c->saying, c->saying_len + 1);
			c->saying_len = 0;
		} else if (ch != '\r' && c->saying_len < sizeof(c->saying) - 1) {
			c->saying[c->saying_len++] = printable(ch);
		}
	}
}

/* False: nothing more will come. */
static bool hear_carrier(struct sftp *c)
{
	char text[512];
	ssize_t n = read(c->carrier.err_fd, text, sizeof(text));

	if (n > 0)
		keep_words(c, text, n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		c->carrier.err_fd = -1;
	return c->carrier.err_fd >= 0;
}

static void hear_last_words(struct sftp *c)
{
	double until = monotonic_seconds() + LAST_WORDS_S, left;

	while (c->carrier.err_fd >= 0 && (left = until - monotonic_seconds()) > 0) {
		struct pollfd p = { .fd = c->carrier.err_fd, .events = POLLIN };

		if (poll(&p, 1, left * 1000) > 0)
			hear_carrier(c);
	}
	keep_words(c, "\n", 1);
}

bool sftp_die(struct sftp *c, int code, const char *what, struct err *e)
{
	if (!c->dead) {
		c->dead = true;
		err_set(&c->why, code, "%s: %s%s%s", c->carrier.peer, what,
			c->said[0] ? ": " : "", c->said);
	}
	*e = c->why;
	return false;
}

/* What OpenSSH's client says of a no that no waiting mends. */
static int code_of(const char *said)
{
	if (strstr(said, "Host key verification failed"))
		return EKEYREJECTED;
	return strstr(said, "Permission denied") ? EACCES : ECONNRESET;
}

static bool lost(struct sftp *c, struct err *e)
{
	hear_last_words(c);
	return sftp_die(c, code_of(c->said), c->said[0] ? "the connection ended"
						  : "the connection ended without a word", e);
}

/* ---- replies ---------------------------------------------------------------- */

static bool nonsense(struct sftp *c, const char *what, struct err *e)
{
	return sftp_die(c, EPROTO, what, e);
}

static void file_failed(const struct sftp_slot *s, uint32_t status)
{
	struct sftp_file *f = s->file;

	if (f->failed)
		return;
	f->failed = true;
	if (s->kind == SFTP_SYNCED)
		err_set(&f->first, sftp_errno(status), "not all of it reached the disk: %s",
			sftp_status_name(status));
	else if (status == FX_OK)
		err_set(&f->first, EPROTO, "a read at offset %llu was answered without data",
			(unsigned long long)s->off);
	else
		err_set(&f->first, sftp_errno(status), "cannot %s at offset %llu: %s",
			s->kind == SFTP_READ ? "read" : "write", (unsigned long long)s->off,
			sftp_status_name(status));
}

struct reply {
	uint8_t type;
	struct cursor body;
};

/* A write or a sync has been answered. */
static bool take_status(struct sftp *c, const struct sftp_slot *s, struct reply *r,
			struct err *e)
{
	uint32_t status;

	if (r->type != FXP_STATUS || !sftp_get_u32(&r->body, &status))
		return nonsense(c, "an answer is of the wrong kind", e);
	/* Gateways say so of a handle that they only write through; others may be read. */
	if (status != FX_OK || s->kind == SFTP_READ)
		file_failed(s, status);
	else if (s->kind == SFTP_WRITTEN && c->durable)
		__atomic_fetch_add(c->durable, s->len, __ATOMIC_RELAXED);
	return true;
}

static bool take_data(struct sftp *c, const struct sftp_slot *s, struct reply *r,
		      struct err *e)
{
	const uint8_t *bytes;
	uint32_t len;

	if (r->type != FXP_DATA)
		return take_status(c, s, r, e);
	if (!sftp_get_bytes(&r->body, &bytes, &len) || !len || len > s->len)
		return nonsense(c, "a read was answered with another number of bytes", e);
	memcpy(s->to, bytes, len);
	if (len < s->len) {
		struct sftp_slot rest = *s;

		rest.off += len;
		rest.to += len;
		rest.len -= len;
		/* Old ones are asked for before new ones: one more than slots, at most. */
		if (c->n_again == SFTP_WINDOW + 1)
			return nonsense(c, "too many short answers", e);
		c->again[c->n_again++] = rest;
	}
	return true;
}

static bool take_packet(struct sftp *c, const uint8_t *bytes, size_t len, struct err *e)
{
	struct reply r = { bytes[0], { bytes + 1, bytes + len } };
	struct sftp_slot *slot, was;
	uint32_t id;

	if (!sftp_get_u32(&r.body, &id))
		return nonsense(c, "a reply is too short", e);
	/* The greeting has a version where others have an id; it is asked as id 3. */
	slot = &c->slots[id % SFTP_WINDOW];
	if (slot->kind == SFTP_FREE || slot->id != id)
		return nonsense(c, "a reply to nothing that was asked", e);
	was = *slot;
	slot->kind = SFTP_FREE;
	c->n_flight--;
	c->moved = monotonic_seconds();
	if (was.kind == SFTP_ASKED) {
		c->answer_type = r.type;
		c->answer_len = cursor_left(&r.body);
		if (c->answer_len > sizeof(c->answer))
			return nonsense(c, "a reply is too long", e);
		memcpy(c->answer, r.body.at, c->answer_len);
		return true;
	}
	was.file->n_flight--;
	return (was.kind == SFTP_READ ? take_data : take_status)(c, &was, &r, e);
}

/* What a login shell prints looks like a length of a thousand million. */
static bool not_sftp(struct sftp *c, const uint8_t *at, size_t len, struct err *e)
{
	char what[100];
	char words[41];
	size_t n = min_u64(len, sizeof(words) - 1);

	for (size_t i = 0; i < n; i++)
		words[i] = printable(at[i]);
	words[n] = '\0';
	snprintf(what, sizeof(what), "what the server sends is not SFTP: '%s'", words);
	return nonsense(c, what, e);
}

static bool take_packets(struct sftp *c, struct err *e)
{
	size_t at = 0;

	while (c->in_len - at >= 4) {
		size_t len = __builtin_bswap32(get_u32(c->in + at));

		if (len < 5 || len > SFTP_PACKET_MAX)
			return not_sftp(c, c->in + at, c->in_len - at, e);
		if (c->in_len - at - 4 < len)
			break;
		if (!take_packet(c, c->in + at + 4, len, e))
			return false;
		at += 4 + len;
	}
	c->in_len -= at;
	memmove(c->in, c->in + at, c->in_len);
	return true;
}

/* A whole packet fits, so there is room when take_packets() is done. */
static bool hear_server(struct sftp *c, struct err *e)
{
	ssize_t n = read(c->carrier.from_fd, c->in + c->in_len, sizeof(c->in) - c->in_len);

	if (n > 0) {
		c->in_len += n;
		return take_packets(c, e);
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	return lost(c, e);
}

/* Until there is something to read or, if that is wanted, room to write. */
static bool wait_io(struct sftp *c, bool want_out, struct err *e)
{
	struct pollfd p[3] = {
		{ .fd = c->carrier.from_fd, .events = POLLIN },
		{ .fd = c->carrier.err_fd, .events = POLLIN },
		{ .fd = want_out ? c->carrier.to_fd : -1, .events = POLLOUT },
	};
	double left = c->moved + c->stall_s - monotonic_seconds();
	int n = poll(p, 3, left > 0 ? left * 1000 + 1 : 0);
	char what[80];

	if (n < 0 && errno != EINTR)
		return sftp_die(c, errno, strerror(errno), e);
	if (n > 0 && p[1].revents)
		hear_carrier(c);
	if (n > 0 && p[0].revents)
		return hear_server(c, e);
	/* A carrier that talks without end moves nothing. */
	if (n < 0 || (n > 0 && (p[2].revents || left > 0)))
		return true;
	snprintf(what, sizeof(what), "no answer for %.0f s", c->stall_s);
	return sftp_die(c, ETIMEDOUT, what, e);
}

/* ---- requests --------------------------------------------------------------- */

static bool send_all(struct sftp *c, struct sftp_packet *p, struct err *e)
{
	struct iovec v[2] = { { p->bytes, p->len }, { (void *)p->data, p->data_len } };
	struct iovec *at = v, *end = v + 2;

	while (at < end) {
		ssize_t n = writev(c->carrier.to_fd, at, end - at);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return lost(c, e);
		if (n < 0 && !wait_io(c, true, e))
			return false;
		if (n > 0)
			c->moved = monotonic_seconds();
		for (; n >= 0 && at < end && (size_t)n >= at->iov_len; at++)
			n -= at->iov_len;
		if (n > 0) {
			at->iov_base = (char *)at->iov_base + n;
			at->iov_len -= n;
		}
	}
	return true;
}

bool sftp_send(struct sftp *c, struct sftp_packet *p, const struct sftp_slot *want,
	       struct err *e)
{
	struct sftp_slot *slot = &c->slots[c->next_id % SFTP_WINDOW];

	if (c->dead)
		return sftp_die(c, 0, "", e);
	if (p->over)
		return fail(e, ENAMETOOLONG, "%s: a name is too long", c->carrier.peer);
	while (slot->kind != SFTP_FREE)
		if (!wait_io(c, false, e))
			return false;
	if (!c->n_flight)
		c->moved = monotonic_seconds();
	*slot = *want;
	slot->id = c->next_id++;
	c->n_flight++;
	if (want->kind != SFTP_ASKED)
		want->file->n_flight++;
	sftp_address(p, slot->id);
	return send_all(c, p, e);
}

bool sftp_await(struct sftp_file *f, unsigned n, struct err *e)
{
	struct sftp *c = f->on;

	if (c->dead)
		return sftp_die(c, 0, "", e);
	while (f->n_flight > n)
		if (!wait_io(c, false, e))
			return false;
	return true;
}

bool sftp_ask(struct sftp *c, struct sftp_packet *p, struct err *e)
{
	const struct sftp_slot want = { .kind = SFTP_ASKED };
	uint32_t id = c->next_id;
	const struct sftp_slot *slot = &c->slots[id % SFTP_WINDOW];

	if (!sftp_send(c, p, &want, e))
		return false;
	while (slot->kind != SFTP_FREE && slot->id == id)
		if (!wait_io(c, false, e))
			return false;
	return true;
}

/* ---- the greeting ----------------------------------------------------------- */

static bool is_text(const uint8_t *bytes, uint32_t len, const char *text)
{
	return len == strlen(text) && !memcmp(bytes, text, len);
}

static bool take_extensions(struct sftp *c, struct cursor *r)
{
	const uint8_t *name, *value;
	uint32_t name_len, value_len;

	while (cursor_left(r)) {
		if (!sftp_get_bytes(r, &name, &name_len) ||
		    !sftp_get_bytes(r, &value, &value_len))
			return false;
		if (is_text(name, name_len, "fsync@openssh.com"))
			c->can_fsync = is_text(value, value_len, "1");
		else if (is_text(name, name_len, "posix-rename@openssh.com"))
			c->can_posix_rename = is_text(value, value_len, "1");
		else if (is_text(name, name_len, "statvfs@openssh.com"))
			c->can_statvfs = is_text(value, value_len, "2");
	}
	return true;
}

void sftp_init(struct sftp *c, const struct sftp_carrier *carrier, double stall_s,
	       uint64_t *durable)
{
	const int fds[] = { carrier->to_fd, carrier->from_fd, carrier->err_fd };

	memset(c, 0, sizeof(*c));
	c->carrier = *carrier;
	c->stall_s = stall_s;
	c->durable = durable;
	for (size_t i = 0; i < 3; i++)
		if (fds[i] >= 0)
			fcntl(fds[i], F_SETFL, fcntl(fds[i], F_GETFL) | O_NONBLOCK);
}

bool sftp_hello(struct sftp *c, struct err *e)
{
	struct sftp_packet p = { .len = 0 };
	struct cursor r;

	/* A greeting is a request without an id, whose version stands where that would be. */
	c->next_id = 3;
	sftp_request(&p, FXP_INIT);
	if (!sftp_ask(c, &p, e))
		return false;
	r = (struct cursor){ c->answer, c->answer + c->answer_len };
	if (c->answer_type != FXP_VERSION || !take_extensions(c, &r))
		return nonsense(c, "the server's greeting makes no sense", e);
	return true;
}
