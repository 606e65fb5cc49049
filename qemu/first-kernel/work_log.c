/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A log that is hard to tell: lines of all lengths and levels, several in one record,
 * bytes that are no text, and more of them than the ring can hold. What became of them
 * is saved just before the crash, see init.c.
 */
#define _GNU_SOURCE
#include "work.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The longest that /dev/kmsg takes on all kernels, less some room for a prefix. */
#define LONG_LINE 960

static void say_bytes(int kmsg, const char *text, size_t len)
{
	if (write(kmsg, text, len) != (ssize_t)len)
		report_and_stop("/dev/kmsg: %.40s: %s", text, strerror(errno));
}

static void say(int kmsg, const char *text)
{
	say_bytes(kmsg, text, strlen(text));
}

static int open_kmsg(void)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || !write_text("/proc/sys/kernel/printk_devkmsg", "on\n"))
		report_and_stop("/dev/kmsg without a limit: %s", strerror(errno));
	return fd;
}

static void long_lines(int kmsg)
{
	static const size_t lengths[] = { 1, 7, 8, 9, 99, 255, 256, 257, 500, LONG_LINE };
	char line[LONG_LINE + 1];

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		for (size_t k = 0; k < lengths[i]; k++)
			line[k] = "0123456789abcdef"[(k + i) % 16];
		say_bytes(kmsg, line, lengths[i]);
	}
	/* Every third byte ends a line: prefixes make this many times longer. */
	for (size_t k = 0; k < LONG_LINE; k++)
		line[k] = k % 3 == 2 ? '\n' : 'a' + k % 26;
	say_bytes(kmsg, line, LONG_LINE);
}

static void all_bytes(int kmsg)
{
	char line[64] = "<6>bytes ";
	size_t at = strlen(line);

	for (unsigned c = 1; c < 256; c += 16) {
		for (unsigned k = 0; k < 16; k++)
			line[at + k] = c + k < 256 ? c + k : 'x';
		say_bytes(kmsg, line, at + 16);
	}
}

/* Lines in pieces, by a module, where there is one for this kernel. */
static void continued_lines(void)
{
	int fd = open("/capture/cont.ko", O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		tell("skipped cont: no module for this kernel");
		return;
	}
	if (!syscall(SYS_finit_module, fd, "", 0) || errno != EAGAIN)
		report_and_stop("cont.ko: %s", strerror(errno));
	close(fd);
}

void make_odd_log(void)
{
	char line[64];
	int kmsg = open_kmsg();

	for (unsigned level = 0; level < 8; level++) {
		snprintf(line, sizeof(line), "<%u>level %u of the kernel\n", level, level);
		say(kmsg, line);
		snprintf(line, sizeof(line), "<%u>level %u of a daemon", 24 + level, level);
		say(kmsg, line);
	}
	say(kmsg, "a\nb");
	say(kmsg, "one\n\nthree, after an empty one\n  four, set in\n");
	say(kmsg, "\n");
	say(kmsg, "\n\n");
	say(kmsg, "<4>\n");
	say(kmsg, "  blanks before and after  \n");
	say(kmsg, "tab\there, backslash \\, what looks like one: \\x41 \\n");
	say(kmsg, "UTF-8: caf\xc3\xa9 \xe2\x9c\x93 \xf0\x9f\x92\xa5, cut: \xe2\x9c");
	say(kmsg, "no text: \xff\xfe\x80, escape \x1b[31m, bell \x07, delete \x7f, return \r.");
	say(kmsg, "[    1.000000] not a time of the kernel's");
	all_bytes(kmsg);
	long_lines(kmsg);
	continued_lines();
	close(kmsg);
	tell("note odd log written");
}

/* Twice around: 8000 lines of 24 to 123 bytes, in a ring of 128 KiB and 4096 lines. */
void make_wrapped_log(void)
{
	char line[160];
	int kmsg = open_kmsg();

	write_text("/proc/sys/kernel/printk", "1");
	for (unsigned i = 0; i < 8000; i++) {
		int n = snprintf(line, sizeof(line), "<6>around and around: %07u ", i);

		memset(line + n, 'a' + i % 26, i * 7 % 97);
		say_bytes(kmsg, line, n + i * 7 % 97);
	}
	write_text("/proc/sys/kernel/printk", "7");
	close(kmsg);
	tell("note log wrapped");
}
