/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults of a PID 1 in namespaces: which call of which process, and how it fails. */
#ifndef TESTS_NSINIT_H
#define TESTS_NSINIT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define MAX_PROCESSES 512
#define MAX_TASKS 1024
#define MAX_FAULTS 8
#define MAX_COPIES 4
#define N_CALLS 512
#define WHO_MAX 32

enum how { FAIL, SHORT, DELAY, KILL, STOP, CUT };

/* "1.1:pwrite64:3:error=5" */
#define ANYBODY "0"
#define EACH 0u			/* of all calls, not one of them */

struct fault {
	char who[WHO_MAX];
	unsigned call, nth;
	enum how how;
	double value;		/* errno, or seconds */
	bool hit;
};

/* A process by who started it: "1" is PID 1, "1.2" its second child. */
struct process {
	pid_t tgid;
	char who[WHO_MAX];
	unsigned n_children;
	unsigned counts[N_CALLS];
};

/* A thread that is stopped until then, or that is there before who made it says so. */
struct task {
	pid_t tid;
	struct process *process;
	double held_until;
	bool waits_for_parent;
};

struct copy {
	const char *from, *to;
};

struct run {
	const char *root, *console, *netns, *calls_file;
	struct fault faults[MAX_FAULTS];
	unsigned n_faults;
	struct copy copies[MAX_COPIES];
	unsigned n_copies;
	const char *logs[MAX_COPIES];	/* of writes to a disk, by QEMU's blklogwrites */
	unsigned n_logs;
	const char *marks_file;
	const char *mount_type, *mount_from;	/* stands in for a file system of that type */
	double limit_s;
	char **command;

	FILE *calls, *marks;
	double began;
	pid_t init;
	bool is_program;	/* it is no more ours */
	bool copied, cut;
	long long n_said;	/* bytes, when it was cut */
	struct process processes[MAX_PROCESSES];
	unsigned n_processes;
	struct task tasks[MAX_TASKS];
	unsigned n_tasks;
};

double seconds_now(void);
_Noreturn void die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* nsinit_calls.c: the number of a call, N_CALLS if there is none; and its name. */
unsigned call_number(const char *name);
const char *call_name(unsigned nr);

/* nsinit_trace.c: starts the command and follows all of it to the end of PID 1. */
int trace_to_end(struct run *r);

/* nsinit.c: the images as they are on stable storage now. */
void copy_images(struct run *r);
_Noreturn void become_init(const struct run *r, int ready_fd);

#endif
