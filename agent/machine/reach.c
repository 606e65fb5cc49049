/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP connections with a limit in time. A non-blocking connect and poll(2); nothing in
 * here can wait for longer than asked.
 */
#include "reach.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "netaddr.h"

static socklen_t sockaddr_of(const struct ipaddr *ip, unsigned port,
			     struct sockaddr_storage *to)
{
	struct sockaddr_in *in = (struct sockaddr_in *)to;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)to;

	memset(to, 0, sizeof(*to));
	to->ss_family = ip->family;
	if (ip->family == AF_INET) {
		memcpy(&in->sin_addr, ip->bytes, sizeof(in->sin_addr));
		in->sin_port = htons(port);
		return sizeof(*in);
	}
	memcpy(&in6->sin6_addr, ip->bytes, sizeof(in6->sin6_addr));
	in6->sin6_port = htons(port);
	return sizeof(*in6);
}

/* Until the connection stands, or is refused, or the time is over; 0 or an errno. */
static int await(int fd, const struct patience *p)
{
	double until = monotonic_seconds() + p->wait_s;
	struct pollfd poll_fd = { .fd = fd, .events = POLLOUT };
	socklen_t len = sizeof(int);
	int code;

	while (!poll(&poll_fd, 1, 250)) {
		if (monotonic_seconds() >= until)
			return ETIMEDOUT;
		__atomic_fetch_add(p->alive, 1, __ATOMIC_RELAXED);
	}
	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &len) ? errno : code;
}

bool reach_tcp(const struct ipaddr *ip, unsigned port, const struct patience *p, int *fd_ret,
	       struct err *e)
{
	struct sockaddr_storage to;
	socklen_t len = sockaddr_of(ip, port, &to);
	cleanup_fd int fd = socket(ip->family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	char text[IP_TEXT];
	int code = 0;

	ip_format(ip, text);
	if (fd < 0)
		return fail(e, errno, "%s: no socket: %s", text, strerror(errno));
	if (connect(fd, (struct sockaddr *)&to, len))
		code = errno == EINPROGRESS ? await(fd, p) : errno;
	if (code == ETIMEDOUT)
		return fail(e, code, "%s port %u: no answer in %.0f s", text, port,
			    p->wait_s);
	if (code)
		return fail(e, code, "%s port %u: %s", text, port, strerror(code));
	if (fd_ret)
		*fd_ret = take_fd(&fd);
	return true;
}

bool reach_datagram(const struct ipaddr *ip, unsigned port, const void *data, size_t len,
		    struct err *e)
{
	struct sockaddr_storage to;
	socklen_t to_len = sockaddr_of(ip, port, &to);
	cleanup_fd int fd = socket(ip->family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	char ip_text[IP_TEXT];

	if (fd >= 0 && sendto(fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL,
			      (struct sockaddr *)&to, to_len) >= 0)
		return true;
	return fail(e, errno, "%s port %u: %s", ip_format(ip, ip_text), port, strerror(errno));
}
