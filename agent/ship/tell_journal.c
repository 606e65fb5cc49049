/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tell journal: a record with fields, by the journal's own protocol: a datagram of lines. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "tell.h"

#define SOCKET "/run/systemd/journal/socket"
#define MESSAGE_ID "b5a1f5ed6d4e4c2b9a41e8c3c0a7d19f"	/* ours, for who looks for them */

static bool crash(const struct tell_to *to, const char *rest, const struct tell_crash *c,
		  struct err *e)
{
	cleanup_fd int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	char text[4096];
	int len;

	(void)rest;
	len = snprintf(text, sizeof(text),
		       "MESSAGE=%s has crashed: %s (%s)\nMESSAGE_ID=" MESSAGE_ID "\n"
		       "PRIORITY=2\nSYSLOG_IDENTIFIER=crashbox\nCRASHBOX_HOST=%s\n"
		       "CRASHBOX_KERNEL=%s\nCRASHBOX_SIGNATURE=%s\nCRASHBOX_TITLE=%s\n"
		       "CRASHBOX_PATH=%s\n"
		       "CRASHBOX_TIME=%s\nCRASHBOX_STATE=%s\n", c->host,
		       c->title[0] ? c->title : c->panic, c->where, c->host, c->kernel,
		       c->signature, c->title, c->where, c->time, c->state);
	if (snprintf(at.sun_path, sizeof(at.sun_path), "%s" SOCKET, to->root) >=
	    (int)sizeof(at.sun_path) || len >= (int)sizeof(text))
		return fail(e, ENAMETOOLONG, "%s" SOCKET ": too long", to->root);
	return (fd >= 0 && sendto(fd, text, len, MSG_NOSIGNAL | MSG_DONTWAIT,
				  (struct sockaddr *)&at, sizeof(at)) == len) ||
	       fail(e, errno, "%s: %s", at.sun_path, strerror(errno));
}

const struct tell_way tell_journal = { .name = "journal", .crash = crash };
