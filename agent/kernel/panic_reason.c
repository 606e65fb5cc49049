/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why the kernel died. Words of kernel/panic.c, and of arch/{x86,arm64}/mm/fault.c and
 * traps.c. They count at the beginning of a message only: in the middle of one it is
 * somebody's talk of a crash.
 */
#include "panic_reason.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"

#define PANIC "Kernel panic - not syncing"
#define OOPS "Oops: "
#define NEAR 32		/* lines from a cause to its trap; arm64's account of the fault is 13 */

/* Say what is wrong. */
static const char *const causes[] = {
	"BUG: ", "kernel BUG at ", "watchdog: BUG: ", "NMI watchdog: BUG: ",
	"general protection fault", "Unable to handle kernel", "divide error: ",
	"stack segment: ", "double fault: ", "sysrq: Trigger a crash",
	"SysRq : Trigger a crash", "sysrq: SysRq : Trigger a crash",
};

/* Say of what kind it was for the CPU, mostly behind one of those; with "[#1]" in them. */
static const char *const traps[] = { OOPS, "invalid opcode: ", "Internal error: " };

/* A line, or what of it stands behind some word. */
struct line {
	const char *at, *end;
};

/* Nothing that a terminal would obey. */
static void keep(char to[PANIC_REASON_MAX], struct line l)
{
	size_t n = 0;

	for (; l.at < l.end && n < PANIC_REASON_MAX - 1; l.at++)
		to[n++] = printable(*l.at);
	to[n] = '\0';
}

static bool begins(struct line l, const char *word)
{
	size_t len = strlen(word);

	return (size_t)(l.end - l.at) >= len && !memcmp(l.at, word, len);
}

static bool begins_with_one(struct line l, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (begins(l, words[i]))
			return true;
	return false;
}

/* Behind "[   12.345678][  T123] ". */
static struct line message(struct line l)
{
	const char *at = l.at, *end = l.end;

	while (at < end && *at == '[') {
		at++;
		while (at < end && *at && strchr(" .0123456789TC", *at))
			at++;
		if (at == end || *at != ']')
			return l;
		l.at = ++at;
	}
	while (at < end && *at == ' ')
		at++;
	l.at = at;
	return l;
}

/* "[#1]": how many times this kernel has died before, and once more. 0: it does not say. */
static unsigned number_in(struct line l)
{
	const char *at = memmem(l.at, l.end - l.at, "[#", 2);
	unsigned n = 0;

	for (at = at ? at + 2 : l.end; at < l.end && *at >= '0' && *at <= '9' && n < 1000; at++)
		n = n * 10 + (*at - '0');
	return n;
}

static void set_cause(struct panic_reason *w, struct line l)
{
	keep(w->cause, l);
	w->cause_line = w->n_lines;
	w->number = number_in(l);
}

/* A trap belongs to the cause in front of it; another number is another death. */
static void note_trap(struct panic_reason *w, struct line l)
{
	unsigned n = number_in(l);
	bool is_its = !w->number && w->n_lines - w->cause_line < NEAR;

	if (!w->cause[0] || (n && n != w->number && !is_its))
		set_cause(w, l);
	else if (n)
		w->number = n;
}

static void look_at(struct panic_reason *w, struct line whole)
{
	struct line said = message(whole), what = said;

	/* What comes after the panic is not its cause. */
	if (w->panic[0])
		return;
	w->n_lines++;
	/* Newer kernels have that in front of the name of the trap. */
	if (begins(said, OOPS))
		what.at += strlen(OOPS);
	if (begins(said, PANIC))
		keep(w->panic, said);
	else if (begins_with_one(what, causes, sizeof(causes) / sizeof(causes[0])))
		set_cause(w, said);
	else if (begins_with_one(said, traps, sizeof(traps) / sizeof(traps[0])))
		note_trap(w, said);
}

void panic_reason_feed(struct panic_reason *w, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *line_end = memchr(text, '\n', end - text);

		if (!line_end)
			line_end = end;
		look_at(w, (struct line){ text, line_end });
		text = line_end + (line_end < end);
	}
}

const char *panic_reason_line(const struct panic_reason *w)
{
	return w->cause[0] && (!w->panic[0] || strstr(w->panic, "Fatal exception"))
	       ? w->cause : w->panic;
}
