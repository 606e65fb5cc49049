/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A death is a chain: an announcement ("BUG: ..."), its registers and call trace, and a panic
 * that only says "Fatal exception". Announcements before that which the kernel survived do
 * not count, so each that comes later than the chain may last replaces the one before.
 */
#include "oops_reader.h"

#include <stdio.h>
#include <string.h>

#include "glob.h"

#define PANIC "Kernel panic - not syncing: "
#define CHAIN_S 30.0	/* from the first announcement to the panic; consoles are slow */
#define CHAIN_LINES 400u	/* the same where lines have no time */
#define FOREIGN_LINES 40u
#define PAGE 4096
#define CUT_LINES 6u	/* of a warning, before the one that says WARNING */

void oops_reader_init(struct oops_reader *r)
{
	memset(r, 0, sizeof(*r));
	r->death.seconds = -1;
	r->death.cpu = r->death.pid = -1;
	r->death.named_cpu = r->death.named_pid = -1;
	r->death.blocked_s = -1;
}

/* Is the one that is there a part of what comes now? */
static bool is_same_chain(const struct oops_reader *r, const struct log_line *line)
{
	if (!r->death.line[0])
		return false;
	if (r->death.seconds >= 0 && line->seconds >= 0)
		return line->seconds - r->death.seconds <= CHAIN_S;
	return r->n_since < CHAIN_LINES;
}

static void note_earlier(struct oops_earlier *e, const struct oops *o)
{
	if (!o->line[0] || crash_kind_weight(o->kind) <= crash_kind_weight(e->kind))
		return;
	*e = (struct oops_earlier){ .kind = o->kind, .seconds = o->seconds, .pid = o->pid };
	memcpy(e->comm, o->comm, sizeof(e->comm));
	memcpy(e->line, o->line, sizeof(e->line));
	for (unsigned i = 0; i < o->n_frames && !e->where.text[0]; i++)
		if (frame_role(&o->frames[i].name) == FRAME_PLAIN)
			e->where = o->frames[i].name;
}

/* What was read so far is of another fault than what comes now. */
static void restart(struct oops_reader *r)
{
	struct oops_reader fresh;

	oops_reader_init(&fresh);
	fresh.n_oopses = r->n_oopses + 1;
	fresh.earlier = r->earlier;
	note_earlier(&fresh.earlier, &r->death);
	fresh.n_cut = r->n_cut;
	memcpy(fresh.cut_words, r->cut_words, sizeof(fresh.cut_words));
	*r = fresh;
}

static void begin(struct oops_reader *r, enum crash_kind kind, const struct log_line *line)
{
	restart(r);
	r->death.kind = kind;
	r->death.seconds = line->seconds;
	snprintf(r->death.caller, sizeof(r->death.caller), "%s", line->caller);
	snprintf(r->death.line, sizeof(r->death.line), "%s", line->message);
	oops_detail_announced(&r->death, line->message);
}

/* Tells of a bad access just before it happens, or goes on with what is bad. */
static bool foretells(enum crash_kind kind)
{
	return kind == KIND_REFCOUNT || kind == KIND_KASAN || kind == KIND_KFENCE;
}

/* Those end in a BUG or an access of their own. */
static bool is_checker(enum crash_kind kind, enum crash_kind then)
{
	switch (kind) {
	case KIND_LIST_CORRUPTION:
	case KIND_SLAB_CORRUPTION:
	case KIND_UBSAN:
		return then == KIND_BUG || then == KIND_INVALID_OP || then == KIND_WARN;
	default:
		return foretells(kind);
	}
}

/*
 * "kernel BUG at" stands behind the sentence about the list, "invalid opcode" behind "kernel
 * BUG at": the first says most. But what may be survived, a WARNING, a CPU that was stalled
 * for a while, explains nothing else that is found soon after it.
 */
static bool belongs(enum crash_kind first, enum crash_kind then)
{
	if (!crash_kinds[first].survivable || first == then)
		return true;
	if (first == KIND_WARN && then == KIND_REFCOUNT)
		return true;
	return is_checker(first, then) && !crash_kinds[then].is_stall;
}

/* Whose fault this is stands in a later line; until then it is of who was foretold of. */
static void begin_next(struct oops_reader *r, enum crash_kind kind,
		       const struct log_line *line)
{
	struct oops_reader fresh;

	oops_reader_init(&fresh);
	begin(&fresh, kind, line);
	r->next = fresh.death;
}

/* Of another task it is a death of its own. */
static void tell_apart(struct oops_reader *r, const struct log_line *line)
{
	struct oops next;

	if (!r->next.line[0])
		return;
	oops_detail_line(&r->next, line->message);
	if (r->next.pid < 0)
		return;
	if (r->death.pid < 0 || r->death.pid == r->next.pid) {
		r->next.line[0] = '\0';
		return;
	}
	next = r->next;
	restart(r);
	r->death = next;
}

/*
 * Two CPUs may print at once. Whose line it is counts where a fault is that of the one that
 * prints it; of a CPU or a task that hangs others print.
 */
