/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of netlink. The kernel works on a request inside of our sendmsg(), so its
 * answer is there at once when that returns; the time-out of the receiving side is for
 * the case that it is not.
 */
#include "netlink.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"

#define ANSWER_S 5
#define LIMIT_S 10.0	/* for a whole table */
#define BUFFER 32768	/* the kernel's own limit for one piece of a dump */

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

bool netlink_open(struct netlink *nl, struct err *e)
{
	struct sockaddr_nl us = { .nl_family = AF_NETLINK };
	struct timeval wait = { .tv_sec = ANSWER_S };
	int on = 1;

	nl->seq = 0;
	nl->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (nl->fd < 0)
		return fail(e, errno, "no netlink socket: %s", strerror(errno));
	/* Reasons in words, where the kernel has them; not worth an error. */
	setsockopt(nl->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(nl->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	if (bind(nl->fd, (struct sockaddr *)&us, sizeof(us)) ||
	    setsockopt(nl->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait))) {
		fail(e, errno, "netlink socket: %s", strerror(errno));
		netlink_close(nl);
		return false;
	}
	return true;
}

void netlink_close(struct netlink *nl)
{
	if (nl->fd >= 0)
		close(nl->fd);
	nl->fd = -1;
}

/* ---- messages out ----------------------------------------------------------- */

static void *grow(struct nl_msg *m, size_t len)
{
	size_t at = NLMSG_ALIGN(m->head.nlmsg_len);

	if (len > sizeof(m->bytes) - at || m->too_long) {
		m->too_long = true;
		return NULL;
	}
	m->head.nlmsg_len = at + len;
	return m->bytes + at;
}

void nl_begin(struct nl_msg *m, uint16_t type, uint16_t flags, const void *body, size_t len)
{
	void *to;

	memset(m, 0, sizeof(*m));
	m->head = (struct nlmsghdr){ .nlmsg_len = sizeof(m->head), .nlmsg_type = type,
				     .nlmsg_flags = NLM_F_REQUEST | flags };
	to = grow(m, len);
	if (to)
		memcpy(to, body, len);
}

void nl_put(struct nl_msg *m, uint16_t type, const void *data, size_t len)
{
	struct nlattr *attr = grow(m, NLA_HDRLEN + len);

	if (!attr)
		return;
	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	if (len)
		memcpy((uint8_t *)attr + NLA_HDRLEN, data, len);
}

void nl_put_u32(struct nl_msg *m, uint16_t type, uint32_t value)
{
	nl_put(m, type, &value, sizeof(value));
}

void nl_put_text(struct nl_msg *m, uint16_t type, const char *text)
{
	nl_put(m, type, text, strlen(text) + 1);
}

size_t nl_nest_begin(struct nl_msg *m, uint16_t type)
{
	size_t nest = NLMSG_ALIGN(m->head.nlmsg_len);

	nl_put(m, type | NLA_F_NESTED, NULL, 0);
	return nest;
}

void nl_nest_end(struct nl_msg *m, size_t nest)
{
	if (!m->too_long)
		((struct nlattr *)(m->bytes + nest))->nla_len = m->head.nlmsg_len - nest;
}

/* ---- messages in ------------------------------------------------------------ */

struct nl_bytes nl_attributes(const struct nlmsghdr *h, size_t body_len)
{
	size_t skip = NLMSG_HDRLEN + NLMSG_ALIGN(body_len);

	if (h->nlmsg_len < skip)
		return (struct nl_bytes){ NULL, 0 };
	return (struct nl_bytes){ (const uint8_t *)h + skip, h->nlmsg_len - skip };
}

struct nl_bytes nl_find(struct nl_bytes in, uint16_t type, size_t min_len)
{
	while (in.len >= NLA_HDRLEN) {
		struct nlattr attr;
		size_t step;

		memcpy(&attr, in.at, sizeof(attr));
		if (attr.nla_len < NLA_HDRLEN || attr.nla_len > in.len)
			break;
		if ((attr.nla_type & NLA_TYPE_MASK) == type &&
		    attr.nla_len >= NLA_HDRLEN + min_len)
			return (struct nl_bytes){ in.at + NLA_HDRLEN,
						  attr.nla_len - NLA_HDRLEN };
		step = min_u64(NLA_ALIGN(attr.nla_len), in.len);
		in.at += step;
		in.len -= step;
	}
	return (struct nl_bytes){ NULL, 0 };
}

uint32_t nl_u32(struct nl_bytes in, uint16_t type)
{
	struct nl_bytes value = nl_find(in, type, 4);

	return value.at ? get_u32(value.at) : 0;
}

/* A refusal: errno's number, and the kernel's own words if it has any. */
static bool refused(const struct nlmsghdr *h, int code, struct err *e)
{
	struct nl_bytes text = { NULL, 0 };

	if (h->nlmsg_flags & NLM_F_ACK_TLVS)
		text = nl_find(nl_attributes(h, sizeof(struct nlmsgerr)), NLMSGERR_ATTR_MSG, 1);
	if (text.at)
		return fail(e, code, "%s (%.*s)", strerror(code),
			    (int)strnlen((const char *)text.at, min_u64(text.len, 120)),
			    (const char *)text.at);
	return fail(e, code, "%s", strerror(code));
}

static bool send_msg(struct netlink *nl, struct nl_msg *m, struct err *e)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	if (m->too_long)
		return fail(e, EMSGSIZE, "netlink message of more than %zu bytes",
			    sizeof(m->bytes));
	m->head.nlmsg_seq = ++nl->seq;
	if (sendto(nl->fd, m->bytes, m->head.nlmsg_len, 0, (struct sockaddr *)&kernel,
		   sizeof(kernel)) < 0)
		return fail(e, errno, "netlink: cannot send: %s", strerror(errno));
	return true;
}

