/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prefixes of other programs, and the boots of one file. Sources: printk_ext_header of Linux
 * kernel/printk/printk.c for /dev/kmsg; syslog(5) and journalctl(1) for theirs; the words of
 * Linux init/main.c, init/version.c and lib/dump_stack.c.
 */
#include "log_text.h"

#include <stdio.h>
#include <string.h>

#define FRONT_MAX 160		/* no host or date is longer */
#define KERNEL "kernel: "

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static const char *past_digits(const char *at, const char *end)
{
	while (at < end && is_digit(*at))
		at++;
	return at;
}

/* ---- what stands in front of a line ---------------------------------------------- */

/* "<6>" */
static const char *past_level(const char *at, const char *end)
{
	const char *after = at < end && *at == '<' ? past_digits(at + 1, end) : at;

	return after > at + 1 && after < end && *after == '>' ? after + 1 : at;
}

/* "6,1234,5678901,-;": level, number, microseconds, flags and more. */
static const char *past_kmsg(const char *at, const char *end)
{
	const char *after = at;

	for (int i = 0; i < 3; i++) {
		const char *digits = past_digits(after, end);

		if (digits == after || digits == end || *digits != ',')
			return at;
		after = digits + 1;
	}
	after = memchr(after, ';', end - after < FRONT_MAX ? end - after : FRONT_MAX);
	return after ? after + 1 : at;
}

/* "[Sun Nov 29 21:14:48 2026] " */
static const char *past_date(const char *at, const char *end)
{
	const char *after;

	if (end - at < 12 || at[0] != '[' || !is_letter(at[1]) || !is_letter(at[2]) ||
	    !is_letter(at[3]) || at[4] != ' ')
		return at;
	after = memchr(at, ']', 32 < end - at ? 32 : end - at);
	if (!after || !is_digit(after[-1]))
		return at;
	return after + 1 < end && after[1] == ' ' ? after + 2 : after + 1;
}

/* "[   12.345678] ", which stays. */
static const char *past_time(const char *at, const char *end)
{
	double ignored;
	const char *after = log_line_past_time(at, end, &ignored);

	if (!after)
		return at;
	return after < end && *after == ' ' ? after + 1 : after;
}

/*
 * "Nov 29 21:14:48 host kernel: ", or with another date; behind a time only "host kernel: ".
 * Of the kernel's own lines none has words, a colon and "kernel: " in this order.
 */
static const char *past_syslog(const char *at, const char *end, bool has_time)
{
	unsigned n_colons = 0, n_blanks = 0;

	if (at == end || *at == '[')
		return at;
	for (const char *c = at; c < end && c - at < FRONT_MAX; c++) {
		if ((size_t)(end - c) >= strlen(KERNEL) && c > at && c[-1] == ' ' &&
		    !memcmp(c, KERNEL, strlen(KERNEL)))
			return (has_time ? n_blanks == 1 : n_colons >= 2) ?
			       c + strlen(KERNEL) : at;
		n_colons += *c == ':';
		n_blanks += *c == ' ';
	}
	return at;
}

/* Copies what is the kernel's; returns behind it. */
static char *take_line(char *to, const char *at, const char *end)
{
	const char *time, *rest;

	if (end > at && end[-1] == '\r')
		end--;
	at = past_kmsg(past_level(at, end), end);
	rest = past_syslog(at, end, false);
	if (rest == at)
		rest = past_date(at, end);
	at = rest;
	time = past_time(at, end);
	rest = time > at ? past_syslog(time, end, true) : time;
	memmove(to, at, time - at);
	memmove(to + (time - at), rest, end - rest);
	return to + (time - at) + (end - rest);
}

size_t log_text_clean(char *text, size_t len)
{
	const char *at = text, *all_end = text + len;
	char *to = text;

	while (at < all_end) {
		const char *end = memchr(at, '\n', all_end - at);

		to = take_line(to, at, end ? end : all_end);
		if (end)
			*to++ = '\n';
		at = end ? end + 1 : all_end;
	}
	return to - text;
}

