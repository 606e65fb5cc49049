/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which machine this is, where host names are those of clones: /etc/machine-id. */
#ifndef KEXEC_MACHINE_ID_H
#define KEXEC_MACHINE_ID_H

#include "targets/folder_name.h"

/*
 * Into an id that is "": what a configuration says is left alone. It stays "" where there is
 * none, or what is there is none: an image's "uninitialized".
 */
void machine_id_read(const char *root, char id[MACHINE_ID_SIZE]);

#endif
