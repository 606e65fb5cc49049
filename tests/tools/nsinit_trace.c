/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Following PID 1 and all that it starts by ptrace(2): who calls what, and the fault in it. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "nsinit.h"

#ifndef __x86_64__
#error "registers of x86_64 are what is known here"
#endif

#define OPTIONS (PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |	\
		 PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)
#define TICK_NS 2000000

/* ---- who is who ---------------------------------------------------------------------- */

static struct task *task_of(struct run *r, pid_t tid)
{
	for (unsigned i = 0; i < r->n_tasks; i++)
		if (r->tasks[i].tid == tid)
			return &r->tasks[i];
	return NULL;
}

static struct task *new_task(struct run *r, pid_t tid)
{
	struct task *t = task_of(r, 0);		/* one that is over */

	if (!t && r->n_tasks == MAX_TASKS)
		die("more than %u threads at once", MAX_TASKS);
	if (!t)
		t = &r->tasks[r->n_tasks++];
	*t = (struct task){ .tid = tid };
	return t;
}

static pid_t tgid_of(pid_t tid)
{
	char path[40], line[200];
	int tgid = tid;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "Tgid: %d", &tgid) == 1)
			break;
	if (f)
		fclose(f);
	return tgid;
}

static struct process *new_process(struct run *r, pid_t tgid, struct process *parent)
{
	struct process *p = &r->processes[r->n_processes++];

	if (r->n_processes > MAX_PROCESSES)
		die("more than %u processes", MAX_PROCESSES);
	p->tgid = tgid;
	if (parent)
		snprintf(p->who, sizeof(p->who), "%.24s.%u", parent->who,
			 ++parent->n_children);
	else
		strcpy(p->who, "1");
	return p;
}

/* ---- faults ---------------------------------------------------------------------------- */

static bool moves_bytes(unsigned call)
{
	return call == SYS_read || call == SYS_write || call == SYS_pread64 ||
	       call == SYS_pwrite64 || call == SYS_sendto || call == SYS_recvfrom ||
	       call == SYS_getdents64 || call == SYS_copy_file_range;
}

static void end_all(struct run *r)
{
	kill(r->init, SIGKILL);
}

/* True: the thread goes on at once. */
static bool make_fault(struct run *r, struct task *t, struct fault *f,
		       struct user_regs_struct *regs)
{
	struct stat st;

	f->hit = true;
	switch (f->how) {
	case FAIL:
		regs->orig_rax = -1;
		regs->rax = -(long)f->value;
		break;
	case SHORT:
		if (moves_bytes(f->call) && regs->rdx > 1)
			regs->rdx /= 2;
		break;
	case DELAY:
		t->held_until = seconds_now() + f->value;
		return false;
	case KILL:
		kill(t->process->tgid, SIGKILL);
		break;
	case STOP:
		kill(t->process->tgid, SIGSTOP);
		break;
	case CUT:
		/* What others say until they are gone was never said. */
		r->n_said = stat(r->console, &st) ? 0 : st.st_size;
		copy_images(r);
		r->cut = true;
		end_all(r);
		return false;
	}
	ptrace(PTRACE_SETREGS, t->tid, 0, regs);
	return true;
}

/* ---- a file system that this kernel does not know ----------------------------- */

#define BELOW_STACK 8192	/* nobody uses that: far below the red zone */

static void read_text_of(pid_t tid, unsigned long at, char text[16])
{
	struct iovec here = { text, 15 }, there = { (void *)at, 15 };

	memset(text, 0, 16);
	if (process_vm_readv(tid, &here, 1, &there, 1, 0) < 0)
		text[0] = '\0';
}

