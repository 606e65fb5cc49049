/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules for memory that was used up: by whom, if one user of it stands out. */
#include "finding_rules.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "finding_parts.h"

#define MIB (1024.0 * 1024.0)
#define GROUP_LINE "Memory cgroup stats for "

enum oom_user { OOM_UNKNOWN, OOM_SLAB, OOM_HUGETLB, OOM_SHMEM, OOM_PROCESS, OOM_MANY,
		OOM_VMALLOC, OOM_ZSMALLOC, OOM_PAGES, OOM_TABLES, OOM_STACKS, OOM_FILES,
		N_OOM_USERS };

/* The word for the signature, and which part of memory it has at least to be named. */
static const struct {
	const char *word;
	unsigned part;
	bool is_named;		/* with a name behind the word */
} users[N_OOM_USERS] = {
	[OOM_SLAB] = { "slab", 4, true },	[OOM_HUGETLB] = { "hugetlb", 4, false },
	[OOM_SHMEM] = { "shmem", 3, false },	[OOM_PROCESS] = { "anon", 4, true },
	[OOM_MANY] = { "anon", 3, true },
	[OOM_VMALLOC] = { "vmalloc", 3, false }, [OOM_ZSMALLOC] = { "zsmalloc", 3, false },
	[OOM_PAGES] = { "pages", 3, false },
	[OOM_TABLES] = { "page-tables", 4, false }, [OOM_STACKS] = { "stacks", 4, false },
	[OOM_FILES] = { "files", 3, false },
};

static uint64_t known(const struct memuse *m, enum mem_counter c)
{
	return m->counters[c] != MEM_UNKNOWN ? m->counters[c] : 0;
}

static uint64_t slab_of(const struct memuse *m)
{
	return known(m, MEM_SLAB_RECLAIMABLE) + known(m, MEM_SLAB_UNRECLAIMABLE);
}

/* Of one name, none of which has most of it; no more than the kernel counts of all of them. */
static uint64_t used_by_many(const struct memuse *m)
{
	const struct name_use *name = memuse_top_name(m);

	if (!name || name->largest > name->bytes / 2)
		return 0;
	return min_u64(name->bytes, known(m, MEM_ANON));
}

/* The process that asked for more. */
static bool has_asked(const struct report *r, const struct proc_use *p)
{
	return r->subject.at && p->pid == r->subject.tgid;
}

/*
 * The largest one; but one that has not much less, and asked for more, was growing. NULL: none
 * is known.
 */
static const struct proc_use *process_of(const struct report *r)
{
	const struct memuse *m = &r->memory;

	for (unsigned i = 0; i < m->n_procs; i++)
		if (has_asked(r, &m->procs[i]) && m->procs[i].bytes > m->procs[0].bytes / 3 * 2)
			return &m->procs[i];
	return m->n_procs ? &m->procs[0] : NULL;
}

/* The stacks of tasks are mapped by it, too, and are a user of their own. */
static uint64_t used_by_vmalloc(const struct memuse *m)
{
	uint64_t all = known(m, MEM_VMALLOC);

	return all - min_u64(all, known(m, MEM_KERNEL_STACKS));
}

/*
 * With panic_on_oom=2 ("compulsory") a kernel also dies where only a group or some nodes are
 * full, and then those of all others may be many by right; else the kernel gave back before it
 * gave up what it could.
 */
static uint64_t used_by_files(const struct report *r)
{
	uint64_t all = known(&r->memory, MEM_FILE);

	if (strstr(r->log.panic, "compulsory"))
		return 0;
	return all - min_u64(all, known(&r->memory, MEM_SHMEM));
}

