/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * LVM's metadata, as far as it tells whether a volume still lies where it did: extents that
 * were freed or moved may be another volume's by now, and must not be written to.
 */
#ifndef VOLUMES_LVM_EXTENTS_H
#define VOLUMES_LVM_EXTENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "block_facts.h"

struct lvm_extents {
	uint64_t seqno;		/* of the group's metadata: the highest counts */
	uint64_t sum;		/* over the volume's segments */
};

/* Of the volume `lv` in the metadata on an LVM disk. False: there is none, or none of it. */
bool lvm_extents_read(struct lvm_extents *x, int fd, const char lv[LVM_ID]);

/* The same, of a device's file: if it knows more than what is in *x, which begins empty. */
void lvm_extents_newer(struct lvm_extents *x, const char *path, const char lv[LVM_ID]);

/* The same in a text that ends with a NUL. */
bool lvm_extents_parse(struct lvm_extents *x, const char *text, const char lv[LVM_ID]);

#endif