/* A folder is mounted in its place. */
static void stand_in(const struct run *r, pid_t tid, struct user_regs_struct *regs)
{
	unsigned long at = regs->rsp - BELOW_STACK;
	struct iovec here = { (void *)r->mount_from, strlen(r->mount_from) + 1 };
	struct iovec there = { (void *)at, here.iov_len };
	char type[16];

	read_text_of(tid, regs->rdx, type);
	if (strcmp(type, r->mount_type) ||
	    process_vm_writev(tid, &here, 1, &there, 1, 0) != (ssize_t)here.iov_len)
		return;
	regs->rdi = at;
	regs->r10 |= MS_BIND;
	ptrace(PTRACE_SETREGS, tid, 0, regs);
}

/* ---- what was said when ---------------------------------------------------------- */

#define ENTRIES_AT 16	/* in a log's first sector: 64 bits, as of its last flush */

/* With the n_more bytes that are about to be. */
static void mark(const struct run *r, size_t n_more)
{
	struct stat st;

	if (!r->marks || stat(r->console, &st))
		return;
	fprintf(r->marks, "%lld", (long long)(st.st_size + n_more));
	for (unsigned i = 0; i < r->n_logs; i++) {
		int fd = open(r->logs[i], O_RDONLY | O_CLOEXEC);
		uint64_t n = 0;

		if (pread(fd, &n, sizeof(n), ENTRIES_AT) != sizeof(n))
			n = 0;
		close(fd);
		fprintf(r->marks, " %llu", (unsigned long long)n);
	}
	fputc('\n', r->marks);
}

static bool is_fault_of(const struct fault *f, const struct task *t, unsigned call,
			unsigned nth)
{
	if (f->call != call || (strcmp(f->who, ANYBODY) && strcmp(f->who, t->process->who)))
		return false;
	return f->nth == EACH || (!f->hit && f->nth == nth);
}

static bool on_call(struct run *r, struct task *t)
{
	struct user_regs_struct regs;
	unsigned call, nth;

	/* Until it is the program, PID 1 is ours. */
	if (!r->is_program || ptrace(PTRACE_GETREGS, t->tid, 0, &regs))
		return true;
	call = regs.orig_rax < N_CALLS ? regs.orig_rax : N_CALLS - 1;
	nth = ++t->process->counts[call];
	if (r->calls)
		fprintf(r->calls, "%s %s %u\n", t->process->who, call_name(call), nth);
	if ((call == SYS_write && regs.rdi == STDERR_FILENO) || call == SYS_reboot)
		mark(r, call == SYS_write ? regs.rdx : 0);
	if (call == SYS_reboot)
		copy_images(r);
	if (call == SYS_mount && r->mount_type)
		stand_in(r, t->tid, &regs);
	for (unsigned i = 0; i < r->n_faults; i++) {
		struct fault *f = &r->faults[i];

		if (is_fault_of(f, t, call, nth))
			return make_fault(r, t, f, &regs);
	}
	return true;
}

/* ---- events ---------------------------------------------------------------------------- */

static void go_on(pid_t tid, int with_signal)
{
	ptrace(PTRACE_CONT, tid, 0, with_signal);
}

static void on_start(struct run *r, struct task *parent)
{
	unsigned long tid = 0;
	struct task *t;

	if (ptrace(PTRACE_GETEVENTMSG, parent->tid, 0, &tid) || !tid)
		return;
	t = task_of(r, tid);
	if (!t)
		t = new_task(r, tid);
	t->process = tgid_of(tid) == parent->process->tgid
		     ? parent->process : new_process(r, tid, parent->process);
	if (t->waits_for_parent)
		go_on(tid, 0);
	t->waits_for_parent = false;
}

/* A thread of many that has become another program goes by its process's number. */
static void on_exec(struct run *r, struct task *t)
{
	unsigned long before = 0;
	struct task *was;

	r->is_program = true;
	ptrace(PTRACE_GETEVENTMSG, t->tid, 0, &before);
	was = before && (pid_t)before != t->tid ? task_of(r, before) : NULL;
	if (was)
		was->tid = 0;
}

