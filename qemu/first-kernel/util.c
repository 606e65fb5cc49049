/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings, the channel to the host, modules, disks: the small change of the test
 * init. Knows no role. Every failure ends the run with one line on the channel.
 */
#include "fk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static char cmdline[4096];
static int channel = -1;

size_t read_text(const char *path, char *text, size_t size)
{
	size_t n = 0;
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	while (fd >= 0 && n + 1 < size && (got = read(fd, text + n, size - 1 - n)) > 0)
		n += got;
	if (fd >= 0)
		close(fd);
	text[n] = '\0';
	return n;
}

bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return done;
}

void write_all(int fd, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			report_and_stop("write: %s", strerror(n ? errno : ENOSPC));
		at += n;
		len -= n;
	}
}

double uptime(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

void settings_read(void)
{
	read_text("/proc/cmdline", cmdline, sizeof(cmdline));
	for (char *c = cmdline; *c; c++)
		if (*c == ' ' || *c == '\n')
			*c = '\0';
}

const char *setting(const char *key)
{
	size_t len = strlen(key);

	for (char *at = cmdline; at < cmdline + sizeof(cmdline) - 1; at += strlen(at) + 1)
		if (!strncmp(at, "fk.", 3) && !strncmp(at + 3, key, len) &&
		    at[3 + len] == '=')
			return at + 4 + len;
	return NULL;
}

unsigned long setting_number(const char *key, unsigned long absent)
{
	const char *value = setting(key);

	return value ? strtoul(value, NULL, 0) : absent;
}

void channel_open(void)
{
	const char *name = setting("channel");
	struct termios t;
	char path[64];

	snprintf(path, sizeof(path), "/dev/%s", name ? name : "ttyS1");
	channel = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (channel < 0 || tcgetattr(channel, &t))
		return;
	cfmakeraw(&t);
	cfsetspeed(&t, B115200);
	tcsetattr(channel, TCSANOW, &t);
}

static void tell_va(const char *fmt, va_list args)
{
	char line[512];
	int n = vsnprintf(line, sizeof(line) - 1, fmt, args);

	if (n > (int)sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	if (channel >= 0 && write(channel, line, n) == n)
		tcdrain(channel);
	fprintf(stderr, "first-kernel: %.*s", n, line);
}

void tell(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tell_va(fmt, args);
	va_end(args);
}

void hear(const char *expected)
{
	char line[64];
	size_t n = 0;

	while (n < sizeof(line) - 1 && read(channel, line + n, 1) == 1)
		if (line[n++] == '\n')
			break;
	line[n] = '\0';
	if (strncmp(line, expected, strlen(expected)))
		report_and_stop("the host said '%s' instead of '%s'", line, expected);
}

void ask_host(const char *what)
{
	tell("please %s", what);
	hear("go");
}

void power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

void report_and_stop(const char *fmt, ...)
{
	char text[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	tell("error %s", text);
	power_off();
}

/* "NAME=VALUE " of each word MODULE.NAME=VALUE, as modprobe hands them on. */
static void module_words(const char *file, char words[512])
{
	size_t len = strcspn(file, "."), n = 0;

	words[0] = '\0';
	for (char *at = cmdline; at < cmdline + sizeof(cmdline) - 1 && n < 512;
	     at += strlen(at) + 1)
		if (!strncmp(at, file, len) && at[len] == '.')
			n += snprintf(words + n, 512 - n, "%s ", at + len + 1);
}

static void load_module(const char *folder, const char *name)
{
	char path[256], words[512];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		report_and_stop("%s: %s", path, strerror(errno));
	module_words(name, words);
	/* A second copy, or hardware that is not there, is no reason to stop. */
	if (syscall(SYS_finit_module, fd, words, 0) && errno != EEXIST && errno != ENODEV)
		report_and_stop("loading %s: %s", path, strerror(errno));
	close(fd);
}

void load_modules(const char *folder)
{
	char path[256], order[8192], *rest = order, *name;

	snprintf(path, sizeof(path), "%s/order", folder);
	read_text(path, order, sizeof(order));
	while ((name = strsep(&rest, "\n"))) {
		if (*name)
			load_module(folder, name);
	}
}

static bool look_for_disk(const char *serial, char path[static 64])
{
	char file[320], text[64];
	struct dirent *d;
	bool found = false;
	DIR *dir = opendir("/sys/block");

	while (dir && !found && (d = readdir(dir))) {
		snprintf(file, sizeof(file), "/sys/block/%s/serial", d->d_name);
		read_text(file, text, sizeof(text));
		text[strcspn(text, "\n")] = '\0';
		found = !strcmp(text, serial);
		if (found)
			snprintf(path, 64, "/dev/%.50s", d->d_name);
	}
	if (dir)
		closedir(dir);
	return found && !access(path, F_OK);
}

bool find_disk(const char *serial, char path[static 64])
{
	for (int i = 0; i < 30; i++) {
		if (look_for_disk(serial, path))
			return true;
		usleep(100000);
	}
	return false;
}
