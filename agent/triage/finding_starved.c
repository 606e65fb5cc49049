/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules for what waits though nothing is broken: a frozen file system, a CPU that is kept. */
#include <stdio.h>
#include <string.h>

#include "blocked.h"
#include "finding_parts.h"
#include "finding_rules.h"
#include "subject.h"
#include "triage.h"

#define TOLD_MAX 4u

/* ---- frozen file systems -------------------------------------------------------------- */

static const struct frozen_fs *frozen_for(const struct report *r, const struct blocked_task *b)
{
	/* Who freezes it may still wait for those that write: PERCPU, else QUEUE. */
	if ((b->wait.kind != WAIT_QUEUE && b->wait.kind != WAIT_PERCPU) ||
	    !blocked_is_long(r, b))
		return NULL;
	return frozen_holding(&r->frozen, b->wait.lock);
}

/* The super block says so, and a task waits in a queue that lies in it. */
bool finding_frozen(struct report *r, struct finding *f)
{
	const struct frozen_fs *fs = NULL;
	unsigned n = 0;

	for (unsigned i = 0; finding_is_hang(r) && i < r->n_waiters; i++) {
		const struct frozen_fs *one = frozen_for(r, &r->waiters[i]);

		if (!fs)
			fs = one;
		n += one && one == fs;
	}
	if (!fs)
		return false;
	snprintf(f->awaited, sizeof(f->awaited), "frozen %s", fs->fs);
	finding_says(f, "The file system %s on %s is frozen, and %u task%s to write to it.",
		     fs->fs, fs->device, n, n == 1 ? " waits" : "s wait");
	for (unsigned i = 0, told = 0; i < r->n_waiters && told < TOLD_MAX; i++)
		if (frozen_for(r, &r->waiters[i]) == fs) {
			const struct proc *p = &r->waiters[i].proc;

			finding_because(f, "%s (pid %u) has waited for %.0f s", p->comm, p->pid,
					report_seconds_since(r, p->since_ns));
			told++;
		}
	return true;
}

/* ---- servers ------------------------------------------------------------------------- */

/* That the kernel missed that server, unless it has heard of it since. */
static const struct log_line *silence_of(const struct report *r,
					 const struct rpc_server *server)
{
	const struct log_line *line, *last = NULL;
	char words[RPC_NAME + 40];
	const char *after;

	snprintf(words, sizeof(words), "%s: server %s ", server->program, server->name);
	for (unsigned i = 0; (line = timeline_line(&r->timeline, i)); i++) {
		after = strstr(line->message, words);
		if (after)
			last = strncmp(after + strlen(words), "OK", 2) ? line : NULL;
	}
	return last && strstr(last->message, "not responding") ? last : NULL;
}

/* Of a page that is to come from "NAME:/PATH". */
static bool server_of_page(struct report *r, const struct blocked_task *b,
			   struct rpc_server *server)
{
	char source[SOURCE_TEXT], *end;

	wait_source(r, &b->wait, source);
	end = strstr(source, ":/");
	if (!end || end == source)
		return false;
	*end = '\0';
	snprintf(server->name, sizeof(server->name), "%s", source);
	snprintf(server->program, sizeof(server->program), "nfs");
	server->since_ns = b->proc.since_ns;
	return true;
}

static bool server_for(struct report *r, const struct blocked_task *b,
		       struct rpc_server *server)
{
	bool is_known = b->wait.kind == WAIT_PAGE ? server_of_page(r, b, server) :
			b->wait.kind == WAIT_RPC &&
			rpc_server_of(r->triage->space, &r->triage->facts.rpc, &b->wait,
				      server);

	/* The task of a request wakes up now and then, to send it once more. */
	return is_known && report_seconds_since(r, server->since_ns) >= BLOCKED_LONG_S;
}

