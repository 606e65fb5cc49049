/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fk.crash=steps: what these words say, in this order, each if it is there.
 *	fk.fair=no	since Linux 6.12 realtime tasks leave a twentieth of a CPU to the
 *			others, of which there is to be nothing left, as before
 *	fk.lab=WAY	load the lab module, /capture/lab.ko, and have it go that way
 *	fk.unload=yes	unload it again
 *	fk.read=PATH	read that file
 *	fk.bpf=yes	run a BPF program that calls a helper
 *	fk.disk=HOW	use an ext4 on a disk of its own in some way, see disk.c
 *	fk.kill=WHOM	send a signal from a script, see kill.c
 *	fk.nfs=SOURCE	mount that, and use it when its server has gone
 *	fk.ask=WORDS	have the host do that, "+" for a blank, after ASK_S seconds
 *	fk.press=N	after N seconds, press sysrq c
 * The kernel may die at any of them, or some time after the last one.
 */
#define _GNU_SOURCE
#include "fk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Linux include/uapi/linux/bpf.h: an instruction, and bpf(2)'s argument to load a program. */
struct insn {
	uint8_t code, registers;
	int16_t off;
	int32_t imm;
};

struct bpf_load {
	uint32_t type, n_insns;
	uint64_t insns, license;
	uint32_t log_level, log_size;
	uint64_t log;
	uint32_t kernel_version, flags;
	char name[16];
};

enum { BPF_PROG_LOAD = 5, BPF_SOCKET_FILTER = 1, BPF_KTIME_GET_NS = 5, SO_ATTACH_BPF_ = 50 };

void go_lab_way(const char *way)
{
	int fd = open("/capture/lab.ko", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
		report_and_stop("/capture/lab.ko: %s", strerror(errno));
	close(fd);
	if (!write_text("/sys/module/lab/parameters/crash", way))
		report_and_stop("fk.lab=%s: %s", way, strerror(errno));
}

/* Linux kernel/sched/debug.c; where there is no such file there is nothing to take away. */
static void take_fair_share(void)
{
	char path[80];

	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, "");
	for (int cpu = 0; cpu < sysconf(_SC_NPROCESSORS_ONLN); cpu++) {
		snprintf(path, sizeof(path),
			 "/sys/kernel/debug/sched/fair_server/cpu%d/runtime", cpu);
		if (!access(path, F_OK) && !write_text(path, "0"))
			report_and_stop("%s: %s", path, strerror(errno));
	}
}

static void read_all_of(const char *path)
{
	char text[65536];

	if (!read_text(path, text, sizeof(text)))
		report_and_stop("fk.read=%s: %s", path, strerror(errno));
}

/* "r0 = ktime_get_ns(); exit", as the filter of a socket, which sees one packet. */
static void run_bpf_program(void)
{
	static const struct insn insns[] = {
		{ .code = 0x85, .imm = BPF_KTIME_GET_NS }, { .code = 0x95 },
	};
	struct bpf_load load = {
		.type = BPF_SOCKET_FILTER, .n_insns = 2, .insns = (uintptr_t)insns,
		.license = (uintptr_t)"GPL", .name = "lab_filter",
	};
	int program = syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof(load)), pair[2];

	if (program < 0)
		report_and_stop("fk.bpf: bpf: %s", strerror(errno));
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) ||
	    setsockopt(pair[1], SOL_SOCKET, SO_ATTACH_BPF_, &program, sizeof(program)))
		report_and_stop("fk.bpf: socket: %s", strerror(errno));
	write_all(pair[0], "packet", 6);
}

/* No sooner does the kernel's own watchdog (watchdog_thresh) call a CPU locked up. */
#define ASK_S 12

static void ask_for(const char *what)
{
	char words[64];

	snprintf(words, sizeof(words), "%s", what);
	for (char *plus = words; (plus = strchr(plus, '+')); )
		*plus = ' ';
	sleep(ASK_S);
	ask_host(words);
}

void crash_by_steps(void)
{
	const char *path = setting("read"), *way = setting("lab"), *what = setting("ask");

	if (setting("fair"))
		take_fair_share();
	if (way)
		go_lab_way(way);
	if (setting("unload") && syscall(SYS_delete_module, "lab", O_NONBLOCK))
		report_and_stop("fk.unload: %s", strerror(errno));
	if (path)
		read_all_of(path);
	if (setting("bpf"))
		run_bpf_program();
	if (setting("disk"))
		disk_way(setting("disk"));
	if (setting("kill"))
		kill_way(setting("kill"));
	if (setting("nfs"))
		nfs_way(setting("nfs"));
	if (what)
		ask_for(what);
	if (setting("press")) {
		sleep(setting_number("press", 0));
		write_text("/proc/sysrq-trigger", "c");
	}
}
