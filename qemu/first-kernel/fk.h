/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The init of the kernel that is going to crash: what its parts share.
 * It is a test program. It may give up at any time, by report_and_stop(), which is
 * how the host learns of a broken set-up instead of waiting for a time-out.
 * Settings are fk.KEY=VALUE on the kernel command line.
 */
#ifndef FK_H
#define FK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Read /proc/cmdline. The answer is NULL, or borrowed for ever. */
void settings_read(void);
const char *setting(const char *key);
unsigned long setting_number(const char *key, unsigned long absent);

/* The data channel to the host: lines of text, nothing else ever writes there. */
void channel_open(void);
void tell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void hear(const char *expected);
/* Has the host do something to this machine, and waits until it is done. */
void ask_host(const char *what);
void report_and_stop(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));
void power_off(void) __attribute__((noreturn));

void load_modules(const char *folder);
/* Wait for the disk with this serial number; the answer is a /dev path. */
bool find_disk(const char *serial, char path[static 64]);

size_t read_text(const char *path, char *text, size_t size);
bool write_text(const char *path, const char *text);
void write_all(int fd, const void *data, size_t len);
double uptime(void);

/* workload.c: memory of every kind that a filter has to tell apart. */
void workload_start(void);
/* The same, for what has to come after capture_kernel_load(). */
void workload_late(void);

/* crash.c */
void capture_kernel_load(void);
void crash_now(const char *kind) __attribute__((noreturn));

/* steps.c: fk.crash=steps, what the other words say, one after the other. */
void crash_by_steps(void);
/* Loads the lab module and has it go that way. */
void go_lab_way(const char *way);

/* disk.c: fk.disk=HOW, tasks that wait for a file system or its disk. */
void disk_way(const char *how);

/* kill.c: fk.kill=WHOM, a signal to it, and what the kernel's own trace tells. */
void kill_prepare(void);
void kill_way(const char *how);
/* Is this one of the programs that send signals? It is run then. */
bool kill_program(int argc, char **argv);

/* Does that in a process of its own. */
void in_task(const char *name, void (*what)(void));

/* mapped.c: partition 1 of a disk, all of it, and /dev/dm-0 on that, by this name. */
void map_disk(const char *disk, const char *name);
/* What is asked of that waits from now on. */
void suspend_mapped(const char *name);

/* verbs.c: the operator's tool. Its exit status, or what wait(2) gives when it has none. */
int run_crashbox(const char *const argv[]);
/* Each line of a file, which need not be there. */
void run_verbs(const char *path);
/* fk.lib=yes: /var/lib/crashbox outlives this kernel. */
void mount_lib(void);

/* net.c */
void network_up(void);
void mount_nfs(const char *source);
/* Uses what is mounted there after the host has cut the cable to it. */
void nfs_way(const char *source);

/* nvme.c: fk.role=nvme, a server for others. */
void serve_nvme(void) __attribute__((noreturn));

/* copy.c: what leaves the guest. */
void copy_target(void);
void copy_vmcore(void);

#endif
