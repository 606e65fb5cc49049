/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows a task's pointers to its files, folders, control group and name spaces. */
#include "details.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"

#define FDS_MAX 65536u
#define ID_LEN 64
#define PAGE 4096u	/* what can be in memory without its neighbour, at least */

#define AT(member) offsetof(struct detail_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "sys_call_table", AT(sys_call_table) },
	WISH_FIELD("task_struct.files", AT(files)),
	WISH_FIELD("files_struct.fdt", AT(fdt)),
	WISH_FIELD("fdtable.fd", AT(fd)),
	WISH_FIELD("fdtable.max_fds", AT(max_fds)),
	WISH_FIELD("task_struct.fs", AT(fs)),
	WISH_FIELD("fs_struct.pwd", AT(fs_pwd)),
	WISH_FIELD("mm_struct.exe_file", AT(mm_exe_file)),
	WISH_FIELD("mm_struct.pgd", AT(mm_pgd)),
	WISH_FIELD("mm_struct.arg_start", AT(arg_start)),
	WISH_FIELD("mm_struct.arg_end", AT(arg_end)),
	WISH_FIELD("task_struct.cgroups", AT(cgroups)),
	WISH_FIELD("css_set.dfl_cgrp", AT(css_dfl_cgrp)),
	WISH_FIELD("cgroup.kn", AT(cgroup_kn)),
	WISH_FIELD("task_struct.nsproxy", AT(nsproxy)),
	WISH_FIELD("nsproxy.uts_ns", AT(uts_ns)),
	WISH_FIELD("uts_namespace.name.nodename", AT(uts_name_nodename)),
	WISH_FIELD("pt_regs.orig_ax", AT(syscall_nr)),
	WISH_FIELD("pt_regs.syscallno", AT(syscall_nr)),
};

const struct wish_set detail_wishes = WISH_SET(wishes, struct detail_facts);

#undef AT
#define AT(member) offsetof(struct worker_facts, member)

static const struct wish worker_rows[] = {
	KTHREAD_WISHES(AT(kthread)),
	WISH_FIELD("worker.current_func", AT(current_func)),
	WISH_FIELD("worker.task", AT(worker_task)),
};

const struct wish_set worker_wishes = WISH_SET(worker_rows, struct worker_facts);

static uint64_t value(struct detailer *d, vaddr_t at, struct field f)
{
	return field_value(d->space, at, f);
}

/* ---- files -------------------------------------------------------------------- */

static void take_file(struct detailer *d, unsigned fd, vaddr_t file, struct proc_details *out)
{
	struct open_file *to = &out->files[out->n_files];

	if (out->n_files == DETAIL_FILES) {
		out->n_more_files++;
		return;
	}
	to->fd = fd;
	if (path_of_file(&d->paths, file, &to->place))
		out->n_files++;
}

static void read_files(struct detailer *d, vaddr_t task, struct proc_details *out)
{
	const struct detail_facts *f = d->facts;
	vaddr_t fdt = value(d, value(d, task, f->files), f->fdt);
	vaddr_t table = value(d, fdt, f->fd);
	uint64_t n = min_u64(value(d, fdt, f->max_fds), FDS_MAX), file;
	struct err ignored;

	for (unsigned i = 0; table && i < n; i++) {
		if (!space_read_u64(d->space, table + 8ULL * i, &file, &ignored))
			return;
		if (file)
			take_file(d, i, file, out);
	}
}

static void read_folders(struct detailer *d, const struct proc *proc, struct proc_details *out)
{
	const struct detail_facts *f = d->facts;
	vaddr_t fs = value(d, proc->at, f->fs);
	struct file_place place;

	if (fs && has(f->fs_pwd.off) && path_of(&d->paths, fs + f->fs_pwd.off, &place))
		snprintf(out->cwd, sizeof(out->cwd), "%s", place.path);
	if (proc->mm &&
	    path_of_file(&d->paths, value(d, proc->mm, f->mm_exe_file), &place))
		snprintf(out->exe, sizeof(out->exe), "%s", place.path);
}

/* ---- command line ----------------------------------------------------------------- */

void details_args(char *to, const char *words, size_t len, bool is_cut)
{
	static const char more[] = "...";
	size_t n;

	while (len && !words[len - 1])
		len--;
	is_cut |= len > DETAIL_ARGS - sizeof(more);
	n = min_u64(len, DETAIL_ARGS - sizeof(more));
	for (size_t i = 0; i < n; i++)
		to[i] = words[i] ? printable(words[i]) : ' ';
	strcpy(to + n, is_cut && n ? more : "");
}

