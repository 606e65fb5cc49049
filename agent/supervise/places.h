/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a capture finds what it touches of the machine: one table, which an occasion gives.
 * On a crashed machine it is the machine itself; where PID 1 is tried out in namespaces of
 * a machine that is up, files that stand in for what must not be touched there.
 */
#ifndef SUPERVISE_PLACES_H
#define SUPERVISE_PLACES_H

#include <stdbool.h>

#include "config/config.h"
#include "machine/efi_log.h"
#include "volumes/volumes.h"

struct err;

/* Each: its name, and where it is in a capture kernel. */
#define PLACES(PLACE)							\
	PLACE(core, "/proc/vmcore")		/* the crashed machine's memory */ \
	PLACE(kmsg, "/dev/kmsg")		/* this kernel's own log */	\
	PLACE(console, "/dev/console")					\
	PLACE(watchdog, "/dev/watchdog")				\
	PLACE(sysrq, "/proc/sysrq-trigger")				\
	PLACE(panic, "/proc/sys/kernel/panic")	/* seconds to the reboot after one */ \
	PLACE(printk_devkmsg, "/proc/sys/kernel/printk_devkmsg")	\
	PLACE(threads_max, "/proc/sys/kernel/threads-max")		\
	PLACE(cmdline, "/proc/cmdline")					\
	PLACE(efi, EFI_VARIABLES)		/* a folder; "" in tests: none */ \
	PLACE(memory, "/dev/mem")		/* of ramoops; "" in tests: none */ \
	PLACE(system_id, "/sys/class/dmi/id/product_uuid")		\
	PLACE(config, DEFAULT_CONFIG)					\
	PLACE(volumes, "/" VOLUMES_FILE)						\
	PLACE(volume_keys, "/" VOLUMES_KEYS)					\
	PLACE(modules, "/modules")		/* a folder */		\
	PLACE(mounts, "/mnt")			/* a folder to mount targets in */ \
	PLACE(ssh, SSH_PROGRAM)			/* OpenSSH's client */

struct places {
#define PLACE(name, path) const char *name;
	PLACES(PLACE)
#undef PLACE
};

/* The machine that we are PID 1 of. */
extern const struct places places_of_machine;

#define PLACES_TEXT 4096	/* bytes of a table in a file */

/*
 * A table as a file tells it, a line "NAME PATH" for each place that is elsewhere; text is
 * what the paths lie in from then on.
 */
bool places_read(struct places *p, const char *file, char text[PLACES_TEXT], struct err *e);

#endif
