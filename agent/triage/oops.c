/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words and fields of an oops, as x86 and arm64 print them since 5.10. */
#include "oops.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* At most size - 1 characters of what stands before any of `stop`. */
static void copy_until(char *to, size_t size, const char *from, const char *stop)
{
	size_t len = strcspn(from, stop);

	snprintf(to, size, "%.*s", (int)(len < size ? len : size - 1), from);
}

/* ---- frames ------------------------------------------------------------------ */

/*
 * "[mod]", "[mod 0123abcd]" with a build id, "[mod OE]"; behind a place in the source, where
 * the log was looked up in debug information, without brackets. Of BPF programs it says none.
 */
static void set_name(struct oops_frame *frame, const char *symbol, const char *rest)
{
	char module[FRAME_NAME_MAX / 2];
	const char *name = strstr(rest, " ["), *behind = strstr(rest, ") ");

	snprintf(module, sizeof(module), "%s", frame_is_bpf_program(symbol) ? "bpf" : "");
	name = name ? name + 2 : behind ? behind + 2 : NULL;
	if (name)
		copy_until(module, sizeof(module), name, " ]");
	frame_name_set(&frame->name, symbol, module[0] ? module : NULL);
}

/* "[<ffffffff810a376f>] ", once or twice, as kernels before 4.10 and some later ones had. */
static const char *past_addresses(const char *message)
{
	uint64_t address;

	while (!strncmp(message, "[<", 2) && log_hex_after(message, "[<", &address)) {
		message += strcspn(message, " ");
		message += strspn(message, " ");
	}
	return message;
}

/* " (kernel/rcu/tree.c:3046)", in place of an offset: the log was looked up. */
static bool is_source_place(const char *at)
{
	const char *end = strchr(at, ')'), *colon = strchr(at, ':');

	return !strncmp(at, " (", 2) && end && colon && colon < end && colon[1] >= '0' &&
	       colon[1] <= '9';
}

/* The code of another function stands in this one: it has no frame. */
static bool is_inlined(const char *message)
{
	const char *at = strstr(message, "inline");

	return at && (!strncmp(message, "[<", 2) ||
		      (at > message && !strcmp(at - 1, "[inline]")));
}

/* "+0x1f/0x280" */
static bool is_offset(const char *at, struct oops_frame *frame)
{
	const char *slash = strchr(at, '/');

	return at[0] == '+' && slash && log_hex_after(at, "+0x", &frame->off) &&
	       log_hex_after(slash, "/", &frame->size);
}

enum trace_line oops_frame_parse(const char *message, struct oops_frame *frame)
{
	char symbol[FRAME_NAME_MAX];
	const char *rest;
	size_t len;

	if (is_inlined(message))
		return TRACE_MARK;
	message = past_addresses(message);
	/* "<TASK>", "? foo+0x1/0x2", and an address that no code is at. */
	if (message[0] == '<' || message[0] == '?' || !strncmp(message, "0x", 2))
		return TRACE_MARK;
	len = strcspn(message, "+ :");
	rest = message + len;
	frame->off = frame->size = 0;
	if (!len || (!is_source_place(rest) && !is_offset(rest, frame)))
		return TRACE_END;
	snprintf(symbol, sizeof(symbol), "%.*s", (int)len, message);
	set_name(frame, symbol, rest);
	return TRACE_FRAME;
}

void oops_frame_text(const struct oops_frame *frame, char *text, size_t size)
{
	if (frame->size)
		snprintf(text, size, "%s+0x%" PRIx64 "/0x%" PRIx64, frame->name.text,
			 frame->off, frame->size);
	else
		snprintf(text, size, "%s", frame->name.text);
}

void oops_detail_frame(struct oops *o, const struct oops_frame *frame)
{
	/*
	 * A function that calls itself, directly or not, counts once, or would leave no room
	 * for who called it. arm64 prints the instruction itself once more, too.
	 */
	for (unsigned i = 0; i < o->n_frames; i++)
		if (!strcmp(frame->name.text, o->frames[i].name.text))
			return;
	if (o->n_frames < OOPS_FRAMES)
		o->frames[o->n_frames++] = *frame;
}

