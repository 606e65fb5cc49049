/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Forks, limits the child's time, and takes what it made only if it says that it is done. */
#include "reporter.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/jsonwrite.h"
#include "base/log.h"
#include "crash.h"
#include "triage/report_json.h"
#include "triage/report_make.h"
#include "triage/report_parts.h"
#include "triage/report_text.h"

#define BUDGET_S 10.0
#define CPU_S 10
#define TICK_S 0.02
#define N_STAY 128u
#define WINDOWS_LEN (N_STAY * STAY_COST)	/* of this kernel's memory: they show 256 MiB */
#define ADDRESSES_LEN ((256ull + 32) << 20)	/* that it may map more, those with them */
#define REST "rest"		/* a section's name, for all that the report does not come to */

/* ---- in the child ------------------------------------------------------------- */

/* "audit: no such symbol; stacks: ..." */
static void list_missing(const struct report *r, char *text, size_t size)
{
	size_t len = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < r->n_missing && len < size - 1; i++)
		len += snprintf(text + len, size - len, "%s%s: %s", i ? "; " : "",
				r->missing[i].section, r->missing[i].why);
}

static void note_section(struct reported *to, const char *section)
{
	snprintf(to->section, sizeof(to->section), "%s", section);
}

static void publish(struct report *r, bool wire_is_bare, struct reported *to)
{
	struct json j;
	struct err e;

	note_section(to, "json");
	report_line(r, false, to->line, sizeof(to->line));
	report_line(r, wire_is_bare, to->wire, sizeof(to->wire));
	snprintf(to->id, sizeof(to->id), "%s", r->signature.id);
	snprintf(to->coarse, sizeof(to->coarse), "%s", r->signature.coarse);
	snprintf(to->title, sizeof(to->title), "%s", r->signature.title);
	snprintf(to->known, sizeof(to->known), "%s", r->known);
	/* What salvage finds may be of a boot before, and what is not known is many things. */
	to->is_sure = r->signature.confidence >= CONFIDENCE_RESYNCED &&
		      r->signature.kind != KIND_UNKNOWN && r->by_log == LOG_READ;
	snprintf(to->level, sizeof(to->level), "%s", report_level_name(r->level));
	list_missing(r, to->missing, sizeof(to->missing));
	to->seconds = r->seconds;
	to->uptime_s = r->system.uptime_s;
	to->finding_len = report_part_text(r, &part_finding, to->text, sizeof(to->text));
	to->text_len = report_text(r, to->text, sizeof(to->text));
	__atomic_store_n(&to->done, 1, __ATOMIC_RELEASE);
	json_init(&j, to->json, sizeof(to->json));
	report_json(r, &j);
	/* What has no room is not in it; it can be read all the same. */
	if (!json_end(&j, &e))
		log_warn("report.json has not all of it: %s", e.text);
	__atomic_store_n(&to->json_len, j.off + j.len, __ATOMIC_RELEASE);
}

/* One that is not what it should be is told, and the report does without. */
static bool load_known(struct known_list *known, const char *path, struct arena *arena)
{
	struct err e;

	if (!path[0])
		return false;
	if (known_load(known, path, arena, &e))
		return true;
	log_warn("known faults: %s", e.text);
	return false;
}

/* As it is so far: if it is looked at, its maker did not come further. */
static void publish_so_far(struct report *r, bool wire_is_bare, const char *behind,
			   struct reported *to)
{
	unsigned n = r->n_missing;

	report_lacks(r, REST, "the report ends early: nothing was read behind %s", behind);
	publish(r, wire_is_bare, to);
	r->n_missing = n;
}

struct making {
	struct crash *crash;
	const struct reporter_wish *wish;
	struct reported *to;
	double until;
};

/* What nobody looks at any more, for there is a better one, gives its memory back. */
static void forget(struct reported *r)
{
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t from = ((uintptr_t)r->text + page - 1) & ~(page - 1);
	uintptr_t to = (uintptr_t)(r->json + sizeof(r->json)) & ~(page - 1);

	__atomic_store_n(&r->done, 0, __ATOMIC_RELEASE);
	madvise((void *)from, to - from, MADV_REMOVE);
}

