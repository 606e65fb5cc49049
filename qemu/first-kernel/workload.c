/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What lies in memory when the crash comes: fk.workload=NAME chooses one of the sets
 * below. Their memory belongs to children which sleep until the crash takes them. What
 * each maker does is in work.h and the work_*.c files.
 */
#define _GNU_SOURCE
#include "work.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_MAKERS 20

typedef void (*maker)(void);

static const struct set {
	const char *name;
	maker early[MAX_MAKERS];
	maker late[4];		/* after the capture kernel was loaded */
	bool reload;		/* and load it again after these */
} sets[] = {
	{ .name = "small",
	  .early = { make_target_cache, make_anon, make_thp, make_shared,
		     make_few_hugetlb, make_locked, make_freed, make_tmpfs,
		     make_few_files } },
	{ .name = "plain", .early = { make_anon, make_thp, make_freed } },
	{ .name = "mixed",
	  .early = { make_target_cache, make_ext4, make_xfs, make_anon, make_thp,
		     make_mthp, make_shared, make_tmpfs, make_locked, make_ksm,
		     make_slab, make_pipe, make_zram, make_swap, make_freed } },
	{ .name = "huge", .early = { make_anon, make_pipe, make_hugetlb } },
	{ .name = "hvo", .early = { make_anon, make_pipe, make_hvo } },
	{ .name = "numa-hotplug",
	  .early = { make_nodes, make_pipe, make_balloon },
	  .late = { make_hotplug }, .reload = true },
	{ .name = "numa-refresh",
	  .early = { make_nodes, make_pipe, make_balloon },
	  .late = { make_hotplug_refreshed } },
	{ .name = "log",
	  .early = { make_target_cache, make_anon, make_slab, make_odd_log,
		     make_wrapped_log, make_odd_log } },
	{ .name = "threads", .early = { make_threads } },
	{ .name = "poison", .early = { make_anon, make_slab, make_pipe, make_poison } },
};

static void in_child(const maker *makers, size_t n)
{
	int ready[2];
	char c;

	if (pipe(ready))
		report_and_stop("pipe: %s", strerror(errno));
	switch (fork()) {
	case -1:
		report_and_stop("fork: %s", strerror(errno));
	case 0:
		close(ready[0]);
		prctl(PR_SET_NAME, "workload");
		for (size_t i = 0; i < n && makers[i]; i++)
			makers[i]();
		write_all(ready[1], "x", 1);
		close(ready[1]);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1) {
		int status = 0;

		wait(&status);
		report_and_stop("the workload died before it was ready, status %#x", status);
	}
	close(ready[0]);
}

static const struct set *chosen(void)
{
	const char *name = setting("workload");

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (!strcmp(sets[i].name, name ? name : "small"))
			return &sets[i];
	report_and_stop("fk.workload=%s: no such set", name);
}

void workload_start(void)
{
	in_child(chosen()->early, MAX_MAKERS);
}

void workload_late(void)
{
	const struct set *set = chosen();

	if (set->late[0])
		in_child(set->late, sizeof(set->late) / sizeof(set->late[0]));
	if (set->reload)
		capture_kernel_load();
}