/* Behind "RIP: ", and "0010:" since 4.15, or "RIP: 0010:[<...>]  [<...>] " before. */
static const char *past_rip(const char *message)
{
	static const char rip[] = "RIP: ";

	if (strncmp(message, rip, strlen(rip)))
		return NULL;
	message += strlen(rip);
	return strspn(message, "0123456789abcdef") == 4 && message[4] == ':' ? message + 5 :
	       message;
}

bool oops_broken_into(const char *message, struct oops_frame *frame)
{
	const char *at = past_rip(message);

	return at && oops_frame_parse(at, frame) == TRACE_FRAME;
}

/*
 * "RIP: 0010:foo+0x1/0x2 [mod]", "pc : foo+0x1/0x2". Where that is no code, arm64's trace does
 * not have who called it, as x86's does, but "lr : bar+0x1/0x2" is it.
 */
static void note_where(struct oops *o, const char *message)
{
	struct oops_frame frame;
	const char *at = past_rip(message);
	bool is_caller = !strncmp(message, "lr : ", 5);

	if (o->n_frames)
		return;
	if (!at && (is_caller || !strncmp(message, "pc : ", 5)))
		at = message + 5;
	if (!at || oops_frame_parse(at, &frame) != TRACE_FRAME)
		return;
	o->frames[o->n_frames++] = frame;
	o->has_where = !is_caller;
}

/* ---- addresses and accesses ----------------------------------------------------- */

static void note_address(struct oops *o, const char *message)
{
	static const char *const words[] = {
		"address: ", "virtual address ", "paging request at ", "dereference at ",
		"non-canonical address ", "maybe for address ",
	};

	for (size_t i = 0; !o->has_address && i < sizeof(words) / sizeof(words[0]); i++)
		o->has_address = log_hex_after(message, words[i], &o->address);
}

