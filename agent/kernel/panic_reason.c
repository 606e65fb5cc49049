/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why the kernel died. Words of kernel/panic.c, and of arch/{x86,arm64}/mm/fault.c and
 * traps.c. They count at the beginning of a message only: in the middle of one it is
 * somebody's talk of a crash.
 */
#include "panic_reason.h"

#include <stdio.h>
#include <string.h>

#include "log_line.h"

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

static bool begins(const char *text, const char *word)
{
	return !strncmp(text, word, strlen(word));
}

static bool begins_with_one(const char *text, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (begins(text, words[i]))
			return true;
	return false;
}

/* "[#1]": how many times this kernel has died before, and once more. 0: it does not say. */
static unsigned number_in(const char *text)
{
	const char *at = strstr(text, "[#");
	unsigned n = 0;

	for (at = at ? at + 2 : ""; *at >= '0' && *at <= '9' && n < 1000; at++)
		n = n * 10 + (*at - '0');
	return n;
}

static void keep(char to[PANIC_REASON_MAX], const char *text)
{
	snprintf(to, PANIC_REASON_MAX, "%s", text);
}

static void set_cause(struct panic_reason *w, const char *said)
{
	keep(w->cause, said);
	w->cause_line = w->n_lines;
	w->number = number_in(said);
}

/* A trap belongs to the cause in front of it; another number is another death. */
static void note_trap(struct panic_reason *w, const char *said)
{
	unsigned n = number_in(said);
	bool is_its = !w->number && w->n_lines - w->cause_line < NEAR;

	if (!w->cause[0] || (n && n != w->number && !is_its))
		set_cause(w, said);
	else if (n)
		w->number = n;
}

static void look_at(struct panic_reason *w, const char *said)
{
	/* Newer kernels have that in front of the name of the trap. */
	const char *what = begins(said, OOPS) ? said + strlen(OOPS) : said;

	/* What comes after the panic is not its cause. */
	if (w->panic[0])
		return;
	w->n_lines++;
	if (begins(said, PANIC))
		keep(w->panic, said);
	else if (begins_with_one(what, causes, sizeof(causes) / sizeof(causes[0])))
		set_cause(w, said);
	else if (begins_with_one(said, traps, sizeof(traps) / sizeof(traps[0])))
		note_trap(w, said);
}

void panic_reason_feed(struct panic_reason *w, const char *text, size_t len)
{
	struct log_line line;

	while (log_line_next(&text, &len, &line))
		look_at(w, line.message);
}

const char *panic_reason_line(const struct panic_reason *w)
{
	return w->cause[0] && (!w->panic[0] || strstr(w->panic, "Fatal exception"))
	       ? w->cause : w->panic;
}
