/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last resort of a log that no target took: memory that outlives the reboot. */
#ifndef SUPERVISE_LAST_RESORT_H
#define SUPERVISE_LAST_RESORT_H

#include <stdbool.h>

struct session;

/*
 * Puts the end of the log into EFI variables or else into records of ramoops, bounded in bytes
 * and in time, and says on the console what has become of it. `crashbox pstore` of the next
 * boot fetches it. What is to be encrypted is not kept so.
 */
bool last_resort_keep(struct session *s);

#endif