static void note_access(struct oops *o, const char *message)
{
	static const struct {
		const char *word;
		enum oops_access access;
	} words[] = {
		{ "instruction fetch in kernel mode", ACCESS_EXEC },
		{ "write access in kernel mode", ACCESS_WRITE },
		{ "read access in kernel mode", ACCESS_READ },
		{ "IABT (current EL)", ACCESS_EXEC },
		{ "WnR = 1", ACCESS_WRITE }, { "WnR = 0", ACCESS_READ },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (o->access == ACCESS_UNKNOWN && strstr(message, words[i].word))
			o->access = words[i].access;
}

/* "#PF: error_code(0x0003) - permissions violation", "Oops: 0002 [#1]", "ESR = 0x96000044" */
static void note_error(struct oops *o, const char *message)
{
	static const char *const words[] = { "#PF: error_code(", "ESR = ", "Oops: " };

	if (!strncmp(message, "#PF: ", 5) && strstr(message, "permissions violation"))
		o->is_forbidden = true;
	for (size_t i = 0; !o->has_error && i < sizeof(words) / sizeof(words[0]); i++)
		o->has_error = log_hex_after(message, words[i], &o->error);
}

/* ---- who ----------------------------------------------------------------------- */

/* "CPU: 0 PID: 4711 Comm: insmod Tainted: ..."; since 6.11 with UID in between. */
static void note_who(struct oops *o, const char *message)
{
	static const char *const behind[] = { " Kdump: loaded", " Tainted: ", " Not tainted" };
	const char *comm = strstr(message, "Comm: "), *end = NULL;

	if (o->cpu >= 0 || strncmp(message, "CPU: ", 5) || !comm)
		return;
	log_number_after(message, "CPU: ", &o->cpu);
	log_number_after(message, " PID: ", &o->pid);
	comm += 6;
	for (size_t i = 0; !end && i < sizeof(behind) / sizeof(behind[0]); i++)
		end = strstr(comm, behind[i]);
	if (!end)
		end = comm + strlen(comm);
	snprintf(o->comm, sizeof(o->comm), "%.*s", (int)(end - comm), comm);
}

/* "INFO: task jbd2/vda1-8:123 blocked for more than 120 seconds." A name may hold a ':'. */
static void note_hung(struct oops *o, const char *message)
{
	static const char begin[] = "INFO: task ";
	const char *name = message + strlen(begin), *end, *colon = NULL;

	if (strncmp(message, begin, strlen(begin)))
		return;		/* the panic alone names nobody */
	end = strstr(name, " blocked ");
	for (const char *at = name; end && at < end; at++)
		if (*at == ':')
			colon = at;
	if (!colon)
		return;
	log_number_after(colon, ":", &o->named_pid);
	snprintf(o->named_comm, sizeof(o->named_comm), "%.*s", (int)(colon - name), name);
	log_number_after(message, "for more than ", &o->blocked_s);
}

/* "soft lockup - CPU#3 stuck for 22s! [lab:801]" */
static void note_lockup(struct oops *o, const char *message)
{
	const char *bracket = strrchr(message, '['), *colon = strrchr(message, ':');

	if (!log_number_after(message, "CPU#", &o->named_cpu))
		log_number_after(message, "on cpu ", &o->named_cpu);
	log_number_after(message, "stuck for ", &o->blocked_s);
	if (!bracket || !colon || colon < bracket)
		return;
	log_number_after(colon, ":", &o->named_pid);
	snprintf(o->named_comm, sizeof(o->named_comm), "%.*s", (int)(colon - bracket - 1),
		 bracket + 1);
}

/*
 * A task that was put off while RCU waits for it: "rcu: Tasks blocked on level-0 rcu_node
 * (CPUs 0-1): P801/1:b..l", "{ P801 }"; "task:acmed   state:R  stack:0   pid:801   ppid:2".
 */
static void note_rcu_task(struct oops *o, const char *message)
{
	const char *at = strncmp(message, "task:", 5) ? NULL : strstr(message, " pid:");
	int pid;

	if (o->named_pid < 0 && (strstr(message, "Tasks blocked on level-") ||
				 strstr(message, "expedited stalls on CPUs/tasks: {")))
		log_number_after(message, " P", &o->named_pid);
	if (!at || !log_number_after(at + 5 + strspn(at + 5, " "), "", &pid) ||
	    pid != o->named_pid)
		return;
	copy_until(o->named_comm, sizeof(o->named_comm), message + 5, " ");
}

/* "rcu: 	3-....: (2100 ticks this GP)", or "{ 3-.... }" in one line. */
static void note_rcu(struct oops *o, const char *message)
{
	const char *at = strchr(message, '{');
	int cpu;

	if (o->kind != KIND_RCU_STALL || o->named_cpu >= 0)
		return;
	note_rcu_task(o, message);
	if (at)
		at++;
	else if (!strncmp(message, "rcu: ", 5))
		at = message + 5;
	else
		at = message;
	at += strspn(at, " ");
	if (log_number_after(at, "", &cpu) && at[strspn(at, "0123456789")] == '-')
		o->named_cpu = cpu;
}

/* "... kthread starved for 21002 jiffies! g7905 f0x0 RCU_GP_WAIT_FQS(5) ->state=0x0 ->cpu=1" */
bool oops_detail_starved(struct oops *o, const char *message)
{
	const char *at = strstr(message, " kthread starved for ");
	int cpu, state;

	/* One that sleeps was not woken, and no CPU kept it. */
	if (!at || !log_number_after(at, "->state=0x", &state) || state ||
	    !log_number_after(at, "->cpu=", &cpu))
		return false;
	o->is_rcu_starved = true;
	o->named_cpu = cpu;
	o->named_pid = -1;
	o->n_frames = 0;
	o->has_where = false;
	return true;
}

/* 6.19 and newer: "WARNING: kernel/foo.c:12 at func+0x1/0x2, CPU#3: comm/123" */
static void note_new_warning(struct oops *o, const char *message)
{
	const char *at = strstr(message, ", CPU#"), *comm, *slash;

	if (!at || o->cpu >= 0)
		return;
	log_number_after(at, "CPU#", &o->cpu);
	comm = strstr(at, ": ");
	slash = strrchr(at, '/');
	if (!comm || !slash || slash < comm)
		return;
	log_number_after(slash, "/", &o->pid);
	snprintf(o->comm, sizeof(o->comm), "%.*s", (int)(slash - comm - 2), comm + 2);
}

/* ---- what it is ------------------------------------------------------------------ */

/* "BUG: KASAN: slab-use-after-free in foo+0x1/0x2", "BUG: KFENCE: invalid free in foo" */
static void note_subkind(struct oops *o, const char *message)
{
	const char *at = strstr(message, "KASAN: ");

	if (!at)
		at = strstr(message, "KFENCE: ");
	if (!at)
		return;
	at = strchr(at, ' ') + 1;
	copy_until(o->subkind, sizeof(o->subkind), at, " ");
	if (!strncmp(at, "invalid free", 12) || !strncmp(at, "memory corruption", 17)) {
		copy_until(o->subkind, sizeof(o->subkind), at, "\n");
		*strchr(o->subkind, ' ') = '-';
		o->subkind[strcspn(o->subkind, " ")] = '\0';
	}
}

void oops_detail_announced(struct oops *o, const char *message)
{
	note_address(o, message);
	if (o->kind == KIND_HUNG_TASK)
		note_hung(o, message);
	else if (o->kind == KIND_SOFT_LOCKUP || o->kind == KIND_HARD_LOCKUP)
		note_lockup(o, message);
	else if (o->kind == KIND_WARN)
		note_new_warning(o, message);
	else if (o->kind == KIND_KASAN || o->kind == KIND_KFENCE)
		note_subkind(o, message);
}

void oops_detail_more(struct oops *o, enum crash_kind kind, const char *message)
{
	/* The guard page, NX and SMEP stand in a line of their own, by the general one. */
	if (kind == KIND_STACK_OVERFLOW || kind == KIND_BAD_EXEC || kind == KIND_USER_ACCESS)
		if (o->kind == KIND_BAD_ACCESS || o->kind == KIND_NULL_DEREF ||
		    o->kind == KIND_DOUBLE_FAULT)
			o->kind = kind;
	/* A WARNING that a checker raised is what the checker found, or the other way round. */
	if (o->kind == KIND_WARN && kind == KIND_REFCOUNT)
		o->kind = kind;
	note_address(o, message);
}

/* "stack-protector: Kernel stack is corrupted in: foo+0x1/0x2 [mod]" */
static void note_smashed(struct oops *o, const char *text)
{
	static const char in[] = "corrupted in: ";
	const char *at = strstr(text, in);
	struct oops_frame frame;

	if (!at || o->n_frames || oops_frame_parse(at + strlen(in), &frame) != TRACE_FRAME)
		return;
	o->frames[o->n_frames++] = frame;
	o->has_where = true;
}

void oops_detail_paniced(struct oops *o, const char *text)
{
	uint64_t code;

	if (o->kind == KIND_STACK_PROTECTOR)
		note_smashed(o, text);
	if (o->kind != KIND_INIT_EXIT || !log_hex_after(text, "exitcode=", &code))
		return;
	if (code & 0x7f)
		snprintf(o->subkind, sizeof(o->subkind), "signal %u", (unsigned)(code & 0x7f));
	else
		snprintf(o->subkind, sizeof(o->subkind), "status %u",
			 (unsigned)(code >> 8 & 0xff));
}

void oops_detail_line(struct oops *o, const char *message)
{
	if (!o->has_address && o->kind <= KIND_GPF)
		note_address(o, message);
	note_access(o, message);
	note_error(o, message);
	note_who(o, message);
	note_rcu(o, message);
	note_where(o, message);
	if (!o->code[0] && !strncmp(message, "Code: ", 6))
		copy_until(o->code, sizeof(o->code), message + 6, "");
}
