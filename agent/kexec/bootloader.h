/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does the next boot reserve memory? The kernel's command line stands in a file of the boot
 * loader: GRUB's grub.cfg and grubenv, entries of the Boot Loader Specification, kernels that
 * bring their line with them (UKI), extlinux.conf, cmdline.txt.
 */
#ifndef KEXEC_BOOTLOADER_H
#define KEXEC_BOOTLOADER_H

#include <stdbool.h>

#include "host/root.h"

/* Is crashkernel= among the words of a command line? */
bool bootloader_reserves(const char *words);

enum next_boot { BOOT_RESERVES, BOOT_DOES_NOT, BOOT_UNKNOWN };

/* As far as the entry is known that a boot takes if nobody chooses: `file` says so then. */
enum next_boot bootloader_next(const char *root, char file[HOST_PATH_MAX]);

#endif
