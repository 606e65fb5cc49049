/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loading the .ko files that the image builder put in, in the order it wrote down. */
#ifndef MACHINE_MODULES_H
#define MACHINE_MODULES_H

#include <stdint.h>

#define MODULES_ORDER_MAX 8192	/* the list has to be shorter */

/*
 * Loads what DIR/order lists, from the from-th on; *at is the one being loaded, for those
 * who watch us. A module that does not load is logged and passed over: whether it was
 * needed shows itself later. Returns how many are loaded. Blocks while drivers look for
 * their devices: a child's work.
 */
unsigned modules_load(const char *dir, unsigned from, uint32_t *at);

#endif
