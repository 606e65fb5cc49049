/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starting the SSH client. The pinned keys stand in a list of known hosts under one name
 * that stands for whatever address the server has. The client runs as a user of its own
 * where there is a folder for its files that is hidden from everybody, else as who we
 * are.
 */
#include "sshclient.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"

#define PIPE_LEN (1 << 20)
#define MEMORY_MAX (64u << 20)	/* address space; it uses 3 MiB */
#define PROGRAM_FD 10	/* where the child keeps it until it is that */
#define STOP_WAIT_S 2.0
#define HOST_ALIAS "crashbox-target"

/* ---- the child -------------------------------------------------------------- */

struct pipes {
	int in[2], out[2], err[2];
};

_Noreturn static void give_up(const char *what)
{
	dprintf(STDERR_FILENO, "cannot %s: %s\n", what, strerror(errno));
	_exit(127);
}

static void limit(int what, rlim_t value)
{
	const struct rlimit r = { value, value };

	setrlimit(what, &r);
}

/* From root to that user, for good; who has no folder to hide a key in stays what he is. */
static void drop_privileges(bool hidden, unsigned uid)
{
	if (hidden && (setgroups(0, NULL) || setresgid(uid, uid, uid) ||
		       setresuid(uid, uid, uid)))
		give_up("drop privileges");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		give_up("forbid new privileges");
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_NPROC, 0);
	limit(RLIMIT_AS, MEMORY_MAX);
}

/* What the child is to be. */
struct start {
	const struct ssh_login *login;
	const char *const *argv;
	int program_fd, dir_fd;
	struct pipes pipes;
	pid_t parent;
};

/* By its fd, because the path may lead through folders that are closed to its user. */
_Noreturn static void become_client(const struct start *s)
{
	char *const environment[] = { NULL };
	bool hidden = s->dir_fd >= 0;
	sigset_t none;
	int program_fd;

	if (hidden)
		sshfiles_know_user(s->login->passwd);
	if (hidden && fchdir(s->dir_fd))
		give_up("enter its folder");
	dup2(s->pipes.in[0], STDIN_FILENO);
	dup2(s->pipes.out[1], STDOUT_FILENO);
	dup2(s->pipes.err[1], STDERR_FILENO);
	program_fd = dup3(s->program_fd, PROGRAM_FD, O_CLOEXEC);
	if (syscall(SYS_close_range, PROGRAM_FD + 1u, ~0u, 0u))
		for (int fd = PROGRAM_FD + 1; fd < 1024; fd++)
			close(fd);
	/* No terminal, so there is nobody who could be asked. */
	setsid();
	drop_privileges(hidden, s->login->uid);
	/* A change of user takes this back, so it comes after it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != s->parent)
		_exit(127);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	syscall(SYS_execveat, program_fd, "", s->argv, environment, AT_EMPTY_PATH);
	give_up(s->argv[0]);
}

/* Above the fds that the client gets, so that none of them lands on it. */
static int open_program(const struct sshfiles *files, const char *path)
{
	cleanup_fd int fd = sshfiles_program(files, path);

	return fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, PROGRAM_FD + 1);
}

static void close_pipe(int fds[2])
{
	for (int i = 0; i < 2; i++)
		if (fds[i] >= 0)
			close(take_fd(&fds[i]));
}

static bool run(struct sshclient *c, const struct ssh_login *login,
		const char *const argv[], struct err *e)
{
	cleanup_fd int program_fd = open_program(&c->files, argv[0]);
	struct start s = { login, argv, program_fd, c->files.dir_fd,
			   { { -1, -1 }, { -1, -1 }, { -1, -1 } }, getpid() };
	struct pipes *p = &s.pipes;

	if (program_fd < 0)
		return fail(e, errno, "no SSH client: %s: %s", argv[0], strerror(errno));
	if (pipe2(p->in, O_CLOEXEC) || pipe2(p->out, O_CLOEXEC) || pipe2(p->err, O_CLOEXEC) ||
	    (c->pid = fork()) < 0) {
		fail(e, errno, "cannot start %s: %s", argv[0], strerror(errno));
		close_pipe(p->in);
		close_pipe(p->out);
		close_pipe(p->err);
		return false;
	}
	if (!c->pid)
		become_client(&s);
	/* Room for what is packed while the client encrypts. */
	fcntl(p->in[1], F_SETPIPE_SZ, PIPE_LEN);
	fcntl(p->out[0], F_SETPIPE_SZ, PIPE_LEN);
	c->to_fd = take_fd(&p->in[1]);
	c->from_fd = take_fd(&p->out[0]);
	c->err_fd = take_fd(&p->err[0]);
	close_pipe(p->in);
	close_pipe(p->out);
	close_pipe(p->err);
	return true;
}

