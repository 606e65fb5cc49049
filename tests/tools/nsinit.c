/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel's stand-in for PID 1: runs a program as that in PID, mount, network, UTS and IPC
 * namespaces of its own, with ROOT as the root of all files, and sees how it ends:
 *
 *   nsinit [--limit S] [--console FILE] [--netns FILE] [--calls FILE] [--copy FROM=TO]...
 *          [--fault WHO:CALL:NTH:HOW]... [--mount TYPE=DIR] [--marks FILE]
 *          [--log FILE]... --root DIR PROGRAM WORD...
 *
 * WHO is 1 for PID 1, 1.2 for its second child, 1.2.1 for that one's first, 0 for anybody; NTH
 * counts that process's calls of the name from 1, 0 is each of them. HOW: error=ERRNO (not
 * done, and fails so), short (half of the bytes), delay=S, kill, stop (the process), cut
 * (power: all ends here). --calls writes each call down as "WHO CALL NTH". --copy copies an
 * image at the call of reboot(2), or at the cut, before anything else of it is written: what
 * is on stable storage. --mount: this kernel knows no file system of the type; whoever mounts
 * one gets the folder. --marks: at each word on the console, and at the call of reboot(2), a
 * line "BYTES ENTRIES...": how much is said with it, and how many entries the logs have (of
 * QEMU's blklogwrites).
 * Prints "hit FAULT" for each that came to be, and at last how it ended and in what time:
 * "reboot|poweroff|cut|killed SIGNAL|exit STATUS|limit SECONDS". Exit 0, but 2 for want of
 * what it takes.
 */
#include "nsinit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("nsinit: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(2);
}

double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* ---- images ----------------------------------------------------------------------- */

/* Only what is there: an image is nearly all holes. */
static void copy_image(const struct copy *c)
{
	int from = open(c->from, O_RDONLY | O_CLOEXEC);
	int to = open(c->to, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	off_t size = lseek(from, 0, SEEK_END), at = 0, end;

	if (from < 0 || to < 0 || ftruncate(to, size))
		die("%s to %s: %s", c->from, c->to, strerror(errno));
	while ((at = lseek(from, at, SEEK_DATA)) >= 0) {
		off_t there = at;

		end = lseek(from, at, SEEK_HOLE);
		while (at < end && copy_file_range(from, &at, to, &there, end - at, 0) > 0)
			;
		if (at < end)
			die("%s: cannot copy: %s", c->from, strerror(errno));
	}
	close(from);
	close(to);
}

void copy_images(struct run *r)
{
	for (unsigned i = 0; !r->copied && i < r->n_copies; i++)
		copy_image(&r->copies[i]);
	r->copied = true;
}

/* ---- PID 1, until it is the program --------------------------------------------------- */

static void enter_root(const char *root)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount(root, root, NULL, MS_BIND | MS_REC, NULL) || chdir(root) ||
	    syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/"))
		die("%s: cannot become the root: %s", root, strerror(errno));
}

/* Each call stops for whoever traces us. */
static void trap_calls(void)
{
	struct sock_filter all = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
	const struct sock_fprog program = { 1, &all };

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		die("no seccomp here: %s", strerror(errno));
}

void become_init(const struct run *r, int ready_fd)
{
	int console = open(r->console, O_WRONLY | O_CREAT | O_APPEND, 0600);
	int null = open("/dev/null", O_RDONLY);
	char c;

	enter_root(r->root);
	if (sethostname("(none)", 6))
		die("no name: %s", strerror(errno));
	/* Until it is known that we are traced. */
	if (console < 0 || null < 0 || read(ready_fd, &c, 1) != 1)
		die("%s: no console, or nobody there: %s", r->console, strerror(errno));
	dup2(null, 0);
	dup2(console, 1);
	dup2(console, 2);
	syscall(SYS_close_range, 3, ~0u, 0);
	clearenv();
	trap_calls();
	execv(r->command[0], r->command);
	die("%s: %s", r->command[0], strerror(errno));
}

