/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What reaching a target takes, whatever its kind: who wants to use one fills this in, and
 * the kind's row (target_kinds.h) takes out of it what it needs. All is borrowed.
 */
#ifndef TARGETS_TARGET_ACCESS_H
#define TARGETS_TARGET_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "disk.h"

struct age_recipients;
struct arena;
struct host_names;
struct ssh_keys;

struct target_access {
	const char *words;	/* of the target */
	const char *host;	/* who we are; NULL: as this machine is called */

	/* ---- servers ---- */
	const struct host_names *names;	/* with the addresses of the target's server */
	const struct ssh_keys *keys;
	const char *ssh;	/* OpenSSH's client; NULL: that of the image */
	double stall_s;		/* for each answer, and for all of the connecting */
	bool insecure;		/* what a kind's risk says is accepted */
	const struct age_recipients *seal_to;	/* NULL: nothing is encrypted */
	struct arena *arena;	/* for what a connection needs */

	/* ---- devices ---- */
	struct disk_wait wait;	/* for one that is not there yet */
	const struct hung_devices *hung;
	char *device;		/* DEVICE_NAME_MAX: the one that is touched, for who watches */
	/* What volumes were when they were frozen (volumes.h), and keys; NULL: as they are. */
	const char *volumes, *volume_keys;

	/* ---- this machine ---- */
	const char *root;	/* "" but in tests; NULL: as "" */
	/*
	 * Where to mount, as in a crash. NULL, on a machine that is up: what it has mounted is
	 * used where it is, all else is mounted where only this process sees it.
	 */
	const char *mount_at;
	bool to_write;		/* else a disk stays as it is, journal and all */
	uint64_t *alive;	/* counted up as long as something answers */
	uint64_t *durable;	/* bytes that have reached the storage */
};

#endif