static bool is_of_another(const struct oops_reader *r, const struct log_line *line)
{
	return crash_kinds[r->death.kind].subject == SUBJECT_HERE && r->death.line[0] &&
	       r->death.caller[0] && line->caller[0] && strcmp(r->death.caller, line->caller);
}

static void announced(struct oops_reader *r, enum crash_kind kind, const struct log_line *line)
{
	if (is_same_chain(r, line) && is_of_another(r, line)) {
		/* What kills first is the death; what was survived explains nobody else's. */
		if (crash_kinds[r->death.kind].survivable)
			begin(r, kind, line);
		return;
	}
	if (is_same_chain(r, line) && belongs(r->death.kind, kind)) {
		oops_detail_more(&r->death, kind, line->message);
		r->has_died |= !crash_kinds[kind].survivable;
		if (foretells(r->death.kind) && !crash_kinds[kind].survivable)
			begin_next(r, kind, line);
		return;
	}
	begin(r, kind, line);
}

/* As soon as that was said, and not when something else happened. */
static bool is_at_once(const struct oops_reader *r, const struct log_line *line)
{
	return r->death.seconds < 0 || line->seconds - r->death.seconds < 1;
}

/* Its own words name the kind, where what was announced before does not explain it. */
static void paniced(struct oops_reader *r, const struct log_line *line)
{
	const char *text = line->message + strlen(PANIC);
	enum crash_kind kind = crash_kind_of_panic(text);
	enum crash_kind now = r->death.kind;
	bool in_chain = is_same_chain(r, line);
	bool is_end = kind == KIND_UNKNOWN &&
		      (!crash_kinds[now].survivable || strstr(text, "panic_on_warn") ||
		       (strstr(text, "panic_on_taint") && is_at_once(r, line)) ||
		       strstr(text, "while atomic") ||
		       is_checker(now, KIND_BUG));
	bool explained = is_end || kind == now ||
			 (kind == KIND_INIT_EXIT && now != KIND_WARN) ||
			 (kind == KIND_NMI_UNKNOWN && now == KIND_NMI_HARDWARE) ||
			 (kind == KIND_STACK_OVERFLOW && now == KIND_DOUBLE_FAULT);

	if (!in_chain || !explained) {
		begin(r, kind == KIND_UNKNOWN ? KIND_PANIC : kind, line);
		r->death.seconds = line->seconds;
		snprintf(r->death.line, sizeof(r->death.line), "%s", line->message);
	}
	r->has_panic = true;
	snprintf(r->panic, sizeof(r->panic), "%s", text);
	oops_detail_paniced(&r->death, text);
}

/*
 * What was broken into is the subject of a CPU that hangs: all before it is who noticed. A
 * trace by its registers ("RIP:" in front) begins there.
 */
static void trace_broken(struct oops_reader *r, const struct oops_frame *frame)
{
	struct oops *o = &r->death;

	if (crash_kinds[o->kind].subject == SUBJECT_CPU && !o->has_where) {
		o->n_frames = 0;
		o->has_where = frame != NULL;
	}
	if (frame)
		oops_detail_frame(o, frame);
}

/* Registers in the middle of a trace, of whatever was broken into there. */
static const char *const registers[] = {
	"Code: *", "RSP: *", "RAX: *", "RDX: *", "RBP: *", "R10: *", "R13: *", "ORIG_RAX: *",
	"FS: *", "CS: *", "CR2: *", "DR0: *", "DR3: *", "PKRU: *", "EFLAGS: *", NULL,
};

/* What the kernel itself puts behind a trace. */
static const char *const behind_traces[] = {
	"", "---[ *", "====*", "----*", "Modules linked in*", "CPU: *", "Hardware name: *",
	"RIP: *", "Kernel Offset*", "Allocated *", "Freed *", "The buggy address *",
	"Memory state *", "Last potentially related *", "NMI backtrace *", "Sending NMI *",
	"task:*", "Showing *", "Mem-Info*", "INFO: *", "BUG: *", "WARNING: *", NULL,
};

static void end_trace(struct oops_reader *r)
{
	r->in_trace = false;
	r->trace_done = r->death.n_frames > r->death.has_where;
}

/*
 * Behind "Call Trace:". Other CPUs and programs write into the midst of it, or it is that of a
 * console that others write to: a few lines that are no frames do not end it.
 */
static void trace_line(struct oops_reader *r, const struct log_line *line)
{
	const char *message = line->message;
	struct oops_frame frame;

	if (oops_broken_into(message, &frame)) {
		trace_broken(r, &frame);
		return;
	}
	if (glob_any(registers, message))
		return;
	switch (oops_frame_parse(message, &frame)) {
	case TRACE_FRAME:
		oops_detail_frame(&r->death, &frame);
		r->n_foreign = 0;
		break;
	case TRACE_MARK:
		if (!strncmp(message, "<EOI>", 5))
			trace_broken(r, NULL);
		r->n_foreign = 0;
		break;
	case TRACE_END:
		/* What a program writes to the same console has no time in front. */
		if (line->seconds < 0 && r->death.seconds >= 0)
			break;
		if (glob_any(behind_traces, message) || ++r->n_foreign > FOREIGN_LINES)
			end_trace(r);
		break;
	}
}