/* ---- words ------------------------------------------------------------------------- */

static void add_fault(struct run *r, const char *text)
{
	static const struct { const char *name; enum how how; bool has_value; } ways[] = {
		{ "error=", FAIL, true }, { "short", SHORT, false }, { "delay=", DELAY, true },
		{ "kill", KILL, false }, { "stop", STOP, false }, { "cut", CUT, false },
	};
	struct fault *f = &r->faults[r->n_faults];
	char call[40], how[40];

	if (r->n_faults == MAX_FAULTS ||
	    sscanf(text, "%31[0-9.]:%39[a-z0-9_]:%u:%39s", f->who, call, &f->nth, how) != 4)
		die("'%s' is not WHO:CALL:NTH:HOW, or one too many", text);
	f->call = call_number(call);
	if (f->call == N_CALLS)
		die("no system call is called '%s'", call);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		size_t len = strlen(ways[i].name);

		if (strncmp(how, ways[i].name, len) || (!ways[i].has_value && how[len]))
			continue;
		f->how = ways[i].how;
		f->value = ways[i].has_value ? atof(how + len) : 0;
		r->n_faults++;
		return;
	}
	die("'%s': %s is no way to fail", text, how);
}

static void add_copy(struct run *r, char *text)
{
	char *to = strchr(text, '=');

	if (!to || r->n_copies == MAX_COPIES)
		die("'%s' is not FROM=TO, or one too many", text);
	*to++ = '\0';
	r->copies[r->n_copies++] = (struct copy){ text, to };
}

static void set_mount(struct run *r, char *text)
{
	r->mount_type = strsep(&text, "=");
	if (!text)
		die("%s is not TYPE=DIR", r->mount_type);
	r->mount_from = text;
}

static void set(struct run *r, const char *option, char *value)
{
	if (!strcmp(option, "--root"))
		r->root = value;
	else if (!strcmp(option, "--limit"))
		r->limit_s = atof(value);
	else if (!strcmp(option, "--console"))
		r->console = value;
	else if (!strcmp(option, "--netns"))
		r->netns = value;
	else if (!strcmp(option, "--calls"))
		r->calls_file = value;
	else if (!strcmp(option, "--copy"))
		add_copy(r, value);
	else if (!strcmp(option, "--marks"))
		r->marks_file = value;
	else if (!strcmp(option, "--log") && r->n_logs < MAX_COPIES)
		r->logs[r->n_logs++] = value;
	else if (!strcmp(option, "--mount"))
		set_mount(r, value);
	else if (!strcmp(option, "--fault"))
		add_fault(r, value);
	else
		die("no option %s", option);
}

/* A network of its own, or one that somebody has made for it. */
static void enter_net(const struct run *r)
{
	int fd = r->netns ? open(r->netns, O_RDONLY | O_CLOEXEC) : -1;

	if (r->netns ? setns(fd, CLONE_NEWNET) : unshare(CLONE_NEWNET))
		die("%s: %s", r->netns ? r->netns : "a network namespace", strerror(errno));
}

int main(int argc, char **argv)
{
	static struct run r = { .limit_s = 60, .console = "/dev/null" };
	int i;

	for (i = 1; i + 1 < argc && !strncmp(argv[i], "--", 2); i += 2)
		set(&r, argv[i], argv[i + 1]);
	if (!r.root || i >= argc)
		die("--root DIR and a program, please");
	r.command = argv + i;
	r.calls = r.calls_file ? fopen(r.calls_file, "w") : NULL;
	if (r.calls_file && !r.calls)
		die("%s: %s", r.calls_file, strerror(errno));
	r.marks = r.marks_file ? fopen(r.marks_file, "w") : NULL;
	if (r.marks_file && !r.marks)
		die("%s: %s", r.marks_file, strerror(errno));
	enter_net(&r);
	return trace_to_end(&r);
}
