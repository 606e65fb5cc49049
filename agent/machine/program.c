/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running a program with three pipes, none of which is ever waited for alone: one that
 * prints before it has read all, or never reads, holds nobody. A keeper sees to it that who
 * reads from us never takes our death for the end of what it reads.
 */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "child.h"

#define TICK_MS 250
#define NO_PROGRAM 127	/* as the shell says it */

/* The pipes of one that runs, and what is still to be written to it. */
struct running {
	struct program *p;
	pid_t pid;
	int in, out, err;
	int unread;		/* where it reads, to see what it has left there */
	pid_t keeper;
	int life;		/* it hears by this that all is well, or that we are gone */
	const char *at;
	size_t left;
	bool is_fed;
	double moved;
};

bool program_next_text(void *ctx, const void **at, size_t *len, struct err *e)
{
	struct program_text *text = ctx;

	(void)e;
	*at = text->at;
	*len = text->len;
	text->len = 0;
	return true;
}

_Noreturn static void become(const struct program *p, int in, int out, int err)
{
	signal(SIGPIPE, SIG_DFL);
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(err, STDERR_FILENO) < 0)
		_exit(NO_PROGRAM);
	if (p->fd == PROGRAM_FD)
		fcntl(PROGRAM_FD, F_SETFD, 0);
	else if (p->fd >= 0 && dup2(p->fd, PROGRAM_FD) < 0)
		_exit(NO_PROGRAM);
	for (size_t i = 0; p->environment && p->environment[i]; i++)
		putenv((char *)p->environment[i]);
	if (!getenv("PATH"))
		putenv((char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin");
	execvp(p->argv[0], (char *const *)p->argv);
	_exit(NO_PROGRAM);
}

/* Pipes whose numbers are none that the program gets. */
static bool make_pipe(int ends[2], struct err *e)
{
	int made[2];

	if (pipe2(made, O_CLOEXEC))
		return fail(e, errno, "no pipe: %s", strerror(errno));
	for (int i = 0; i < 2; i++) {
		ends[i] = fcntl(made[i], F_DUPFD_CLOEXEC, 10);
		close(made[i]);
	}
	return (ends[0] >= 0 && ends[1] >= 0) || fail(e, EMFILE, "no pipe: too many files");
}

/*
 * Holds the other end of what it reads. When we are killed, however that is, the program and
 * all that it has started are killed before that end is closed.
 */
_Noreturn static void keep(const struct running *r, const int life[2])
{
	sigset_t all;
	char byte;
	ssize_t n;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	setsid();
	close(life[1]);
	close(r->out);
	close(r->err);
	while ((n = read(life[0], &byte, 1)) < 0 && errno == EINTR)
		;
	if (n <= 0) {
		kill(-r->pid, SIGKILL);
		kill(r->pid, SIGKILL);
	}
	_exit(0);
}

static bool start_keeper(struct running *r, struct err *e)
{
	int life[2];

	if (!make_pipe(life, e))
		return false;
	r->keeper = child_start();
	if (!r->keeper)
		keep(r, life);
	close(life[0]);
	r->life = life[1];
	return r->keeper > 0 || fail(e, errno, "no process to keep %s", r->p->argv[0]);
}

static bool start(struct running *r, struct err *e)
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 }, err[2] = { -1, -1 };
	bool ok = make_pipe(in, e) && make_pipe(out, e) && make_pipe(err, e);

	if (ok)
		r->pid = child_start_bound();
	if (ok && !r->pid)
		become(r->p, in[0], out[1], err[1]);
	if (ok && r->pid < 0)
		ok = fail(e, errno, "%s: no process for it", r->p->argv[0]);
	close_fd_at_end(&out[1]);
	close_fd_at_end(&err[1]);
	r->unread = in[0];
	r->in = in[1];
	r->out = out[0];
	r->err = err[0];
	if (ok)
		fcntl(r->in, F_SETFL, O_NONBLOCK);
	return ok && start_keeper(r, e);
}

static void close_it(int *fd)
{
	if (*fd >= 0)
		close(take_fd(fd));
}

/* The end of what it reads, which the keeper closes first. */
static void close_in(struct running *r)
{
	if (r->keeper > 0 && write(r->life, "", 1) < 0)
		kill(r->keeper, SIGKILL);
	close_it(&r->life);
	if (r->keeper > 0)
		waitpid(r->keeper, NULL, 0);
	r->keeper = 0;
	close_it(&r->in);
}

/* Writes what it takes now. False: the feed has failed. */
static bool feed(struct running *r, struct err *e)
{
	ssize_t n;

	if (!r->left) {
		const void *at;

		if (!r->p->feed.next(r->p->feed.ctx, &at, &r->left, e))
			return false;
		r->at = at;
		r->is_fed = !r->left;
	}
	n = r->left ? write(r->in, r->at, r->left) : 0;
	if (n > 0) {
		r->at += n;
		r->left -= n;
		r->moved = monotonic_seconds();
	} else if (n < 0 && errno != EAGAIN && errno != EINTR) {
		close_in(r);	/* it does not want all of it */
	}
	if (r->is_fed)
		close_in(r);
	return true;
}