/* A cache only if the kernel's total of all of them bears it out. */
static uint64_t used_by(const struct report *r, enum oom_user user)
{
	const struct memuse *m = &r->memory;

	switch (user) {
	case OOM_SLAB:
		return m->n_caches && slab_of(m) >= m->caches[0].bytes / 10 * 9
			? m->caches[0].bytes : 0;
	case OOM_HUGETLB:
		return known(m, MEM_HUGETLB);
	case OOM_SHMEM:
		return known(m, MEM_SHMEM);
	case OOM_PROCESS:
		return process_of(r) ? process_of(r)->bytes : 0;
	case OOM_MANY:
		return used_by_many(m);
	case OOM_VMALLOC:
		return used_by_vmalloc(m);
	case OOM_ZSMALLOC:
		return known(m, MEM_ZSMALLOC);
	case OOM_PAGES:
		return known(m, MEM_NOT_COUNTED);
	case OOM_TABLES:
		return known(m, MEM_PAGE_TABLES);
	case OOM_STACKS:
		return known(m, MEM_KERNEL_STACKS);
	case OOM_FILES:
		return used_by_files(r);
	default:
		return 0;
	}
}

/*
 * A cache that has an eighth of memory is odd, a process that has a third is not: beside it
 * that is blamed only if it asked for more, or has most.
 */
static bool is_rather_slab(const struct report *r, enum oom_user found)
{
	uint64_t total = known(&r->memory, MEM_TOTAL), slab = used_by(r, OOM_SLAB);

	return slab <= total && slab > total / 8 && used_by(r, found) <= total / 2 &&
	       (found == OOM_MANY ||
		(found == OOM_PROCESS && !has_asked(r, process_of(r))));
}

/* The largest user, of those that have enough of memory to be named. */
static enum oom_user oom_user(const struct report *r)
{
	const struct memuse *m = &r->memory;
	uint64_t total = known(m, MEM_TOTAL), most = 0;
	enum oom_user found = OOM_UNKNOWN;

	for (enum oom_user user = OOM_SLAB; r->has_memory && user < N_OOM_USERS; user++) {
		uint64_t used = used_by(r, user);

		if (used <= total && used > total / users[user].part && used > most) {
			most = used;
			found = user;
		}
	}
	return is_rather_slab(r, found) ? OOM_SLAB : found;
}

/* ---- control groups -------------------------------------------------------------------- */

/*
 * The log's word that a group ran out of it; NULL: the machine did. Each time begins with its
 * own line, and only panic_on_oom=2 dies of a group's (Linux mm/oom_kill.c).
 */
static const char *group_of_log(const struct report *r)
{
	const struct log_line *line;
	const char *found = NULL;

	if (!strstr(r->log.panic, "compulsory"))
		return NULL;
	for (unsigned i = 0; (line = timeline_line(&r->timeline, i)); i++)
		if (!strncmp(line->message, GROUP_LINE, strlen(GROUP_LINE)))
			found = line->message + strlen(GROUP_LINE);
		else if (strstr(line->message, "invoked oom-killer"))
			found = NULL;
	return found;
}

/* The one that the log names, if it is full in memory too; NULL: none is. */
static const struct memgroup *full_group(const struct report *r)
{
	const char *name = group_of_log(r);

	for (unsigned i = 0; name && i < r->memgroups.n; i++) {
		const char *path = r->memgroups.list[i].path;

		if (!strncmp(name, path, strlen(path)) && name[strlen(path)] == ':')
			return &r->memgroups.list[i];
	}
	return NULL;
}

static bool group_is_full(const struct report *r, struct finding *f)
{
	const struct memgroup *g = full_group(r);
	char who[64] = "somebody";

	if (!g)
		return false;
	if (r->subject.at)
		snprintf(who, sizeof(who), "%s (pid %u)%s", r->subject.comm, r->subject.pid,
			 g < r->memgroups.list + r->memgroups.n_own ? " in it" : "");
	finding_says(f, "The control group %.100s has all the memory that it may have, %.0f of "
		     "%.0f MiB, and %s asked for more.", g->path, g->usage / MIB,
		     g->max / MIB, who);
	return true;
}