static void read_parts(const struct making *m, struct report *r)
{
	enum reported_by by = REPORTED_BY_LOG;

	for (const struct report_part *const *part = parts_by_worth; *part; part++) {
		note_section(&m->to[by], (*part)->name);
		report_read_part(r, *part);
		if (*part != &part_crash && *part != &part_finding)
			continue;
		note_section(&m->to[by], part_finding.name);
		report_settle(r);
		publish_so_far(r, m->wish->wire_is_bare, (*part)->name, &m->to[++by]);
		forget(&m->to[by - 1]);
	}
	note_section(&m->to[by], part_finding.name);
}

static void make(const struct making *m)
{
	struct arena *arena = &m->crash->arena;
	uint64_t alive = 0;
	const struct bounds bounds = { .until = m->until, .mem_len = arena->len,
				       .alive = &alive };
	struct known_list known;
	bool has_known = load_known(&known, m->wish->known_file, arena);
	const struct elfcore *core = &m->crash->core;
	/* A crashed kernel has saved what CPUs did; of a dump by QEMU its notes have it. */
	const struct report_want want = { .kernel = &m->crash->kernel, .arena = arena,
					  .bounds = &bounds, .core = core,
					  .notes = core->is_memory ? NULL : core->notes,
					  .notes_len = core->notes_len,
					  .known = has_known ? &known : NULL,
					  .without_args = m->wish->without_args,
					  .live_s = crash_live_s(m->crash) };
	struct report *r;
	struct err e;

	/* Without them each page that is looked at is mapped, which stops all CPUs. */
	corereader_stay(&m->crash->reader, WINDOWS_LEN, arena, &e);
	r = arena_take(arena, 1, sizeof(*r), "report", &e);
	if (!r || !report_begin(r, &want, &e)) {
		log_warn("no report: %s", e.text);
		return;
	}
	publish_so_far(r, m->wish->wire_is_bare, "the log", &m->to[REPORTED_BY_LOG]);
	note_section(&m->to[REPORTED_BY_LOG], "symbols");
	if (report_open_memory(r))
		read_parts(m, r);
	report_settle(r);
	publish(r, m->wish->wire_is_bare, &m->to[REPORTED_BY_MEMORY]);
}