/* User memory: a dump has left it out mostly, and what is in swap is nowhere. */
static void read_args(struct detailer *d, const struct proc *proc, struct proc_details *out)
{
	const struct detail_facts *f = d->facts;
	uint64_t start = value(d, proc->mm, f->arg_start), end = value(d, proc->mm, f->arg_end);
	vaddr_t pgd = value(d, proc->mm, f->mm_pgd);
	char words[DETAIL_ARGS];
	size_t len = 0, part, wanted;
	struct space user;
	struct err ignored;

	if (d->without_args || !pgd || end <= start ||
	    !space_of_process(&user, d->space, pgd, &ignored))
		return;
	wanted = min_u64(end - start, sizeof(words));
	for (; len < wanted; len += part) {
		part = min_u64(wanted - len, PAGE - (start + len) % PAGE);
		if (!space_read(&user, start + len, words + len, part, &ignored))
			break;
	}
	details_args(out->args, words, len, len < end - start);
	out->lacks_args = !len;
}

/* ---- groups --------------------------------------------------------------------- */

/* 64 hexadecimal digits in the path are a container's id, whoever made it. */
static void find_container(struct proc_details *out)
{
	static const char digits[] = "0123456789abcdef";

	for (const char *at = out->cgroup; *at;) {
		size_t n = strspn(at, digits);

		if (n == ID_LEN) {
			memcpy(out->container, at, ID_LEN);
			return;
		}
		at += n ? n : 1;
	}
}

static void read_groups(struct detailer *d, vaddr_t task, struct proc_details *out)
{
	const struct detail_facts *f = d->facts;
	vaddr_t cgroup = value(d, value(d, task, f->cgroups), f->css_dfl_cgrp);
	vaddr_t uts = value(d, value(d, task, f->nsproxy), f->uts_ns);
	uint64_t id;

	path_of_node(&d->paths, value(d, cgroup, f->cgroup_kn), out->cgroup);
	find_container(out);
	field_text(d->space, uts, f->uts_name_nodename, out->host, sizeof(out->host));
	out->has_uid = field_read(d->space, value(d, task, d->procs->cred), d->procs->cred_uid,
				  &id);
	out->uid = out->has_uid ? (uint32_t)id : 0;
	out->has_loginuid = field_read(d->space, task, d->procs->loginuid, &id) &&
			    (uint32_t)id != UINT32_MAX;
	out->loginuid = out->has_loginuid ? (uint32_t)id : 0;
}

/* ---- system call ------------------------------------------------------------------ */

/* Where struct pt_regs has the arguments, in words. */
static const struct syscall_abi {
	uint16_t e_machine;
	unsigned args[6];
} abis[] = {
	{ EM_X86_64, { 14, 13, 12, 7, 9, 8 } },		/* di si dx r10 r8 r9 */
	{ EM_AARCH64, { 0, 1, 2, 3, 4, 5 } },		/* x0 is not yet what is returned */
};

#define SYSCALL_MAX 1024u

static void name_syscall(struct detailer *d, struct proc_details *out)
{
	const struct detail_facts *f = d->facts;
	struct symbol sym;
	struct err ignored;
	const char *name;
	uint64_t at;

	if (!has(f->sys_call_table) ||
	    !space_read_u64(d->space, f->sys_call_table + 8LL * out->syscall_nr, &at,
			    &ignored) ||
	    !symbol_at(d->symbols, at, &sym) || sym.off)
		return;
	name = strstr(sym.name, "sys_");
	if (name && strcmp(sym.name, "__x64_sys_ni_syscall") && strlen(name) > 4)
		snprintf(out->syscall, sizeof(out->syscall), "%s", name + 4);
}

static void read_syscall(struct detailer *d, vaddr_t user_regs, struct proc_details *out)
{
	uint64_t regs[16], nr;
	struct err ignored;

	/* -1: an interrupt or exception, no call. */
	if (!field_read(d->space, user_regs, d->facts->syscall_nr, &nr) || nr >= SYSCALL_MAX ||
	    !space_read(d->space, user_regs, regs, sizeof(regs), &ignored))
		return;
	for (size_t i = 0; i < sizeof(abis) / sizeof(abis[0]); i++) {
		if (abis[i].e_machine != d->e_machine)
			continue;
		out->has_syscall = true;
		out->syscall_nr = (int)nr;
		for (unsigned k = 0; k < 6; k++)
			out->syscall_args[k] = regs[abis[i].args[k]];
		name_syscall(d, out);
	}
}

void proc_details_read(struct detailer *d, const struct proc *proc, vaddr_t user_regs,
		       struct proc_details *out)
{
	memset(out, 0, sizeof(*out));
	read_groups(d, proc->at, out);
	if (proc->is_kernel)
		return;
	read_folders(d, proc, out);
	read_args(d, proc, out);
	read_files(d, proc->at, out);
	read_syscall(d, user_regs, out);
}

void worker_function(struct detailer *d, const struct worker_facts *f, vaddr_t task,
		     char text[SYMBOL_TEXT])
{
	vaddr_t worker = kthread_data(d->space, &f->kthread, task);
	vaddr_t function = value(d, worker, f->current_func);
	struct symbol sym;

	text[0] = '\0';
	if (!function || value(d, worker, f->worker_task) != task ||
	    !symbol_at(d->symbols, function, &sym) || sym.off)
		return;
	snprintf(text, SYMBOL_TEXT, "%s%s%s%s", sym.name, sym.module[0] ? " [" : "", sym.module,
		 sym.module[0] ? "]" : "");
}
