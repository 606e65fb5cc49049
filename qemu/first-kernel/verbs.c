/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running the operator's tool. A file of lines, each the words of one command line, gives
 * lines "verb STATUS WORDS" on the channel, in which STATUS is the exit status; what the
 * tool says goes to the console. "please WORDS" asks the host for something, "nfs SOURCE"
 * mounts it.
 */
#define _GNU_SOURCE
#include "fk.h"

#include <errno.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_WORDS 24

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

void run_verbs(const char *path)
{
	static char text[8192];
	char *rest = text, *line;

	read_text(path, text, sizeof(text));
	while ((line = strsep(&rest, "\n"))) {
		if (!strncmp(line, "please ", 7) || !strncmp(line, "nfs ", 4)) {
			line[0] == 'p' ? ask_host(line + 7) : mount_nfs(line + 4);
			continue;
		}
		const char *argv[MAX_WORDS + 1] = { "crashbox" };
		char words[400], *left = words, *word;
		unsigned n = 1;
		int status;

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

/* What a real machine has on its root file system, and this one on the disk "second". */
void mount_lib(void)
{
	char disk[64];

	if (!setting("lib"))
		return;
	mkdir("/var", 0755);
	mkdir("/var/lib", 0755);
	mkdir("/var/lib/crashbox", 0755);
	if (!find_disk("second", disk) || mount(disk, "/var/lib/crashbox", "ext4", 0, ""))
		report_and_stop("the disk 'second' cannot be mounted: %s", strerror(errno));
}
