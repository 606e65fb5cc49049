/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The disks of volumes. All are looked at each time: there is no udev. */
#include "volume_disks.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"

#define POLL_S 0.2
#define MAX_DISKS 4096		/* in one look */

bool volume_number(struct volume_seen *seen)
{
	char path[PATH_MAX], text[32];
	struct err ignored;

	snprintf(path, sizeof(path), "/sys/class/block/%s/dev", seen->name);
	return read_text(path, text, sizeof(text), &ignored) &&
	       sscanf(text, "%u:%u", &seen->major, &seen->minor) == 2;
}

/* What is put together, or no disk. */
static bool is_no_disk(const char *name)
{
	static const char *const starts[] = { ".", "dm-", "md", "loop", "ram", "zram" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (!strncmp(name, starts[i], strlen(starts[i])))
			return true;
	return strlen(name) >= DISK_NAME - 8;
}

static bool may_touch(const char *name, const struct volume_search *s)
{
	char device[DISK_NAME];

	snprintf(device, sizeof(device), "/dev/%s", name);
	for (char *c = device + 5; *c; c++)
		if (*c == '!')
			*c = '/';
	for (unsigned i = 0; i < s->n_hung; i++)
		if (!strcmp(s->hung[i], device))
			return false;
	if (s->device)
		memcpy(s->device, device, sizeof(device));
	return true;
}

/* The first that matches is it: of several ways to one disk any will do. */
static void take(const struct volumes *v, struct volume_seen seen[MAX_NODES],
		 const char *name, const struct block_facts *facts)
{
	for (unsigned i = 0; i < v->n_nodes; i++) {
		if (v->nodes[i].kind != NODE_DISK || !seen[i].is_needed || seen[i].is_up ||
		    !block_facts_match(&v->nodes[i].disk, facts))
			continue;
		snprintf(seen[i].name, sizeof(seen[i].name), "%s", name);
		seen[i].is_up = volume_number(&seen[i]);
		return;
	}
}

/* How many devices there are. */
static unsigned look(const struct volumes *v, struct volume_seen seen[MAX_NODES],
		     const struct volume_search *s)
{
	cleanup_dir DIR *dir = opendir("/sys/class/block");
	const struct dirent *entry;
	struct block_facts facts;
	struct err ignored;
	unsigned n = 0;

	while (dir && (entry = readdir(dir)) && n++ < MAX_DISKS)
		if (!is_no_disk(entry->d_name) && may_touch(entry->d_name, s) &&
		    block_facts_read(&facts, "", entry->d_name, &ignored))
			take(v, seen, entry->d_name, &facts);
	return n;
}

static bool are_here(const struct volumes *v, const struct volume_seen seen[MAX_NODES])
{
	for (unsigned i = 0; i < v->n_nodes; i++)
		if (v->nodes[i].kind == NODE_DISK && seen[i].is_needed && !seen[i].is_up)
			return false;
	return true;
}

void volume_disks_find(const struct volumes *v, struct volume_seen seen[MAX_NODES],
		       const struct volume_search *s)
{
	double began = monotonic_seconds(), appeared = began, now = began;
	unsigned n, n_before = look(v, seen, s);

	while (!are_here(v, seen) && now - appeared < s->least_s && now - began < s->most_s) {
		if (s->alive)
			__atomic_fetch_add(s->alive, 1, __ATOMIC_RELAXED);
		pause_seconds(POLL_S);
		n = look(v, seen, s);
		now = monotonic_seconds();
		if (n > n_before)
			appeared = now;
		n_before = n;
	}
}