static void on_stop(struct run *r, pid_t tid, int status)
{
	int event = status >> 16, sig = WSTOPSIG(status);
	struct task *t = task_of(r, tid);

	if (!t || !t->process) {
		/* There before its parent has told. */
		if (!t)
			t = new_task(r, tid);
		t->waits_for_parent = true;
		return;
	}
	switch (event) {
	case PTRACE_EVENT_SECCOMP:
		if (on_call(r, t))
			go_on(tid, 0);
		break;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		on_start(r, t);
		go_on(tid, 0);
		break;
	case PTRACE_EVENT_EXEC:
		on_exec(r, t);
		go_on(tid, 0);
		break;
	case PTRACE_EVENT_STOP:
		/* Of all its threads, by a signal: stopped it stays. */
		if (sig == SIGTRAP)
			go_on(tid, 0);
		else
			ptrace(PTRACE_LISTEN, tid, 0, 0);
		break;
	default:
		go_on(tid, event ? 0 : sig);
	}
}

static void release_held(struct run *r)
{
	double now = seconds_now();

	for (unsigned i = 0; i < r->n_tasks; i++) {
		struct task *t = &r->tasks[i];

		if (t->tid && t->held_until > 0 && now >= t->held_until) {
			t->held_until = 0;
			go_on(t->tid, 0);
		}
	}
}

/* ---- from start to end ------------------------------------------------------------------- */

static void start(struct run *r)
{
	const int flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | SIGCHLD;
	int ready[2];
	struct task *t;

	if (pipe2(ready, O_CLOEXEC))
		die("no pipe: %s", strerror(errno));
	r->init = syscall(SYS_clone, flags, 0, 0, 0, 0);
	if (!r->init)
		become_init(r, ready[0]);
	if (r->init < 0)
		die("no namespaces: %s", strerror(errno));
	if (ptrace(PTRACE_SEIZE, r->init, 0, OPTIONS))
		die("no ptrace: %s", strerror(errno));
	t = new_task(r, r->init);
	t->process = new_process(r, r->init, NULL);
	r->began = seconds_now();
	if (write(ready[1], "", 1) != 1)
		die("it is gone");
	close(ready[0]);
	close(ready[1]);
}

static void tell_end(const struct run *r, int status, bool is_over)
{
	double took = seconds_now() - r->began;

	for (unsigned i = 0; i < r->n_faults; i++)
		if (r->faults[i].hit)
			printf("hit %u\n", i + 1);
	if (is_over)
		printf("limit %.3f\n", took);
	else if (r->cut)
		printf("cut %.3f\n", took);
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGHUP)
		printf("reboot %.3f\n", took);
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGINT)
		printf("poweroff %.3f\n", took);
	else if (WIFSIGNALED(status))
		printf("killed %d %.3f\n", WTERMSIG(status), took);
	else
		printf("exit %d %.3f\n", WEXITSTATUS(status), took);
}

static bool wait_a_moment(sigset_t *child)
{
	const struct timespec tick = { .tv_nsec = TICK_NS };

	return sigtimedwait(child, NULL, &tick) >= 0;
}

int trace_to_end(struct run *r)
{
	bool is_over = false;
	int status;
	sigset_t child;
	pid_t tid;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	start(r);
	sigprocmask(SIG_BLOCK, &child, NULL);
	for (;;) {
		release_held(r);
		if (!is_over && seconds_now() - r->began > r->limit_s) {
			is_over = true;
			copy_images(r);
			end_all(r);
		}
		tid = waitpid(-1, &status, __WALL | WNOHANG);
		if (tid < 0 && errno == ECHILD)
			die("PID 1 has ended unseen");
		if (tid <= 0) {
			wait_a_moment(&child);
		} else if (WIFSTOPPED(status)) {
			on_stop(r, tid, status);
		} else if (tid == r->init) {
			break;
		} else {
			struct task *t = task_of(r, tid);

			if (t)
				t->tid = 0;
		}
	}
	/* It has ended some other way: what is on the disk is what there is. */
	copy_images(r);
	if (r->cut && truncate(r->console, r->n_said))
		die("%s: %s", r->console, strerror(errno));
	tell_end(r, status, is_over);
	return 0;
}
