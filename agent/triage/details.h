/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is told of one task beyond its row: its files, its group, its system call. */
#ifndef TRIAGE_DETAILS_H
#define TRIAGE_DETAILS_H

#include "kthread.h"
#include "paths.h"
#include "procs.h"
#include "unwind.h"

#define DETAIL_FILES 32
#define DETAIL_ARGS 256

struct open_file {
	unsigned fd;
	struct file_place place;
};

struct proc_details {
	char exe[PATH_TEXT], cwd[PATH_TEXT], cgroup[PATH_TEXT];
	char args[DETAIL_ARGS];		/* its command line; "" not wanted, not in memory */
	bool lacks_args;		/* it has some, which are not to be had */
	char work[SYMBOL_TEXT];		/* the function that a kernel worker is at */
	char host[65];			/* of its UTS namespace */
	char container[65];		/* the id in its cgroup's path, "" none */
	bool has_uid, has_loginuid;
	uint32_t uid, loginuid;
	struct open_file files[DETAIL_FILES];
	unsigned n_files;
	uint64_t n_more_files;
	bool has_syscall;
	int syscall_nr;
	char syscall[64];		/* "write"; "" the number has no name */
	uint64_t syscall_args[6];
};

struct detail_facts {
	struct field files, fdt, fd, max_fds;	/* task_struct, files_struct, fdtable */
	struct field fs, fs_pwd;		/* task_struct.fs, fs_struct.pwd */
	struct field mm_exe_file, mm_pgd, arg_start, arg_end;
	struct field cgroups, css_dfl_cgrp, cgroup_kn;
	struct field nsproxy, uts_ns, uts_name_nodename;
	struct field syscall_nr;		/* pt_regs: orig_ax, syscallno */
	int64_t sys_call_table;			/* address of a variable */
};

extern const struct wish_set detail_wishes;

struct detailer {
	struct space *space;
	struct paths paths;
	const struct detail_facts *facts;
	const struct proc_facts *procs;
	struct symbols *symbols;
	uint16_t e_machine;
	bool without_args;
};

/*
 * The words of a command line, len bytes that NULs end, apart by blanks. What has no room in
 * to[DETAIL_ARGS], or is_cut before, is told by "..." at the end.
 */
void details_args(char *to, const char *words, size_t len, bool is_cut);

/* user_regs: where its system call left them, 0 not known. Never fails. */
void proc_details_read(struct detailer *d, const struct proc *proc, vaddr_t user_regs,
		       struct proc_details *out);

/* The function that a kernel worker is at; "" it is none, or at nothing. */
struct worker_facts {
	struct kthread_facts kthread;
	struct field current_func, worker_task;
};

extern const struct wish_set worker_wishes;

void worker_function(struct detailer *d, const struct worker_facts *f, vaddr_t task,
		     char text[SYMBOL_TEXT]);

#endif
