/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An initramfs of several archives, as the kernel unpacks them one after the other. */
#ifndef IMAGE_JOIN_H
#define IMAGE_JOIN_H

#include <stdbool.h>

struct arena;
struct blob;
struct err;

/* Files of `crashbox image`, or other archives, in this order; what comes later wins. */
bool join_images(char *const *paths, unsigned n, struct arena *a, struct blob *out,
		 struct err *e);

#endif