static bool take_out(struct running *r, struct err *e)
{
	struct program *p = r->p;
	char rest[4096];
	bool fits = p->out && p->len + 1 < p->size;
	ssize_t n = read(r->out, fits ? p->out + p->len : rest,
			 fits ? p->size - 1 - p->len : sizeof(rest));

	if (!n)
		close_it(&r->out);
	else if (n > 0)
		r->moved = monotonic_seconds();
	if (n > 0 && p->out && !fits)
		return fail(e, EMSGSIZE, "%s: prints more than %zu bytes", p->argv[0],
			    p->size - 1);
	if (n > 0 && fits)
		p->len += n;
	return true;
}

/* What is left in `said` is the last line that has anything in it, or the first one. */
static void take_said(struct running *r)
{
	char text[512], *said = r->p->said;
	ssize_t n = read(r->err, text, sizeof(text));

	if (!n)
		close_it(&r->err);
	for (ssize_t i = 0; i < n; i++) {
		size_t len = strlen(said);
		bool is_over = len && said[len - 1] == '\n';

		if (is_over && (text[i] == '\n' || r->p->says_first))
			continue;
		len = is_over ? 0 : len;
		if (len < PROGRAM_SAID - 2) {
			said[len] = text[i] == '\n' ? '\n' : printable(text[i]);
			said[len + 1] = '\0';
		} else if (text[i] == '\n') {
			said[len - 1] = '\n';
		}
	}
}

/* What it has not read by then nobody will. */
static bool feed_no_more(struct running *r, struct err *e)
{
	siginfo_t info = { .si_pid = 0 };

	if (r->in < 0 || waitid(P_PID, r->pid, &info, WEXITED | WNOHANG | WNOWAIT) ||
	    !info.si_pid)
		return true;
	if (!r->left && !feed(r, e))
		return false;
	close_in(r);
	return true;
}

static bool tend(struct running *r, struct err *e)
{
	const struct program *p = r->p;

	while (r->in >= 0 || r->out >= 0 || r->err >= 0) {
		struct pollfd fds[] = { { .fd = r->in, .events = POLLOUT },
					{ .fd = r->out, .events = POLLIN },
					{ .fd = r->err, .events = POLLIN } };

		poll(fds, 3, TICK_MS);
		__atomic_fetch_add(p->alive, 1, __ATOMIC_RELAXED);
		if ((fds[0].revents && !feed(r, e)) || !feed_no_more(r, e))
			return false;
		if (fds[1].revents && !take_out(r, e))
			return false;
		if (fds[2].revents)
			take_said(r);
		if (monotonic_seconds() - r->moved > p->stall_s)
			return fail(e, ETIMEDOUT, "%s: nothing has moved for %.0f s",
				    p->argv[0], p->stall_s);
	}
	return true;
}

/* It has closed all that we hear of it, and may go on for a while. */
static bool await(struct running *r, int *status, struct err *e)
{
	pid_t ended;

	while (!(ended = waitpid(r->pid, status, WNOHANG))) {
		__atomic_fetch_add(r->p->alive, 1, __ATOMIC_RELAXED);
		if (monotonic_seconds() - r->moved > r->p->stall_s)
			return fail(e, ETIMEDOUT, "%s: does not end", r->p->argv[0]);
		pause_seconds(0.01);
	}
	if (ended != r->pid)
		return fail(e, errno, "%s: %s", r->p->argv[0], strerror(errno));
	r->pid = 0;
	return true;
}

static bool judge(struct running *r, int status, struct err *e)
{
	struct program *p = r->p;
	int left = 0;

	if (!WIFEXITED(status))
		return fail(e, EIO, "%s: ended by signal %d", p->argv[0], WTERMSIG(status));
	p->status = WEXITSTATUS(status);
	if (p->status == NO_PROGRAM)
		return fail(e, ENOENT, "%s: is not there%s%s", p->argv[0],
			    p->said[0] ? ": " : "", p->said);
	return p->status || (r->is_fed && !ioctl(r->unread, FIONREAD, &left) && !left) ||
	       fail(e, EIO, "%s: has ended without reading all", p->argv[0]);
}

bool program_run(struct program *p, struct err *e)
{
	struct running r = { .p = p, .in = -1, .out = -1, .err = -1, .unread = -1, .life = -1,
			     .moved = monotonic_seconds() };
	void (*before)(int) = signal(SIGPIPE, SIG_IGN);
	int status = 0;
	bool ok;

	p->len = 0;
	p->said[0] = '\0';
	ok = start(&r, e) && tend(&r, e) && await(&r, &status, e);
	if (r.pid > 0) {
		kill(-r.pid, SIGKILL);
		kill(r.pid, SIGKILL);
		waitpid(r.pid, &status, 0);
	}
	close_in(&r);
	close_it(&r.out);
	close_it(&r.err);
	signal(SIGPIPE, before);
	if (p->out)
		p->out[p->len] = '\0';
	p->said[strcspn(p->said, "\n")] = '\0';
	ok = ok && judge(&r, status, e);
	close_it(&r.unread);
	return ok;
}
