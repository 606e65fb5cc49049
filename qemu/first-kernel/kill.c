/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals, and who sends them. Before the crash the kernel itself tells what its trace has,
 * a line "note trace LINE" on the channel for each of its lines.
 *	fk.trace=signals   have the events of signals in the trace
 *	fk.trace=all	   and those of processes that are born, run a program, end
 *	fk.trace=load	   load once more, with --trace-signals; unload takes its ring away;
 *			   once more, and that ring is read
 *	fk.audit=yes	   have kill(2) audited, with no auditd there; audit=1 keeps the records
 *	fk.noise=N	   send N signals that nobody minds first, through a small ring
 *	fk.kill=init	   nightly.sh, which stays, sends SIGTERM to init, which ends, status 5
 *	fk.kill=daemon	   nightly.sh, which is gone then, has pkill send SIGKILL to lab_daemon
 * The programs are this one, by other names.
 */
#define _GNU_SOURCE
#include "fk.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRACE "/sys/kernel/tracing/"
#define LOADS TRACE "instances/crashbox/"
#define LINES 160

/* ---- the programs ------------------------------------------------------------------ */

static void run(const char *name, const char *signal, const char *pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/tmp/%s", name);
	symlink("/proc/1/exe", path);
	if (fork())
		return;
	execl(path, name, signal, pid, NULL);
	_exit(1);
}

bool kill_program(int argc, char **argv)
{
	if (argc != 3)
		return false;
	if (!strcmp(argv[0], "lab_daemon"))
		sleep(600);
	else if (!strcmp(argv[0], "nightly.sh") && atoi(argv[2]) != 1)
		run("pkill", argv[1], argv[2]);
	else if (!strcmp(argv[0], "nightly.sh") || !strcmp(argv[0], "pkill"))
		kill(atoi(argv[2]), atoi(argv[1]));
	else
		return false;
	if (atoi(argv[2]) == 1)
		sleep(600);
	return true;
}

/* ---- the trace ----------------------------------------------------------------------- */

static void enable(const char *event)
{
	char path[96];

	snprintf(path, sizeof(path), TRACE "events/%s/enable", event);
	if (!write_text(path, "1"))
		report_and_stop("%s: %s", path, strerror(errno));
}

/* It takes the ring away, and the capture kernel. */
static void unload(void)
{
	const char *argv[] = { "crashbox", "unload", NULL };
	int status = run_crashbox(argv);

	if (status || !access(LOADS, F_OK))
		report_and_stop("crashbox unload: status 0x%x, or the ring is left", status);
}

static void load_tracing(void)
{
	static char append[2048];
	const char *argv[] = { "crashbox", "load", "--kernel", "/capture/vmlinuz", "--initrd",
			       "/capture/initrd", "--append", append, "--trace-signals", NULL };
	int status;

	read_text("/capture/append", append, sizeof(append));
	append[strcspn(append, "\n")] = '\0';
	status = run_crashbox(argv);
	if (status || access(LOADS "trace", F_OK))
		report_and_stop("crashbox load --trace-signals failed, status 0x%x", status);
}

static void load_again(void)
{
	load_tracing();
	unload();
	load_tracing();
}

static void arm_trace(const char *what)
{
	if (!strcmp(what, "load")) {
		load_again();
		return;
	}
	mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, "");
	if (setting("noise") && !write_text(TRACE "buffer_size_kb", "64"))
		report_and_stop(TRACE "buffer_size_kb: %s", strerror(errno));
	enable("signal/signal_generate");
	enable("signal/signal_deliver");
	if (strcmp(what, "all"))
		return;
	enable("sched/sched_process_fork");
	enable("sched/sched_process_exec");
	enable("sched/sched_process_exit");
}

/* The newest lines, as the last ones are who killed whom. */
static void tell_trace(void)
{
	static char text[4 << 20];
	const char *path = access(LOADS "trace", F_OK) ? TRACE "trace" : LOADS "trace";
	size_t len = read_text(path, text, sizeof(text));
	const char *sum = strstr(text, "# entries-in-buffer");
	unsigned n = 0;

	if (sum)
		tell("note trace %.*s", (int)strcspn(sum, "\n"), sum);
	while (len && n < LINES)
		n += text[--len] == '\n';
	for (char *rest = text + len, *line; (line = strsep(&rest, "\n")); )
		if (*line && *line != '#')
			tell("note trace %s", line);
}

/* ---- audit --------------------------------------------------------------------------- */

/* Linux include/uapi/linux/audit.h and netlink.h: a rule of no more than system calls. */
struct audit_ask {
	struct {
		uint32_t len;
		uint16_t type, flags;
		uint32_t serial, port;
	} head;
	uint32_t flags, action, n_fields, mask[64], rest[3 * 64], text_len;
};

enum { NETLINK_AUDIT_ = 9, AUDIT_ADD_RULE_ = 1011, REQUEST = 1, AT_EXIT = 4, ALWAYS = 2 };

static void audit_kill(void)
{
	struct audit_ask ask = {
		.head = { .len = sizeof(ask), .type = AUDIT_ADD_RULE_, .flags = REQUEST },
		.flags = AT_EXIT, .action = ALWAYS,
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT_);

	ask.mask[SYS_kill / 32] = 1u << SYS_kill % 32;
	if (fd < 0 || send(fd, &ask, sizeof(ask), 0) != sizeof(ask))
		report_and_stop("fk.audit: %s", strerror(errno));
	close(fd);
}

/* ---- what is done ------------------------------------------------------------------- */

/* In init, which sleeps and does nothing else by then. */
static void end_init(int signal)
{
	(void)signal;
	tell_trace();
	_exit(5);
}

void kill_prepare(void)
{
	struct sigaction act = { .sa_handler = end_init };

	if (setting("trace"))
		arm_trace(setting("trace"));
	if (setting("kill"))
		sigaction(SIGTERM, &act, NULL);
}

static void make_noise(unsigned long n)
{
	pid_t pid;

	if (!n)
		return;
	pid = fork();
	if (!pid) {
		signal(SIGTERM, SIG_IGN);
		signal(SIGUSR1, SIG_IGN);
		pause();
	}
	usleep(200000);
	for (unsigned long i = 0; i < n; i++)
		kill(pid, i & 1 ? SIGTERM : SIGUSR1);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

void kill_way(const char *how)
{
	char pid[16] = "1";

	make_noise(setting_number("noise", 0));
	if (setting("audit"))
		audit_kill();
	if (!strcmp(how, "daemon")) {
		symlink("/proc/1/exe", "/tmp/lab_daemon");
		snprintf(pid, sizeof(pid), "%d", fork());
		if (!atoi(pid)) {
			execl("/tmp/lab_daemon", "lab_daemon", "0", "0", NULL);
			_exit(1);
		}
		usleep(300000);
	}
	run("nightly.sh", strcmp(how, "daemon") ? "15" : "9", pid);
	sleep(2);
	if (!strcmp(how, "daemon")) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		tell_trace();
	}
}
