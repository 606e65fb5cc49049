/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A copy of a machine's RAM, with nothing around it that tells what it is: the file behind
 * QEMU's memory-backend-file, a microVM's snapshot.
 */
#ifndef VERBS_RAM_COPY_H
#define VERBS_RAM_COPY_H

#include "capture/crash.h"

/*
 * Opens it as a core without notes, if there is a kernel in it whose own map of memory says
 * that this is where its RAM lies. c is empty afterwards if not. `seconds` may be taken for
 * each way in which it may lie.
 */
bool ram_copy_open(struct crash *c, const char *path, uint64_t size, double seconds);

#endif
