/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ssh-keygen, ssh-keyscan and ssh, as anybody would call them. */
#include "ssh_tools.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "targets/remote.h"

#define ED25519 "ssh-ed25519 "

/* What does not fit is read and dropped. */
static void take_output(int fd, char out[SSH_TOOL_TEXT])
{
	size_t len = 0;
	char rest[512];
	ssize_t n;

	while ((n = read(fd, rest, sizeof(rest))) > 0 || (n < 0 && errno == EINTR))
		for (ssize_t i = 0; i < n && len < SSH_TOOL_TEXT - 1; i++)
			out[len++] = rest[i];
	out[len] = '\0';
	while (len && strchr(" \n\r", out[len - 1]))
		out[--len] = '\0';
}

bool ssh_tool_run(const char *const *argv, char out[SSH_TOOL_TEXT], struct err *e)
{
	int ends[2] = { -1, -1 }, status = 0;
	pid_t pid;

	if (out && pipe(ends))
		return fail(e, errno, "%s: no pipe: %s", argv[0], strerror(errno));
	pid = fork();
	if (!pid) {
		if (out)
			dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	if (out) {
		close(ends[1]);
		take_output(ends[0], out);
		close(ends[0]);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid < 0)
		return fail(e, errno, "%s: no process for it", argv[0]);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return fail(e, ENOENT, "%s is not there (OpenSSH's client is needed)", argv[0]);
	return (WIFEXITED(status) && !WEXITSTATUS(status)) ||
	       fail(e, EIO, "%s failed, as it says above", argv[0]);
}

bool ssh_tool_key(const char *path, char pub[SSH_TOOL_TEXT], struct err *e)
{
	const char *const make[] = { "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C",
				     "crashbox", "-f", path, NULL };
	const char *const show[] = { "ssh-keygen", "-y", "-P", "", "-f", path, NULL };

	if (access(path, F_OK) && !ssh_tool_run(make, NULL, e))
		return within(e, "%s", path);
	if (!ssh_tool_run(show, pub, e))
		return within(e, "%s", path);
	return !strncmp(pub, ED25519, strlen(ED25519)) ||
	       fail(e, EINVAL, "%s: no Ed25519 key, which the client in the image needs", path);
}

bool ssh_tool_host_key(const struct remote *server, char key[SSH_TOOL_TEXT], struct err *e)
{
	char port[8], *at;
	const char *const scan[] = { "ssh-keyscan", "-T", "10", "-t", "ed25519", "-p", port,
				     "--", server->host, NULL };

	snprintf(port, sizeof(port), "%u", server->port);
	if (!ssh_tool_run(scan, key, e))
		return false;
	at = strstr(key, ED25519);
	if (!at)
		return fail(e, ENOENT, "%s port %u shows no Ed25519 key (does sshd there have "
			    "one?)", server->host, server->port);
	memmove(key, at, strlen(at) + 1);
	key[strcspn(key, "\n")] = '\0';
	return true;
}

/* A file of that text, which goes with cleanup by the caller. */
static bool temporary(char path[40], const char *text, struct err *e)
{
	cleanup_fd int fd = -1;

	strcpy(path, "/tmp/crashbox-keys-XXXXXX");
	fd = mkstemp(path);
	if (fd < 0)
		return fail(e, errno, "%s: %s", path, strerror(errno));
	return write_all(fd, text, strlen(text), path, e);
}

bool ssh_tool_fingerprint(const char *key, char print[SSH_TOOL_TEXT], struct err *e)
{
	char path[40], text[SSH_TOOL_TEXT + 2], *at;
	const char *const show[] = { "ssh-keygen", "-l", "-f", path, NULL };
	bool ok;

	snprintf(text, sizeof(text), "%s\n", key);
	ok = temporary(path, text, e) && ssh_tool_run(show, print, e);
	unlink(path);
	at = ok ? strstr(print, "SHA256:") : NULL;
	if (!at)
		return ok ? fail(e, EIO, "ssh-keygen tells no SHA256: %s", print) : false;
	memmove(print, at, strlen(at) + 1);
	print[strcspn(print, " ")] = '\0';
	return true;
}

/* For a shell there, and inside of double quotes of authorized_keys: no such letter at all. */
static bool is_plain(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			    "/._+=@ -") == strlen(text) && text[0] != '-';
}

bool ssh_tool_let_in(const struct remote *server, const char *host_key, const char *pub,
		     struct err *e)
{
	char known[SSH_TOOL_TEXT + 200], path[40], option[80], port[8], login[200];
	char script[2 * SSH_TOOL_TEXT];
	const char *const go[] = { "ssh", "-p", port, "-o", option, "-o",
				   "StrictHostKeyChecking=yes", "-o",
				   "HostKeyAlgorithms=ssh-ed25519", "-o",
				   "ClearAllForwardings=yes", "--", login, script, NULL };
	bool ok;

	if (!is_plain(server->path) || !is_plain(pub))
		return fail(e, EINVAL, "%s: a folder with such letters is not put on a server "
			    "from here", server->path);
	snprintf(port, sizeof(port), "%u", server->port);
	snprintf(login, sizeof(login), "%s@%s", server->user, server->host);
	if (server->port == 22)
		snprintf(known, sizeof(known), "%s %s\n", server->host, host_key);
	else
		snprintf(known, sizeof(known), "[%s]:%s %s\n", server->host, port, host_key);
	snprintf(script, sizeof(script),
		 "umask 077 && mkdir -p .ssh '%s' && touch .ssh/authorized_keys && "
		 "{ grep -qF '%s' .ssh/authorized_keys || echo "
		 "'restrict,command=\"internal-sftp -d %s\" %s' >>.ssh/authorized_keys; }",
		 server->path, pub, server->path, pub);
	ok = temporary(path, known, e);
	snprintf(option, sizeof(option), "UserKnownHostsFile=%s", path);
	ok = ok && ssh_tool_run(go, NULL, e);
	unlink(path);
	return ok;
}