/* A task waits for an answer, or for a page, and the kernel has missed the server too. */
bool finding_server(struct report *r, struct finding *f)
{
	const struct log_line *line = NULL;
	struct rpc_server server, other;
	unsigned n = 0;

	for (unsigned i = 0; finding_is_hang(r) && !line && i < r->n_waiters; i++)
		if (server_for(r, &r->waiters[i], &server))
			line = silence_of(r, &server);
	if (!line)
		return false;
	snprintf(f->awaited, sizeof(f->awaited), "server %s", server.program);
	finding_because(f, "%s", line->message);
	for (unsigned i = 0; i < r->n_waiters; i++) {
		const struct proc *p = &r->waiters[i].proc;

		if (!server_for(r, &r->waiters[i], &other) || strcmp(other.name, server.name))
			continue;
		if (n++ < TOLD_MAX)
			finding_because(f, "%s (pid %u) has waited for %.0f s", p->comm, p->pid,
					report_seconds_since(r, other.since_ns));
	}
	finding_says(f, "The server %s (%s) does not answer, and %u task%s for it.",
		     server.name, server.program, n, n == 1 ? " waits" : "s wait");
	return true;
}

/* ---- volumes that are suspended ------------------------------------------------------- */

/* Those that wait for that disk, or for a file system on it. */
static unsigned waiting_for(struct report *r, const struct disk_use *disk, struct finding *f)
{
	unsigned n = 0;

	for (unsigned i = 0; i < r->n_waiters; i++) {
		const struct blocked_task *b = &r->waiters[i];
		vaddr_t bdev = finding_device_of(r, &b->wait);

		if (!bdev || !blocked_is_long(r, b) ||
		    field_value(r->triage->space, bdev, r->triage->facts.disks.bdev_disk) !=
			    disk->at)
			continue;
		if (n++ < TOLD_MAX)
			finding_because_waits(r, f, b);
	}
	return n;
}

/* The mapper says so of its device, and a task waits for what was asked of that. */
bool finding_suspended(struct report *r, struct finding *f)
{
	char name[VOLUME_NAME];

	for (unsigned i = 0; finding_is_hang(r) && i < r->disks.n; i++) {
		const struct disk_use *disk = &r->disks.list[i];
		unsigned n = disk->is_suspended ? waiting_for(r, disk, f) : 0;

		if (!n)
			continue;
		snprintf(f->awaited, sizeof(f->awaited), "suspended volume");
		disk_volume_name(disk, name);
		finding_says(f, "The volume %s is suspended, and %u task%s for it.", name, n,
			     n == 1 ? " waits" : "s wait");
		return true;
	}
	return false;
}

/* ---- a CPU that is kept --------------------------------------------------------------- */

/* Those that could run there and have not for so long. */
static unsigned starved_on(const struct report *r, const struct cpu_state *cpu,
			   const struct proc **longest)
{
	unsigned n = 0;

	*longest = NULL;
	for (unsigned i = 0; i < r->procs.n; i++) {
		const struct proc *p = &r->procs.list[i];

		if (p->state != 'R' || p->cpu != cpu->nr || p->at == cpu->task.at ||
		    !p->since_ns || report_seconds_since(r, p->since_ns) < BLOCKED_LONG_S)
			continue;
		n++;
		if (!*longest || p->since_ns < (*longest)->since_ns)
			*longest = p;
	}
	return n;
}

/* Its policy lets nothing else run; it has run for long; and the queue has others in it. */
bool finding_realtime(struct report *r, struct finding *f)
{
	for (unsigned i = 0; finding_is_hang(r) && i < r->n_cpus; i++) {
		const struct cpu_state *cpu = &r->cpus[i];
		const struct proc *longest;
		double ran = report_seconds_since(r, cpu->task.since_ns);
		unsigned n;

		if (!cpu->is_realtime || !cpu->task.at || !cpu->task.since_ns ||
		    ran < BLOCKED_LONG_S || !cpu->queue.is_known || cpu->queue.n_runnable < 2)
			continue;
		n = starved_on(r, cpu, &longest);
		if (!n)
			continue;
		finding_says(f, "%s (pid %u), a realtime task, has kept CPU %u for %.0f s, and "
			     "%u other task%s for it.", cpu->task.comm, cpu->task.pid, cpu->nr,
			     ran, n, n == 1 ? " waits" : "s wait");
		finding_because(f, "%s (pid %u) last got a CPU %.0f s ago", longest->comm,
				longest->pid, report_seconds_since(r, longest->since_ns));
		finding_because(f, "%u tasks are runnable on CPU %u", cpu->queue.n_runnable,
				cpu->nr);
		return true;
	}
	return false;
}
