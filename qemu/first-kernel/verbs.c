/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running the operator's tool. A file of lines, each the words of one command line, gives
 * lines "verb STATUS WORDS" on the channel, in which STATUS is the exit status; what the
 * tool says goes to the console. Not for the tool are "please WORDS", which asks the host for
 * something, "nfs SOURCE", which mounts it, "put PATH [TEXT]" and "remove PATH", which change
 * a file, "mount-ro SERIAL PATH", "guard SECONDS", which arms the watchdog, "lab WAY", which
 * has the lab module go that way, and "wait SECONDS".
 */
#define _GNU_SOURCE
#include "fk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_WORDS 24
#define WDIOC_SETTIMEOUT _IOWR('W', 6, int)	/* Linux include/uapi/linux/watchdog.h */

int run_crashbox(const char *const argv[])
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execv("/sbin/crashbox", (char *const *)argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		report_and_stop("crashbox %s: %s", argv[1], strerror(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : status;
}

static void put_file(const char *path, const char *text)
{
	char line[400];
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		report_and_stop("put %s: %s", path, strerror(errno));
	write_all(fd, line, snprintf(line, sizeof(line), "%.390s\n", text));
	close(fd);
}

static void mount_read_only(const char *serial, const char *path)
{
	char disk[64];

	mkdir(path, 0755);
	if (!find_disk(serial, disk) || mount(disk, path, "ext4", MS_RDONLY, ""))
		report_and_stop("mount-ro %s: %s", serial, strerror(errno));
}

/* As a daemon does that feeds it, and will not any more after a crash. */
static void arm_watchdog(int seconds)
{
	int fd = open("/dev/watchdog0", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, WDIOC_SETTIMEOUT, &seconds))
		report_and_stop("guard: %s", strerror(errno));
}

static bool is_word(const char *line, const char *word)
{
	return !strncmp(line, word, strlen(word)) && line[strlen(word)] == ' ';
}

/* What is not for the tool; false when it is. */
static bool run_other(char *line)
{
	char *first = line + strcspn(line, " "), *second;

	first += *first == ' ';
	second = first + strcspn(first, " ");
	if (is_word(line, "please")) {
		ask_host(first);
		return true;
	}
	if (is_word(line, "nfs")) {
		mount_nfs(first);
		return true;
	}
	if (is_word(line, "guard")) {
		arm_watchdog(atoi(first));
		return true;
	}
	if (is_word(line, "lab")) {
		go_lab_way(first);
		return true;
	}
	if (is_word(line, "wait")) {
		sleep(atoi(first));
		return true;
	}
	if (is_word(line, "remove")) {
		unlink(first);
		return true;
	}
	if (!is_word(line, "put") && !is_word(line, "mount-ro"))
		return false;
	if (*second)
		*second++ = '\0';
	line[0] == 'p' ? put_file(first, second) : mount_read_only(first, second);
	return true;
}

void run_verbs(const char *path)
{
	static char text[8192];
	char *rest = text, *line;

	read_text(path, text, sizeof(text));
	while ((line = strsep(&rest, "\n"))) {
		const char *argv[MAX_WORDS + 1] = { "crashbox" };
		char words[400], *left = words, *word;
		unsigned n = 1;
		int status;

		if (run_other(line))
			continue;
		strncpy(words, line, sizeof(words) - 1);
		words[sizeof(words) - 1] = '\0';
		while (n < MAX_WORDS && (word = strsep(&left, " ")))
			if (*word)
				argv[n++] = word;
		if (n == 1)
			continue;
		status = run_crashbox(argv);
		tell("verb %d %s", status, line);
	}
}

/* What outlives a boot of a real machine does so here on the disk "second", if there is one. */
void mount_lib(void)
{
	char disk[64];

	mkdir("/var", 0755);
	mkdir("/var/lib", 0755);
	if (!setting("lib"))
		return;
	mkdir("/var/lib/crashbox", 0755);
	if (!find_disk("second", disk) || mount(disk, "/var/lib/crashbox", "ext4", 0, ""))
		report_and_stop("the disk 'second' cannot be mounted: %s", strerror(errno));
}