/* Of KFENCE's traces the first, behind "Use-after-free read at 0x... (in kfence-#33):". */
static bool is_trace_head(const struct oops *o, const char *message)
{
	size_t len = strlen(message);

	if (o->kind == KIND_KFENCE && !o->n_frames && len && message[len - 1] == ':')
		return true;
	return !strncmp(message, "Call Trace:", 11) || !strncmp(message, "Call trace:", 11);
}

/* A lock-up's traces begin with the CPU that noticed it: only that of the named one counts. */
static void note_cpu(struct oops_reader *r, const char *message)
{
	int cpu;

	/* RCU's own thread is nobody's fault, and where it waits tells nothing. */
	if (strstr(message, "RCU grace-period kthread stack dump"))
		r->other_cpu = true;
	if (!log_number_after(message, "NMI backtrace for cpu ", &cpu) &&
	    (strncmp(message, "CPU: ", 5) || !log_number_after(message, "CPU: ", &cpu)))
		return;
	r->other_cpu = r->death.named_cpu >= 0 && cpu != r->death.named_cpu;
}

/* What WARN(1, "...") has to say stands between the two lines of each warning. */
static void note_words(struct oops_reader *r, enum crash_kind kind, const char *message)
{
	if (strstr(message, "[ cut here ]")) {
		r->n_cut = 1;
		r->cut_words[0] = '\0';
	} else if (!r->n_cut) {
		return;
	} else if (kind != KIND_UNKNOWN || r->n_cut == CUT_LINES) {
		r->n_cut = 0;
		if (kind == KIND_WARN && r->death.kind == kind)
			snprintf(r->death.words, sizeof(r->death.words), "%s", r->cut_words);
	} else if (r->n_cut++ == 1) {
		snprintf(r->cut_words, sizeof(r->cut_words), "%s", message);
	}
}

/* One that others have broken off is over, too. */
static void begin_trace(struct oops_reader *r)
{
	if (r->in_trace)
		end_trace(r);
	r->in_trace = !r->trace_done && !r->other_cpu;
	r->n_foreign = 0;
}

void oops_reader_line(struct oops_reader *r, const struct log_line *line)
{
	enum crash_kind kind;

	if (r->has_panic && r->trace_done)
		return;
	r->n_since++;
	if (!strncmp(line->message, PANIC, strlen(PANIC))) {
		if (!r->has_panic)
			paniced(r, line);
		return;
	}
	kind = r->has_panic ? KIND_UNKNOWN : crash_kind_of_line(line->message);
	if (kind != KIND_UNKNOWN)
		announced(r, kind, line);
	note_words(r, kind, line->message);
	if (!r->death.line[0] || !is_same_chain(r, line) || is_of_another(r, line))
		return;
	tell_apart(r, line);
	/* Who kept RCU's thread is told behind the trace of the CPU that it waited for. */
	if (r->death.kind == KIND_RCU_STALL && oops_detail_starved(&r->death, line->message))
		r->trace_done = r->in_trace = false;
	note_cpu(r, line->message);
	if (is_trace_head(&r->death, line->message))
		begin_trace(r);
	else if (r->in_trace)
		trace_line(r, line);
	if (!r->trace_done && !r->other_cpu)
		oops_detail_line(&r->death, line->message);
}

void oops_reader_feed(struct oops_reader *r, const char *text, size_t len)
{
	struct log_line line;

	while (log_line_next(&text, &len, &line))
		oops_reader_line(r, &line);
}

/* -4096 to 4095: a pointer to nothing or an error number, and a member behind it. */
static bool is_near_null(uint64_t address)
{
	return address < PAGE || address >= (uint64_t)-PAGE;
}

/* Of the kernel it has the highest bits. */
static bool is_of_user(uint64_t address)
{
	return !(address >> 55);
}

void oops_reader_end(struct oops_reader *r)
{
	struct oops *o = &r->death;
	/* x86 has an exception of its own for an address that no memory can have. */
	bool is_access = o->kind == KIND_BAD_ACCESS || o->kind == KIND_NULL_DEREF ||
			 (o->kind == KIND_GPF && o->has_address);

	if (is_access && o->access == ACCESS_EXEC)
		o->kind = KIND_BAD_EXEC;
	else if (is_access && o->has_address)
		o->kind = is_near_null(o->address) ? KIND_NULL_DEREF :
			  /* Of SMAP x86 says no more than that; arm64 has words for it. */
			  o->is_forbidden && is_of_user(o->address) ? KIND_USER_ACCESS :
			  KIND_BAD_ACCESS;
	/* Survived, by all that the log says. */
	if (!r->has_panic && !r->has_died && crash_kinds[o->kind].survivable) {
		r->survived = o->kind;
		o->kind = KIND_UNKNOWN;
	}
}

void oops_reader_take_survived(struct oops_reader *r)
{
	if (r->survived != KIND_UNKNOWN)
		r->death.kind = r->survived;
}

bool oops_reader_is_survived(const struct oops_reader *r)
{
	return r->survived != KIND_UNKNOWN && r->death.kind == r->survived;
}
