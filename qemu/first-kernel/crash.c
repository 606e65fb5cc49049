/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading the capture kernel, and dying. fk.load=classic or file runs Debian's kexec
 * (without and with -s); fk.load=syscall calls kexec_file_load(2) itself, for kernels
 * whose kexec is not at hand. What it needs lies in /capture: vmlinuz, initrd and
 * append, the line of arguments for the capture kernel.
 */
#define _GNU_SOURCE
#include "fk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILE_ON_CRASH 2		/* KEXEC_FILE_ON_CRASH, Linux include/uapi/linux/kexec.h */

static char append[2048];

static void load_by_syscall(void)
{
	int kernel = open("/capture/vmlinuz", O_RDONLY | O_CLOEXEC);
	int initrd = open("/capture/initrd", O_RDONLY | O_CLOEXEC);

	if (syscall(SYS_kexec_file_load, kernel, initrd, strlen(append) + 1, append,
		    FILE_ON_CRASH))
		report_and_stop("kexec_file_load: %s", strerror(errno));
	close(kernel);
	close(initrd);
}

/* Of our two machines only arm64's has one. */
static bool has_device_tree(void)
{
	return !access("/proc/device-tree", F_OK);
}

static void load_by_kexec(bool by_file)
{
	static char line[sizeof(append) + 16];
	char *argv[] = { "kexec", "-p", "--initrd=/capture/initrd", line,
			 "/capture/vmlinuz", by_file ? "-s" : "-c", NULL, NULL };
	int status;
	pid_t pid;

	snprintf(line, sizeof(line), "--append=%s", append);
	/* arm64's kexec adds up 40 MiB with the caches off: half a minute in QEMU. */
	if (has_device_tree())
		argv[6] = "--no-checks";
	pid = fork();
	if (pid == 0) {
		execv("/sbin/kexec", argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		report_and_stop("kexec -p %s failed, status 0x%x", argv[5], status);
}

void capture_kernel_load(void)
{
	const char *how = setting("load");
	char loaded[8];

	/* Debian's arm64 kernels have no kexec_file_load. */
	if (!how)
		how = has_device_tree() ? "classic" : "file";
	read_text("/capture/append", append, sizeof(append));
	append[strcspn(append, "\n")] = '\0';
	if (!strcmp(how, "syscall"))
		load_by_syscall();
	else
		load_by_kexec(!strcmp(how, "file"));
	read_text("/sys/kernel/kexec_crash_loaded", loaded, sizeof(loaded));
	if (*loaded != '1')
		report_and_stop("the kernel says that no capture kernel is loaded");
}

static void load_bad_module(void)
{
	int fd = open("/capture/null.ko", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		report_and_stop("/capture/null.ko: %s", strerror(errno));
	syscall(SYS_finit_module, fd, "", 0);
}

static void eat_all_memory(void)
{
	write_text("/proc/sys/vm/panic_on_oom", "2");
	for (;;) {
		char *at = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

		if (at != MAP_FAILED)
			*at = 1;
	}
}

/* The name of the process is what a reader of the dump must find as the culprit. */
void crash_now(const char *kind)
{
	prctl(PR_SET_NAME, "selfdestruct");
	write_text("/proc/sys/kernel/panic_on_oops", "1");
	if (!strcmp(kind, "initexit"))
		_exit(7);
	if (fork() == 0) {
		if (!strcmp(kind, "sysrq"))
			write_text("/proc/sysrq-trigger", "c");
		else if (!strcmp(kind, "nullderef"))
			load_bad_module();
		else if (!strcmp(kind, "oom"))
			eat_all_memory();
		else
			report_and_stop("fk.crash=%s is none of sysrq, initexit, "
					"nullderef, oom", kind);
		_exit(1);
	}
	sleep(30);
	report_and_stop("the kernel survived fk.crash=%s", kind);
}
