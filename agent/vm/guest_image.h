/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the guest starts with: this program as its first process, modules of the disks, the
 * command, and the capture kernel with an image of its own; behind it the user's archive.
 */
#ifndef VM_GUEST_IMAGE_H
#define VM_GUEST_IMAGE_H

#include <stdbool.h>

#include "want.h"

struct err;

/*
 * Writes it. A kernel for another CPU than this program, or without the drivers, is refused.
 * Whether it can see a folder of the host goes to w->shares_root.
 */
bool guest_image_write(struct vm_want *w, const char *path, struct err *e);

#endif
