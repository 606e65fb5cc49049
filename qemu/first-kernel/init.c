/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PID 1 of a kernel that crashes on purpose, and of the kernel that looks afterwards.
 * fk.role=
 *	crash	 (default) first boot: make a workload, load the capture kernel, say
 *		 "armed", wait for "go", crash. Found armed on a later boot: collect.
 *	verbs	 run the operator's verbs and stop
 *	collect	 copy the files of the target disk out, whatever the state disk says
 *	rawcopy	 as init of a capture kernel: copy /proc/vmcore out, then reboot, or
 *		 with fk.end=poweroff switch the machine off
 *	nvme	 no crash: have a disk for others
 * The small disk "state" holds, from its first byte, a line "armed" and, for comparison
 * with the dump, the kernel log as it was just before the crash: from byte 4096 on as
 * syslog(2) gives it, from 2 MiB on as /dev/kmsg does.
 */
#include "fk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#define LOG_SIZE (1 << 20)
#define KMSG_SIZE (2 << 20)
#define KMSG_AT (2 << 20)

static int state_open(void)
{
	char path[64];
	int fd = -1;

	if (find_disk("state", path))
		fd = open(path, O_RDWR | O_SYNC | O_CLOEXEC);
	if (fd < 0)
		report_and_stop("no disk with the serial number 'state'");
	return fd;
}

static void state_write(int fd, off_t off, const void *data, size_t len)
{
	if (lseek(fd, off, SEEK_SET) != off)
		report_and_stop("disk 'state': %s", strerror(errno));
	write_all(fd, data, len);
}

static void save_kmsg(int state)
{
	static char log[KMSG_SIZE];
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	size_t len = 0;
	ssize_t n;

	/* A read gives one record, and fails when there is no room for all of it. */
	while (len + 16384 < sizeof(log) &&
	       (n = read(fd, log + len, sizeof(log) - len)) > 0)
		len += n;
	if (fd < 0 || n >= 0 || errno != EAGAIN)
		report_and_stop("reading /dev/kmsg: %s", strerror(errno));
	close(fd);
	state_write(state, KMSG_AT, log, len);
}

/* A line that a test will look for; it must be the last one before the panic's own. */
static void save_kernel_log(int state)
{
	static char log[LOG_SIZE];
	int n;

	write_text("/dev/kmsg", "<2>crashbox-test: the last words of this kernel\n");
	n = klogctl(3, log, sizeof(log));
	if (n < 0)
		report_and_stop("reading the kernel log: %s", strerror(errno));
	state_write(state, 4096, log, n);
	save_kmsg(state);
}

static void arm_and_crash(int state)
{
	const char *kind = setting("crash");
	char vmcoreinfo[64], reserved[32], line[512] = "armed\n";
	struct utsname uts;

	tell("hello uptime=%.1f", uptime());
	if (setting("workload"))
		load_modules("/modules-work");
	workload_start();
	capture_kernel_load();
	run_verbs("/capture/verbs");
	workload_late();
	state_write(state, 0, line, sizeof(line));

	uname(&uts);
	read_text("/sys/kernel/vmcoreinfo", vmcoreinfo, sizeof(vmcoreinfo));
	read_text("/sys/kernel/kexec_crash_size", reserved, sizeof(reserved));
	vmcoreinfo[strcspn(vmcoreinfo, " \n")] = '\0';
	reserved[strcspn(reserved, "\n")] = '\0';
	tell("armed uptime=%.1f release=%s vmcoreinfo=%s reserved=%s",
	     uptime(), uts.release, vmcoreinfo, reserved);
	hear("go");
	save_kernel_log(state);
	kill_prepare();
	crash_now(kind ? kind : "sysrq");
}

static void prepare(void)
{
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/dev", 0755);
	mkdir("/tmp", 0755);
	mkdir("/run", 0755);
	mkdir("/mnt", 0755);
	mount("proc", "/proc", "proc", 0, "");
	mount("sysfs", "/sys", "sysfs", 0, "");
	mount("securityfs", "/sys/kernel/security", "securityfs", 0, "");
	mount("devtmpfs", "/dev", "devtmpfs", 0, "");
	mount("tmpfs", "/tmp", "tmpfs", 0, "");
	sethostname("testhost", 8);
	settings_read();
	channel_open();
	load_modules("/modules");
	mount_lib();
	network_up();
	/* As systemd does, if the kernel has them. */
	mount("efivarfs", "/sys/firmware/efi/efivars", "efivarfs", 0, "");
	mount("pstore", "/sys/fs/pstore", "pstore", 0, "");
}

int main(int argc, char **argv)
{
	const char *role;
	char mark[8] = "";
	int state;

	if (kill_program(argc, argv))
		return 0;
	prepare();
	role = setting("role");
	if (role && !strcmp(role, "rawcopy")) {
		copy_vmcore();
		if (setting("end") && !strcmp(setting("end"), "poweroff"))
			power_off();
		reboot(RB_AUTOBOOT);
	}
	if (role && !strcmp(role, "verbs")) {
		run_verbs("/capture/verbs");
		tell("done uptime=%.1f", uptime());
		power_off();
	}
	if (role && !strcmp(role, "nvme"))
		serve_nvme();
	state = state_open();
	if (read(state, mark, sizeof(mark) - 1) < 0)
		report_and_stop("disk 'state': %s", strerror(errno));
	if (strncmp(mark, "armed", 5) && !(role && !strcmp(role, "collect")))
		arm_and_crash(state);

	tell("back uptime=%.1f", uptime());
	run_verbs("/capture/verbs-after");
	if (setting("target"))
		copy_target();
	tell("done uptime=%.1f", uptime());
	power_off();
}
