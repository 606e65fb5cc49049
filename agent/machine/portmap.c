/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asking rpcbind. RPCB_GETADDR of rpcbind version 3 (RFC 1833), over TCP (RFC 5531: a
 * record mark before each message); version 2's GETPORT has no IPv6. The answer is a
 * universal address such as "192.0.2.1.8.1", whose last two numbers are the port.
 */
#include "portmap.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "netaddr.h"
#include "reach.h"

#define PORTMAP_PORT 111
#define PORTMAP_PROGRAM 100000
#define GETADDR 3
#define PROGRAM_MOUNT 100005
#define MOUNT_VERSION 3	/* of NFS 3 */
#define LAST_FRAGMENT 0x80000000u
#define REPLY_MAX 512

/* Big-endian words, as XDR has them. */
struct words {
	uint8_t bytes[256];
	size_t len;
};

static void put(struct words *w, uint32_t value)
{
	value = htonl(value);
	memcpy(w->bytes + w->len, &value, 4);
	w->len += 4;
}

static void put_text(struct words *w, const char *text)
{
	size_t len = strlen(text);

	put(w, len);
	memset(w->bytes + w->len, 0, (len + 3) & ~3u);
	memcpy(w->bytes + w->len, text, len);
	w->len += (len + 3) & ~3u;
}

static void question(struct words *w, uint32_t xid, const char *netid)
{
	const uint32_t head[] = {
		xid, 0 /* call */, 2 /* RPC version */, PORTMAP_PROGRAM, 3, GETADDR,
		0, 0, 0, 0,	/* no credentials, no verifier */
		PROGRAM_MOUNT, MOUNT_VERSION,
	};

	w->len = 0;
	put(w, 0);	/* record mark, known at the end */
	for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++)
		put(w, head[i]);
	put_text(w, netid);
	put_text(w, "");
	put_text(w, "");
	*(uint32_t *)w->bytes = htonl(LAST_FRAGMENT | (w->len - 4));
}

static bool next_word(struct cursor *c, uint32_t *value)
{
	const uint8_t *at;

	if (!cursor_take(c, 4, &at))
		return false;
	*value = ntohl(get_u32(at));
	return true;
}

/* "a.b.c.d.HIGH.LOW", "::1.HIGH.LOW" */
static bool port_of(const char *text, unsigned *port_ret)
{
	const char *low = strrchr(text, '.'), *high = low;
	unsigned a, b;
	char rest;

	while (high && high > text && *--high != '.')
		;
	if (!low || *high != '.' || sscanf(high, ".%3u.%3u%c", &a, &b, &rest) != 2 ||
	    a > 255 || b > 255 || !(a | b))
		return false;
	*port_ret = a << 8 | b;
	return true;
}

bool portmap_parse(struct cursor reply, uint32_t xid, unsigned *port_ret, struct err *e)
{
	/* xid, reply, accepted, verifier (flavour, length 0), success */
	const uint32_t want[] = { xid, 1, 0, 0, 0, 0 };
	char text[64];
	uint32_t value = 0;

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		if (!next_word(&reply, &value) || value != want[i])
			return fail(e, EPROTO, "rpcbind: word %zu of its answer is %#x, "
				    "not %#x", i, value, want[i]);
	if (!next_word(&reply, &value) || value > cursor_left(&reply) || value >= sizeof(text))
		return fail(e, EPROTO, "rpcbind: an address of %u bytes, %zu left", value,
			    cursor_left(&reply));
	if (!value)
		return fail(e, ENOENT, "rpcbind: the server does not offer it over TCP");
	memcpy(text, reply.at, value);
	text[value] = '\0';
	return port_of(text, port_ret) ||
	       fail(e, EPROTO, "rpcbind: its answer is no address with a port");
}

struct call {
	int fd;
	double until;
	uint64_t *alive;
};

/* Exactly len bytes, however they come in; false when the time is over first. */
static bool receive(const struct call *c, uint8_t *to, size_t len, struct err *e)
{
	struct pollfd poll_fd = { .fd = c->fd, .events = POLLIN };
	size_t have = 0;

	while (have < len) {
		ssize_t n;

		if (monotonic_seconds() >= c->until)
			return fail(e, ETIMEDOUT, "rpcbind: no answer");
		__atomic_fetch_add(c->alive, 1, __ATOMIC_RELAXED);
		if (poll(&poll_fd, 1, 250) <= 0)
			continue;
		n = recv(c->fd, to + have, len - have, 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n <= 0)
			return fail(e, n ? errno : ECONNRESET, "rpcbind: hung up: %s",
				    n ? strerror(errno) : "end of stream");
		have += n;
	}
	return true;
}

bool portmap_mountd(const struct ipaddr *server, const struct patience *p,
		    unsigned *port_ret, struct err *e)
{
	struct call call = { .until = monotonic_seconds() + p->wait_s, .alive = p->alive };
	uint8_t mark[4], reply[REPLY_MAX];
	cleanup_fd int fd = -1;
	struct words w;
	uint32_t xid = getpid(), len;

	if (!reach_tcp(server, PORTMAP_PORT, p, &fd, e))
		return false;
	call.fd = fd;
	question(&w, xid, server->family == AF_INET ? "tcp" : "tcp6");
	if (send(fd, w.bytes, w.len, MSG_NOSIGNAL) != (ssize_t)w.len)
		return fail(e, errno, "rpcbind: cannot be asked: %s", strerror(errno));
	if (!receive(&call, mark, sizeof(mark), e))
		return false;
	memcpy(&len, mark, 4);
	len = ntohl(len);
	if (!(len & LAST_FRAGMENT) || (len &= ~LAST_FRAGMENT) > sizeof(reply))
		return fail(e, EPROTO, "rpcbind: an answer of %u bytes", len);
	return receive(&call, reply, len, e) &&
	       portmap_parse((struct cursor){ reply, reply + len }, xid, port_ret, e);
}
