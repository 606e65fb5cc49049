/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hardware watchdog: it resets the machine when nobody pets it. Opening it also
 * stops the kernel from petting one that the first kernel left running.
 */
#ifndef MACHINE_WATCHDOG_H
#define MACHINE_WATCHDOG_H

#include <stdbool.h>

struct watchdog {
	int fd;
	unsigned timeout_s;
};

#define WATCHDOG_NONE ((struct watchdog){ .fd = -1 })

/* Opens and arms that at device, no pretimeout; false when the machine has none (yet). */
bool watchdog_open(struct watchdog *w, const char *device, unsigned timeout_s);
void watchdog_pet(const struct watchdog *w);

/*
 * Disarms and closes it, for a machine that is to stay down. Not for a reboot: an
 * armed watchdog is what ends one that hangs.
 */
void watchdog_release(struct watchdog *w);

#endif
