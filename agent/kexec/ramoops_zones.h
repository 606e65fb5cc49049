/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the running kernel's ramoops has its records of crashes, for a capture to write to. */
#ifndef KEXEC_RAMOOPS_ZONES_H
#define KEXEC_RAMOOPS_ZONES_H

#include "machine/ramoops.h"

/*
 * False: this kernel has no ramoops, or one whose records cannot be written by others, as
 * they have a code that mends errors (ecc), or are not aligned.
 */
bool ramoops_zones_read(const char *root, struct ramoops_zones *z);

#endif
