/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls are told by name where this kernel has it. */
#include "report_details.h"

#include <inttypes.h>

#include "report_words.h"
#include "triage.h"

void report_details_of(struct report *r, const struct proc *proc, const struct stack *stack,
		       struct proc_details *out)
{
	struct triage *m = r->triage;
	struct detailer d = { .space = m->space, .facts = &m->facts.details,
			      .paths = { m->space, &m->facts.paths },
			      .procs = &m->facts.procs, .symbols = &r->symbols,
			      .e_machine = m->space->arch->e_machine,
			      .without_args = m->want->without_args };

	proc_details_read(&d, proc, stack->user_regs, out);
	report_work(r, proc, out->work);
}

void report_work(struct report *r, const struct proc *p, char text[SYMBOL_TEXT])
{
	struct detailer d = { .space = r->triage->space, .symbols = &r->symbols };

	text[0] = '\0';
	if (p->is_kernel && p->at)
		worker_function(&d, &r->triage->facts.worker, p->at, text);
}

void json_work(struct json *j, struct report *r, const struct proc *p)
{
	char text[SYMBOL_TEXT];

	report_work(r, p, text);
	json_text_or_null(j, "work", text);
}

static void syscall_row(const struct proc_details *d, struct text_page *p)
{
	if (!d->has_syscall)
		return;
	if (d->syscall[0])
		page_row(p, "syscall", "%s(%#" PRIx64 ", %#" PRIx64 ", %#" PRIx64 ")",
			 d->syscall, d->syscall_args[0], d->syscall_args[1],
			 d->syscall_args[2]);
	else
		page_row(p, "syscall", "%d", d->syscall_nr);
}

void details_rows(const struct proc_details *d, struct text_page *p)
{
	page_row(p, "work", "%s", d->work);
	if (d->has_uid)
		page_row(p, "uid", "%u", d->uid);
	if (d->has_loginuid)
		page_row(p, "loginuid", "%u", d->loginuid);
	page_row(p, "exe", "%s", d->exe);
	page_row(p, "args", "%s", d->args);
	page_row(p, "cwd", "%s", d->cwd);
	page_row(p, "cgroup", "%s", d->cgroup);
	page_row(p, "container", "%s", d->container);
	syscall_row(d, p);
	if (d->n_files)
		page_row(p, "files", "%u %s (%s)", d->files[0].fd, d->files[0].place.path,
			 d->files[0].place.fs);
	for (unsigned i = 1; i < d->n_files; i++)
		page_item(p, "%u %s (%s)", d->files[i].fd, d->files[i].place.path,
			  d->files[i].place.fs);
	if (d->n_more_files)
		page_item(p, "and %" PRIu64 " more", d->n_more_files);
}

size_t report_details_text(const struct proc_details *d, char *text, size_t size)
{
	struct text_page p;

	page_init(&p, text, size);
	details_rows(d, &p);
	return page_end(&p);
}

static void json_files(struct json *j, const struct proc_details *d)
{
	json_open(j, "files", '[');
	for (unsigned i = 0; i < d->n_files; i++) {
		json_open(j, NULL, '{');
		json_number(j, "fd", d->files[i].fd);
		json_string(j, "path", d->files[i].place.path);
		json_string(j, "fs", d->files[i].place.fs);
		json_text_or_null(j, "device", d->files[i].place.device);
		json_close(j);
	}
	json_close(j);
}

static void json_syscall(struct json *j, const struct proc_details *d)
{
	if (!d->has_syscall) {
		json_null(j, "syscall");
		return;
	}
	json_open(j, "syscall", '{');
	json_number(j, "nr", (uint64_t)d->syscall_nr);
	json_text_or_null(j, "name", d->syscall);
	json_open(j, "args", '[');
	for (unsigned i = 0; i < 6; i++)
		json_hex(j, NULL, d->syscall_args[i]);
	json_close(j);
	json_close(j);
}

/* All 32 bits of it count: user namespaces begin beyond 2^31. */
static void json_user(struct json *j, const char *key, bool is_known, uint32_t uid)
{
	if (is_known)
		json_number(j, key, uid);
	else
		json_null(j, key);
}

void json_details(struct json *j, const struct proc_details *d)
{
	json_user(j, "uid", d->has_uid, d->uid);
	json_user(j, "loginuid", d->has_loginuid, d->loginuid);
	json_text_or_null(j, "exe", d->exe);
	json_text_or_null(j, "args", d->args);
	json_text_or_null(j, "cwd", d->cwd);
	json_text_or_null(j, "cgroup", d->cgroup);
	json_text_or_null(j, "container", d->container);
	json_text_or_null(j, "host", d->host);
	json_text_or_null(j, "work", d->work);
	json_syscall(j, d);
	json_files(j, d);
}
