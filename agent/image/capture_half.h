/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The half of our own program that PID 1 of a capture kernel needs. */
#ifndef IMAGE_CAPTURE_HALF_H
#define IMAGE_CAPTURE_HALF_H

#include <stdbool.h>

#include "host/whole_file.h"

struct err;

/* What agent/deps/host-half calls the sections of the other half, which come last. */
#define HOST_HALF_SECTIONS ".host."

/*
 * Cuts `program` to that half, where it lies: fewer bytes, the other half's segments no longer
 * to be loaded, no section headers. One without such sections stays what it is. False and an
 * error if they are not where they can be left out.
 */
bool capture_half(struct blob *program, const char *name, struct err *e);

#endif
