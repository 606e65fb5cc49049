/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading the capture kernel, and dying. /sbin/crashbox loads it, with fk.load=classic by way
 * of Debian's kexec, with fk.load=no only if a verb does. What it needs lies in /capture:
 * vmlinuz, initrd and append, the words for the capture kernel's command line. Without an
 * initrd, that is made first, out of this kernel's /lib/modules.
 */
#define _GNU_SOURCE
#include "fk.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of our two machines only arm64's has one. */
static bool has_device_tree(void)
{
	return !access("/proc/device-tree", F_OK);
}

/* On the machine that it is for. */
static void make_image(void)
{
	const char *argv[] = { "crashbox", "image", "--kernel", "/capture/vmlinuz", "--output",
			       "/capture/initrd", NULL };
	int status = access("/capture/initrd", F_OK) ? run_crashbox(argv) : 0;

	if (status)
		report_and_stop("crashbox image failed, status 0x%x", status);
}

void capture_kernel_load(void)
{
	static char append[2048];
	const char *argv[] = { "crashbox", "load", "--kernel", "/capture/vmlinuz", "--initrd",
			       "/capture/initrd", "--append", append, NULL, NULL, NULL };
	const char *how = setting("load");
	char loaded[8];
	int status;

	if (how && !strcmp(how, "no"))
		return;
	make_image();
	read_text("/capture/append", append, sizeof(append));
	append[strcspn(append, "\n")] = '\0';
	/* Debian's arm64 kernels have no kexec_file_load. */
	if (has_device_tree() || (how && !strcmp(how, "classic")))
		argv[8] = "--kexec-tools";
	/* arm64's kexec adds up 40 MiB with the caches off: half a minute in QEMU. */
	if (has_device_tree())
		argv[9] = "--no-checks";
	status = run_crashbox(argv);
	if (status)
		report_and_stop("crashbox load failed, status 0x%x", status);
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

/* As many as there is room for, and then what is left. */
static void keep_huge_pages(void)
{
	write_text("/proc/sys/vm/nr_hugepages", "1000");
	eat_all_memory();
}

static void fill_tmpfs(void)
{
	static char data[1 << 20];
	int fd;

	write_text("/proc/sys/vm/panic_on_oom", "2");
	mkdir("/full", 0755);
	if (mount("tmpfs", "/full", "tmpfs", 0, "size=100%"))
		report_and_stop("tmpfs: %s", strerror(errno));
	fd = open("/full/file", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	for (;;)
		write_all(fd, data, sizeof(data));
}

/* As a server that starts one more for each that comes. */
static void eat_by_many(void)
{
	write_text("/proc/sys/vm/panic_on_oom", "2");
	prctl(PR_SET_NAME, "lab_worker");
	for (;;) {
		pid_t pid = fork();

		if (pid)
			continue;
		mmap(NULL, 6 << 20, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		pause();
	}
}

#define GROUP "/sys/fs/cgroup/lab.slice"

/* In a control group that may have 64 MiB. */
static void eat_in_group(void)
{
	mkdir("/sys/fs/cgroup", 0755);
	if (mount("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, "") && errno != EBUSY)
		report_and_stop("cgroup2: %s", strerror(errno));
	if (!write_text("/sys/fs/cgroup/cgroup.subtree_control", "+memory"))
		report_and_stop("cgroup.subtree_control: %s", strerror(errno));
	mkdir(GROUP, 0755);
	if (!write_text(GROUP "/memory.max", "64M") ||
	    !write_text(GROUP "/cgroup.procs", "0"))
		report_and_stop(GROUP ": %s", strerror(errno));
	prctl(PR_SET_NAME, "lab_eater");
	eat_all_memory();
}

/* As an operator would do it. */
static void test_crash(void)
{
	const char *argv[] = { "crashbox", "test", "--crash", "--yes-crash", "testhost", NULL };

	report_and_stop("crashbox test --crash: status %d", run_crashbox(argv));
}

static void press_sysrq(void)
{
	write_text("/proc/sysrq-trigger", "c");
}

/* Below fk.crash=; what is done in a process of its own. */
static const struct {
	const char *name;
	void (*go)(void);
} ways[] = {
	{ "sysrq", press_sysrq },
	{ "test", test_crash },
	{ "nullderef", load_bad_module },
	{ "oom", eat_all_memory },
	{ "oomhuge", keep_huge_pages },
	{ "oomtmpfs", fill_tmpfs },
	{ "oomgroup", eat_in_group },
	{ "oommany", eat_by_many },
	{ "steps", crash_by_steps },
};

static void (*way_of(const char *kind))(void)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(kind, ways[i].name))
			return ways[i].go;
	report_and_stop("fk.crash=%s: no such way", kind);
}

/* fk.cpu=N: the process that does it runs there. */
static void choose_cpu(void)
{
	cpu_set_t cpus;

	if (!setting("cpu"))
		return;
	CPU_ZERO(&cpus);
	CPU_SET(setting_number("cpu", 0), &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		report_and_stop("fk.cpu: %s", strerror(errno));
}

/* The name of the process is what a reader of the dump must find as the culprit. */
void crash_now(const char *kind)
{
	static int * volatile nowhere;
	void (*go)(void);

	prctl(PR_SET_NAME, "selfdestruct");
	if (setting_number("oops", 1))
		write_text("/proc/sys/kernel/panic_on_oops", "1");
	if (!strcmp(kind, "initexit"))
		_exit(7);
	if (!strcmp(kind, "initsignal"))
		*nowhere = 1;
	go = way_of(kind);
	if (fork() == 0) {
		if (setting("tasks"))	/* their stacks, as the kernel itself has them */
			write_text("/proc/sysrq-trigger", "t");
		choose_cpu();
		go();
		_exit(1);
	}
	sleep(setting_number("wait", 30));
	report_and_stop("the kernel survived fk.crash=%s", kind);
}