/* Bytes of addresses that are in use; 0: not known. */
static uint64_t addresses_len(void)
{
	unsigned long long n_pages;
	FILE *f = fopen("/proc/self/statm", "re");
	bool ok = f && fscanf(f, "%llu", &n_pages) == 1;

	if (f)
		fclose(f);
	return ok ? n_pages * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

/* It is the first to go when memory runs short, and cannot outlive who waits for it. */
static void limit_child(void)
{
	struct rlimit cpu = { CPU_S, CPU_S };
	uint64_t most = addresses_len() + ADDRESSES_LEN;
	struct rlimit addresses = { most, most };
	struct err ignored;

	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	setrlimit(RLIMIT_CPU, &cpu);
	if (most > ADDRESSES_LEN)
		setrlimit(RLIMIT_AS, &addresses);
	write_text("/proc/self/oom_score_adj", "1000", &ignored);
}

/* ---- who waits ------------------------------------------------------------------ */

void reporter_start(struct reporter *r, struct crash *crash, const struct reporter_wish *w)
{
	void *map = mmap(NULL, N_REPORTED * sizeof(*r->shared), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	*r = (struct reporter){ .until = monotonic_seconds() + BUDGET_S };
	if (map == MAP_FAILED) {
		log_warn("no report: no memory for it");
		return;
	}
	r->shared = map;
	r->pid = fork();
	if (r->pid < 0) {
		log_warn("no report: no process for it");
		munmap(map, N_REPORTED * sizeof(*r->shared));
		*r = (struct reporter){ .shared = NULL };
		return;
	}
	if (r->pid)
		return;
	limit_child();
	make(&(struct making){ crash, w, r->shared, r->until - 1 });
	_exit(0);
}

static double cpu_seconds_of(const struct rusage *used)
{
	return used->ru_utime.tv_sec + used->ru_stime.tv_sec +
	       (used->ru_utime.tv_usec + used->ru_stime.tv_usec) / 1e6;
}

/* True when it has ended; how is logged unless all is well. */
static bool has_ended(struct reporter *r)
{
	int status;
	struct rusage used;
	pid_t ended = wait4(r->pid, &status, WNOHANG, &used);

	if (!ended)
		return false;
	r->pid = 0;
	if (ended > 0) {
		r->cpu_s = cpu_seconds_of(&used);
		r->peak_len = (uint64_t)used.ru_maxrss << 10;
	}
	if (ended > 0 && WIFSIGNALED(status))
		snprintf(r->end, sizeof(r->end), "signal %d", WTERMSIG(status));
	else if (ended > 0 && WEXITSTATUS(status))
		snprintf(r->end, sizeof(r->end), "status %d", WEXITSTATUS(status));
	return true;
}

size_t reported_json_len(const struct reported *r)
{
	return __atomic_load_n(&r->json_len, __ATOMIC_ACQUIRE);
}

/* That it ended there, in what is left of it. */
static void tell_end(const struct reporter *r, struct reported *to)
{
	size_t len = strlen(to->missing), room = sizeof(to->text) - to->text_len;
	int n;

	snprintf(to->missing + len, sizeof(to->missing) - len,
		 "%s%s: the report ended here: %s", len ? "; " : "", to->section, r->end);
	n = snprintf(to->text + to->text_len, room, "  missing    %s: the report ended here: "
		     "%s\n", to->section, r->end);
	if (n > 0 && (size_t)n < room)
		to->text_len += (size_t)n;
}

/* Its maker may have written anything there before it died: no length leads outside. */
static void hold_in_bounds(struct reported *to)
{
	char *const texts[] = { to->line, to->wire, to->id, to->coarse, to->title, to->known,
				to->level, to->missing, to->section };
	const size_t sizes[] = { sizeof(to->line), sizeof(to->wire), sizeof(to->id),
				 sizeof(to->coarse), sizeof(to->title), sizeof(to->known),
				 sizeof(to->level), sizeof(to->missing), sizeof(to->section) };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		texts[i][sizes[i] - 1] = '\0';
	if (to->text_len >= sizeof(to->text))
		to->text_len = sizeof(to->text) - 1;
	if (to->finding_len > to->text_len)
		to->finding_len = to->text_len;
	if (to->json_len > sizeof(to->json))
		to->json_len = 0;
}

/* How it ended is said in the best that is left of it, which has the newest JSON. */
static void settle_end(const struct reporter *r)
{
	struct reported *best = NULL, *before = NULL;

	for (int i = 0; i < N_REPORTED; i++) {
		r->shared[i].cpu_s = r->cpu_s;
		r->shared[i].waited_s = r->waited_s;
		r->shared[i].peak_len = r->peak_len;
		if (!__atomic_load_n(&r->shared[i].done, __ATOMIC_ACQUIRE))
			continue;
		hold_in_bounds(&r->shared[i]);
		before = best;
		best = &r->shared[i];
	}
	if (!r->end[0])
		return;
	if (before && !reported_json_len(best)) {
		memcpy(best->json, before->json, reported_json_len(before));
		best->json_len = reported_json_len(before);
	}
	log_warn("the report ends early: %s in %s", r->end, best ? best->section : "the log");
	if (best)
		tell_end(r, best);
}

const struct reported *reporter_look(const struct reporter *r, bool is_over)
{
	int least = is_over ? 0 : N_REPORTED - 1;

	for (int i = N_REPORTED - 1; r->shared && i >= least; i--)
		if (__atomic_load_n(&r->shared[i].done, __ATOMIC_ACQUIRE))
			return &r->shared[i];
	return NULL;
}

const struct reported *reporter_wait(struct reporter *r, uint64_t *alive)
{
	const double begun = monotonic_seconds();

	if (!r->shared)
		return NULL;
	while (r->pid && !has_ended(r)) {
		__atomic_fetch_add(alive, 1, __ATOMIC_RELAXED);
		if (monotonic_seconds() >= r->until) {
			snprintf(r->end, sizeof(r->end), "after %.0f s", BUDGET_S);
			kill(r->pid, SIGKILL);
			/* Stuck in the kernel it may be; who ends last takes it along. */
			r->pid = 0;
			break;
		}
		pause_seconds(TICK_S);
	}
	r->waited_s = monotonic_seconds() - begun;
	settle_end(r);
	return reporter_look(r, true);
}