/* ---- start and stop --------------------------------------------------------- */

/*
 * The first value that OpenSSH meets counts, and -F none keeps every file out. Ed25519 is
 * the one type of key that the client knows when it is built without OpenSSL.
 */
static bool start(struct sshclient *c, const struct ssh_login *login, struct err *e)
{
	char pinned[SSH_MAX_HOST_KEYS * (SSH_HOST_KEY_MAX + 24)] = "";
	const struct sshfiles_want want = { login->key_file, pinned, login->uid };
	char known_hosts[128], port[16], timeout[48];
	size_t len = 0;
	const char *const argv[] = {
		login->program, "-F", "none", known_hosts,
		"-oGlobalKnownHostsFile=none", "-oHostKeyAlias=" HOST_ALIAS,
		"-oStrictHostKeyChecking=yes", "-oHostKeyAlgorithms=ssh-ed25519",
		"-oUpdateHostKeys=no", "-oVerifyHostKeyDNS=no", "-oCheckHostIP=no",
		"-oBatchMode=yes", "-oIdentityAgent=none", "-oIdentitiesOnly=yes",
		"-oPreferredAuthentications=publickey", "-oPubkeyAuthentication=yes",
		"-oPasswordAuthentication=no", "-oKbdInteractiveAuthentication=no",
		"-oForwardAgent=no", "-oForwardX11=no", "-oClearAllForwardings=yes",
		"-oPermitLocalCommand=no", "-oProxyCommand=none", "-oControlPath=none",
		"-oEscapeChar=none", "-oRequestTTY=no", "-oCompression=no",
		"-oCanonicalizeHostname=no", "-oTCPKeepAlive=yes",
		"-oServerAliveInterval=5", "-oServerAliveCountMax=3", timeout,
		"-oConnectionAttempts=1", "-oLogLevel=INFO",
		"-i", c->files.key, "-p", port, "-l", login->user, "-s", "--",
		login->host, "sftp", NULL,
	};

	if (!login->key_file[0] || !login->n_host_keys)
		return fail(e, EINVAL, "no %s is given", login->n_host_keys ? "ssh_key"
									    : "ssh_host_key");
	snprintf(port, sizeof(port), "%u", login->port);
	snprintf(timeout, sizeof(timeout), "-oConnectTimeout=%u", login->connect_s);
	for (unsigned i = 0; i < login->n_host_keys && i < SSH_MAX_HOST_KEYS; i++)
		len += snprintf(pinned + len, sizeof(pinned) - len, HOST_ALIAS " %s\n",
				login->host_keys[i]);
	if (!sshfiles_make(&c->files, &want, e))
		return false;
	snprintf(known_hosts, sizeof(known_hosts), "-oUserKnownHostsFile=%s", c->files.list);
	return run(c, login, argv, e);
}

bool sshclient_start(struct sshclient *c, const struct ssh_login *login, struct err *e)
{
	*c = SSHCLIENT_NONE;
	/* It may end at any moment, and that must be an error to us and no more. */
	signal(SIGPIPE, SIG_IGN);
	if (start(c, login, e))
		return true;
	sshfiles_drop(&c->files);
	return false;
}

void sshclient_logged_in(struct sshclient *c)
{
	sshfiles_drop(&c->files);
}

static void reap(pid_t pid, bool at_once)
{
	double until = monotonic_seconds() + (at_once ? 0 : STOP_WAIT_S);
	bool killed = false;

	while (waitpid(pid, NULL, WNOHANG) == 0) {
		if (monotonic_seconds() >= until) {
			if (killed)
				return;	/* stuck in the kernel: not for us to wait */
			kill(pid, SIGKILL);
			killed = true;
			until = monotonic_seconds() + STOP_WAIT_S;
		}
		pause_seconds(0.01);
	}
}

void sshclient_stop(struct sshclient *c, bool at_once)
{
	int *const fds[] = { &c->to_fd, &c->from_fd, &c->err_fd };

	for (size_t i = 0; i < 3; i++)
		if (*fds[i] >= 0)
			close(take_fd(fds[i]));
	if (c->pid > 0)
		reap(c->pid, at_once);
	c->pid = -1;
	sshfiles_drop(&c->files);
}
