/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QEMU's machine protocol: objects of JSON, each on a line. */
#include "qmp.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "tool.h"

#define GREETING_S 10.0
#define LOOK_S 0.25		/* for a signal */

void qmp_close(struct qmp *q)
{
	if (q->fd >= 0)
		close(q->fd);
	q->fd = -1;
}

/* More bytes, or what is wrong. */
static bool take_more(struct qmp *q, double until, struct err *e)
{
	double left = until - monotonic_seconds();
	struct pollfd fd = { .fd = q->fd, .events = POLLIN };
	double step = left < LOOK_S ? left : LOOK_S;
	ssize_t n;
	int came;

	if (q->len == sizeof(q->text))
		return fail(e, EPROTO, "QEMU's answer is longer than %u bytes", QMP_LINE);
	if (left <= 0)
		return fail(e, ETIMEDOUT, "QEMU does not answer");
	came = poll(&fd, 1, step * 1000 + 1);
	if (tool_is_stopped())
		return fail(e, EINTR, "stopped by a signal");
	if (!came)
		return true;
	n = read(q->fd, q->text + q->len, sizeof(q->text) - q->len);
	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0)
		return fail(e, EPIPE, "QEMU has hung up");
	q->len += n;
	return true;
}

/* The next line as a value; what was taken before it is gone then. */
static bool next_value(struct qmp *q, double until, struct json_value *v, struct err *e)
{
	char *end;

	memmove(q->text, q->text + q->taken, q->len - q->taken);
	q->len -= q->taken;
	q->taken = 0;
	while (!(end = memchr(q->text, '\n', q->len)))
		if (!take_more(q, until, e))
			return false;
	q->taken = end + 1 - q->text;
	return json_read(v, q->text, q->taken, e) || within(e, "QEMU's answer");
}

static void take_event(struct qmp *q, const struct json_value *v)
{
	char name[16];

	json_text(v, "event", name, sizeof(name));
	if (!strcmp(name, "SHUTDOWN"))
		json_text(v, "data.reason", q->shutdown, sizeof(q->shutdown));
}

bool qmp_do(struct qmp *q, const char *command, const char *arguments, double seconds,
	    struct json_value *answer, struct err *e)
{
	double until = monotonic_seconds() + seconds;
	struct json_value v, is, error;
	char line[1024], why[160];
	int len = snprintf(line, sizeof(line), "{\"execute\": \"%s\"%s%s}\n", command,
			   arguments ? ", \"arguments\": " : "", arguments ? arguments : "");

	if (q->fd < 0)
		return fail(e, ENOTCONN, "%s: QEMU is not connected", command);
	if (len >= (int)sizeof(line))
		return fail(e, E2BIG, "%s: its arguments are too long", command);
	if (send(q->fd, line, len, MSG_NOSIGNAL) != len)
		return fail(e, EPIPE, "%s: QEMU has hung up", command);
	do {
		if (!next_value(q, until, &v, e))
			return within(e, "%s", command);
		take_event(q, &v);
	} while (!json_find(&v, "return", &is) && !json_find(&v, "error", &error));
	if (json_find(&v, "error", &error)) {
		json_text(&error, "desc", why, sizeof(why));
		return fail(e, EREMOTEIO, "%s: QEMU says: %s", command, why);
	}
	if (answer)
		*answer = is;
	return true;
}

bool qmp_greet(struct qmp *q, int fd, struct err *e)
{
	struct json_value v, is;

	q->fd = fd;
	q->len = q->taken = 0;
	if (next_value(q, monotonic_seconds() + GREETING_S, &v, e) &&
	    (json_find(&v, "QMP", &is) || fail(e, EPROTO, "this is not QEMU")) &&
	    qmp_do(q, "qmp_capabilities", NULL, GREETING_S, NULL, e))
		return true;
	qmp_close(q);
	return false;
}

bool qmp_open(struct qmp *q, const char *path, struct err *e)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(at.sun_path))
		return fail(e, ENAMETOOLONG, "%s: too long for a socket", path);
	strcpy(at.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fail(e, errno, "no socket: %s", strerror(errno));
	if (connect(fd, (struct sockaddr *)&at, sizeof(at))) {
		fail(e, errno, "%s: %s", path, strerror(errno));
		close(fd);
		return false;
	}
	return qmp_greet(q, fd, e);
}