/* One datagram. Its length is an int, as NLMSG_NEXT() may take it below zero. */
static bool receive(struct netlink *nl, uint8_t *buf, int *len, struct err *e)
{
	ssize_t n;

	do
		n = recv(nl->fd, buf, BUFFER, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fail(e, errno == EAGAIN ? ETIMEDOUT : errno, "netlink: %s",
			    errno == EAGAIN ? "the kernel does not answer" : strerror(errno));
	*len = n;
	return true;
}

static bool error_of(const struct nlmsghdr *h, struct err *e)
{
	struct nlmsgerr answer;

	if (h->nlmsg_len < NLMSG_HDRLEN + sizeof(answer.error))
		return fail(e, EIO, "netlink: an answer of %u bytes", h->nlmsg_len);
	memcpy(&answer.error, NLMSG_DATA(h), sizeof(answer.error));
	return !answer.error || refused(h, -answer.error, e);
}

/* Until the kernel has said yes, no, or that this was all. */
static bool exchange(struct netlink *nl, struct nl_msg *m, const struct nl_reader *reader,
		     struct err *e)
{
	double until = monotonic_seconds() + LIMIT_S;
	_Alignas(NLMSG_ALIGNTO) uint8_t buf[BUFFER];
	int len;

	if (!send_msg(nl, m, e))
		return false;
	while (monotonic_seconds() < until) {
		const struct nlmsghdr *h = (const void *)buf;

		if (!receive(nl, buf, &len, e))
			return false;
		for (; NLMSG_OK(h, len); h = NLMSG_NEXT(h, len)) {
			if (h->nlmsg_seq != nl->seq)
				continue;
			if (h->nlmsg_type == NLMSG_DONE)
				return true;
			if (h->nlmsg_type == NLMSG_ERROR)
				return error_of(h, e);
			if (reader && h->nlmsg_type == reader->want)
				reader->each(h, reader->arg);
		}
	}
	return fail(e, ETIMEDOUT, "netlink: no end of the answer in %.0f s", LIMIT_S);
}

bool netlink_request(struct netlink *nl, struct nl_msg *m, struct err *e)
{
	return netlink_ask(nl, m, NULL, e);
}

bool netlink_ask(struct netlink *nl, struct nl_msg *m, const struct nl_reader *reader,
		 struct err *e)
{
	m->head.nlmsg_flags |= NLM_F_ACK;
	return exchange(nl, m, reader, e);
}

bool netlink_dump(struct netlink *nl, struct nl_msg *m, const struct nl_reader *reader,
		  struct err *e)
{
	m->head.nlmsg_flags |= NLM_F_DUMP;
	return exchange(nl, m, reader, e);
}
