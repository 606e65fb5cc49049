/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much memory loaded modules take, of the running kernel. */
#ifndef IMAGE_MODULE_MEMORY_H
#define IMAGE_MODULE_MEMORY_H

#include <stdint.h>

struct drivers;

/*
 * Bytes of the named modules and of all that they use. Those that are not loaded, or built
 * in, count nothing. What they use is added to the names, as far as there is room.
 */
uint64_t module_memory_sum(struct drivers *d);

#endif
