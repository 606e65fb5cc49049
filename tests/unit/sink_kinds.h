/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kinds of sinks and stores that a unit program can have: a row each of how they are
 * opened, on paths of this machine. The server is OpenSSH's, spoken to over a socket pair.
 */
#ifndef UNIT_SINK_KINDS_H
#define UNIT_SINK_KINDS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "t.h"
#include "targets/sftp.h"
#include "targets/sink.h"
#include "targets/sink_dir.h"
#include "targets/sink_sftp.h"
#include "targets/store.h"
#include "targets/store_dir.h"
#include "targets/store_sftp.h"

#define SFTP_SERVER "/usr/lib/openssh/sftp-server"
#define STALL_S 60

static uint64_t durable;

/* ---- a folder --------------------------------------------------------------- */

static bool dir_begin(void)
{
	return true;
}

static bool dir_open(struct sink *s, const char *path, struct err *e)
{
	return sink_dir_open(s, &(struct sink_folder){ NULL, path, &durable }, e);
}

static bool dir_new(struct sink *s, const char *parent, const char *name, char *made,
		    struct err *e)
{
	return sink_dir_new(s, &(struct sink_folder){ NULL, parent, &durable }, name, made, e);
}

static bool dir_store(struct store *s, const char *path, struct err *e)
{
	return store_dir_open(s, NULL, path, e);
}

static void dir_end(void)
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
	sftp_init(&server, server_fd, server_fd, -1, "test", STALL_S, &durable);
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
	{ "dir", dir_begin, dir_open, dir_new, dir_store, dir_end },
	{ "sftp", sftp_begin, sftp_sink, sftp_new, sftp_store, sftp_end },
};

#endif
