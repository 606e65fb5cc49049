/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unpacking snappy's block format, which is in dumps that QEMU and makedumpfile write: the
 * length of what was packed, then pieces, each of bytes as they are or of a copy of bytes
 * that came before. Numbers are little-endian.
 */
#ifndef DUMP_SNAPPY_H
#define DUMP_SNAPPY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Unpacks one block of len bytes. True when it is sound and gives just `room` bytes, which
 * are then in `to`. Nothing is read or written outside of the two.
 */
bool snappy_unpack(const void *from, size_t len, void *to, size_t room);

#endif