/* ---- all of it --------------------------------------------------------------------------- */

bool finding_oom_user(struct report *r, char *text, size_t size)
{
	enum oom_user user = oom_user(r);
	const struct memuse *m = &r->memory;

	/* Its path has what differs from crash to crash: the number of a container. */
	if (group_of_log(r))
		snprintf(text, size, "cgroup");
	else if (user == OOM_UNKNOWN)
		return false;
	else
		snprintf(text, size, "%s%s%s", users[user].word,
			 users[user].is_named ? " " : "",
			 user == OOM_SLAB ? m->caches[0].name :
			 user == OOM_MANY ? memuse_top_name(m)->comm :
			 user == OOM_PROCESS ? process_of(r)->comm : "");
	return true;
}

static void says_user(const struct report *r, enum oom_user user, struct finding *f)
{
	const struct memuse *m = &r->memory;
	double total = m->counters[MEM_TOTAL] / MIB, used = used_by(r, user) / MIB;
	const struct proc_use *process = process_of(r);

	switch (user) {
	case OOM_SLAB:
		finding_says(f, "Memory is used up by the kernel itself: slab cache %s has "
			     "%.0f of %.0f MiB, %" PRIu64 " objects.", m->caches[0].name,
			     used, total, m->caches[0].objects);
		break;
	case OOM_HUGETLB:
		finding_says(f, "Memory is kept for huge pages (hugetlb): %.0f of %.0f MiB, "
			     "which nothing else may use.", used, total);
		break;
	case OOM_SHMEM:
		finding_says(f, "Memory is used up by shared memory and tmpfs: %.0f of "
			     "%.0f MiB.", used, total);
		break;
	case OOM_PROCESS:
		finding_says(f, "Memory is used up by a process: %s (pid %u) has %.0f of "
			     "%.0f MiB%s.", process->comm, process->pid, used, total,
			     has_asked(r, process) ? ", and asked for more" : "");
		break;
	case OOM_MANY:
		finding_says(f, "Memory is used up by many processes: %u of the name %s have "
			     "%.0f of %.0f MiB.", memuse_top_name(m)->n,
			     memuse_top_name(m)->comm, used, total);
		break;
	case OOM_VMALLOC:
		finding_says(f, "Memory is used up by the kernel itself: %.0f of %.0f MiB are "
			     "mapped by vmalloc.", used, total);
		break;
	case OOM_ZSMALLOC:
		finding_says(f, "Memory is used up by what zram and zswap keep packed in it: "
			     "%.0f of %.0f MiB.", used, total);
		break;
	case OOM_PAGES:
		finding_says(f, "Memory is used up by the kernel itself: %.0f of %.0f MiB are "
			     "pages that no counter has, as a driver takes them.", used, total);
		break;
	case OOM_TABLES:
		finding_says(f, "Memory is used up by page tables: %.0f of %.0f MiB.", used,
			     total);
		break;
	case OOM_STACKS:
		finding_says(f, "Memory is used up by the kernel's stacks of %u tasks: %.0f of "
			     "%.0f MiB.", r->procs.n, used, total);
		break;
	case OOM_FILES:
		finding_says(f, "Memory is used up by pages of files that could not be given "
			     "back: %.0f of %.0f MiB.", used, total);
		break;
	default:
		finding_says(f, "Memory was used up, and no single user of it stands out.");
	}
}

bool finding_oom(struct report *r, struct finding *f)
{
	const char *group = group_of_log(r);

	if (r->log.death.kind != KIND_OOM)
		return false;
	if (!group_is_full(r, f)) {
		/* Not the machine: who has most of that has nothing to do with it. */
		if (group)
			finding_says(f, "A control group used up the memory that it may have: "
				     "%.100s", group);
		else
			says_user(r, oom_user(r), f);
	}
	finding_because(f, "%s", r->log.panic);
	finding_memory(r, f);
	return true;
}
