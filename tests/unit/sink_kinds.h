/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kinds of sinks and stores that a unit program can have: a row each of how they are
 * opened, on paths of this machine. A target that is mounted, or a folder, is opened by its
 * kind's row; the server is OpenSSH's, spoken to over a socket pair.
 */
#ifndef UNIT_SINK_KINDS_H
#define UNIT_SINK_KINDS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "t.h"
#include "targets/sftp.h"
#include "targets/sink.h"
#include "targets/sink_sftp.h"
#include "targets/store.h"
#include "targets/store_sftp.h"
#include "targets/target.h"
#include "targets/target_kinds.h"

#define SFTP_SERVER "/usr/lib/openssh/sftp-server"
#define STALL_S 60

static uint64_t durable;

/* ---- a target, by its words and the row of its kind ------------------------- */

/* Paths of this machine are those of the target, below where it is mounted if it is. */
static struct target reached;
static uint64_t steps;
static struct target_access by_words = { .to_write = true, .stall_s = STALL_S, .alive = &steps,
					 .durable = &durable };

static bool target_begin(void)
{
	return true;	/* main() has reached it, to know where it is */
}

static bool target_sink_open(struct sink *s, const char *path, struct err *e)
{
	char made[SINK_WHERE_MAX];
	const struct crash_folder folder = { "an earlier one", made };
	struct target t = reached;
	bool ok;

	snprintf(made, sizeof(made), "%s", path);
	ok = t.kind->sink(&t, &folder, e);
	*s = t.sink;
	return ok;
}

static struct target with_path(const char *path)
{
	struct target t = reached;

	snprintf(t.path, sizeof(t.path), "%s", path + strlen(t.root));
	return t;
}

static bool target_sink_new(struct sink *s, const char *parent, const char *name, char *made,
			    struct err *e)
{
	const struct crash_folder folder = { name, made };
	struct target t = with_path(parent);
	bool ok;

	made[0] = '\0';
	ok = t.kind->sink(&t, &folder, e);
	*s = t.sink;
	return ok;
}

static bool target_store_of(struct store *s, const char *path, struct err *e)
{
	const struct target t = with_path(path);

	return target_store(&t, s, e);
}

static void target_end(void)
{
}

/* ---- a server --------------------------------------------------------------- */

static struct sftp server;
static struct sftp_ahead ahead = { .sftp = &server };
static pid_t server_pid;
static int server_fd;

static bool sftp_begin(void)
{
	int fds[2];
	struct err e;

	if (access(SFTP_SERVER, X_OK)) {
		printf("sftp is not tried: no %s (Debian: openssh-sftp-server)\n",
		       SFTP_SERVER);
		return false;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		abort();
	server_pid = fork();
	if (!server_pid) {
		dup2(fds[1], 0);
		dup2(fds[1], 1);
		execl(SFTP_SERVER, SFTP_SERVER, (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	server_fd = fds[0];
	sftp_init(&server, &(struct sftp_carrier){ server_fd, server_fd, -1, "test" },
		  STALL_S, &durable);
	return T_CHECK("the server greets", sftp_hello(&server, &e));
}

static bool sftp_sink(struct sink *s, const char *path, struct err *e)
{
	return sink_sftp_open(s, &ahead, path, e);
}

static bool sftp_new(struct sink *s, const char *parent, const char *name, char *made,
		     struct err *e)
{
	return sink_sftp_new(s, &ahead, parent, name, made, e);
}

static bool sftp_store(struct store *s, const char *path, struct err *e)
{
	(void)e;
	store_sftp_open(s, &server, path);
	return true;
}

static void sftp_end(void)
{
	int status;

	close(server_fd);
	T_CHECK("the server ends", waitpid(server_pid, &status, 0) == server_pid && !status);
}

static const struct kind {
	const char *name;
	bool (*begin)(void);	/* false: it cannot be tried here */
	bool (*open)(struct sink *s, const char *path, struct err *e);
	bool (*new)(struct sink *s, const char *parent, const char *name, char *made,
		    struct err *e);
	bool (*store)(struct store *s, const char *path, struct err *e);
	void (*end)(void);
} kinds[] = {
	{ "target", target_begin, target_sink_open, target_sink_new, target_store_of,
	  target_end },
	{ "sftp", sftp_begin, sftp_sink, sftp_new, sftp_store, sftp_end },
};

#endif