/* ---- boots ------------------------------------------------------------------------- */

static bool begins_boot(const struct log_line *line)
{
	return !strncmp(line->message, "Linux version ", 14) ||
	       !strncmp(line->message, "Booting Linux on physical CPU", 29);
}

bool log_text_is_kernels(struct log_text log)
{
	struct log_line line;

	while (log_line_next(&log.text, &log.len, &line))
		if (line.seconds >= 0 || begins_boot(&line) ||
		    !strncmp(line.message, "Kernel panic - ", 15) ||
		    crash_kind_of_line(line.message) != KIND_UNKNOWN)
			return true;
	return false;
}

static bool has_death(struct log_text log)
{
	struct oops_reader reader;

	oops_reader_init(&reader);
	oops_reader_feed(&reader, log.text, log.len);
	oops_reader_end(&reader);
	/* Of what it survived there are words, too. */
	return reader.has_panic || reader.death.kind != KIND_UNKNOWN;
}

struct log_text log_text_last_death(struct log_text all)
{
	struct log_text rest = all, boot = { all.text, 0 }, best = boot;
	struct log_line line;
	bool died = false, more = true;

	while (more) {
		const char *at = rest.text;

		more = log_line_next(&rest.text, &rest.len, &line);
		if (more && (!begins_boot(&line) || at == boot.text))
			continue;
		boot.len = at - boot.text;
		if (has_death(boot)) {
			best = boot;
			died = true;
		} else if (!died) {
			best = boot;
		}
		boot.text = at;
	}
	return best;
}

/* ---- names ------------------------------------------------------------------------- */

/* Up to `end`, or all of it. */
static void take_text(char *to, size_t size, const char *from, const char *end)
{
	int len = end ? (int)(end - from) : (int)strlen(from);

	snprintf(to, size, "%.*s", len, from);
}

/* "Linux version 6.1.0-57-amd64 (who@where) (gcc ...) #1 SMP ..." */
static void take_banner(struct report_system *s, const char *words)
{
	const char *build = strstr(words, " #");

	take_text(s->release, sizeof(s->release), words, strchr(words, ' '));
	if (build)
		take_text(s->version, sizeof(s->version), build + 1, NULL);
}

/* "CPU: 1 PID: 104 Comm: insmod Tainted: G   OE   6.1.0-57-amd64 #1  Debian 6.1.192-3" */
static void take_cpu_line(struct report_system *s, const char *words)
{
	const char *build = strstr(words, " #"), *at = build;

	if (!build || s->release[0])
		return;
	while (at > words && at[-1] != ' ')
		at--;
	take_text(s->release, sizeof(s->release), at, build);
	take_text(s->version, sizeof(s->version), build + 1, NULL);
}

static void take_names(struct report_system *s, const char *message)
{
	const char *hardware = strstr(message, "Hardware name: ");

	if (!strncmp(message, "Linux version ", 14))
		take_banner(s, message + 14);
	else if (!strncmp(message, "CPU: ", 5) && strstr(message, "Comm: "))
		take_cpu_line(s, message);
	else if (!strncmp(message, "Kernel command line: ", 21))
		take_text(s->cmdline, sizeof(s->cmdline), message + 21, NULL);
	else if (!strncmp(message, "RIP: 00", 7))
		snprintf(s->machine, sizeof(s->machine), "x86_64");
	else if (!strncmp(message, "pstate: ", 8))
		snprintf(s->machine, sizeof(s->machine), "aarch64");
	if (hardware)
		take_text(s->hardware, sizeof(s->hardware), hardware + 15, NULL);
}

void log_text_names(struct log_text log, struct report_system *s)
{
	struct log_line line;

	while (log_line_next(&log.text, &log.len, &line))
		take_names(s, line.message);
}
