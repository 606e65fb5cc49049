/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a finished file once from where it lies: its SHA-256 for the manifest, and
 * whether the page data come back as they were sent.
 */
#ifndef DUMP_READBACK_H
#define DUMP_READBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct out;

#define SHA256_HEX_LEN 65

/*
 * [0, len) of the file; [data_off, len) must have the CRC-32 `crc`. buf is working
 * space. *done counts bytes for a progress display. EIO: they differ.
 */
bool readback(struct out *o, uint64_t len, uint64_t data_off, unsigned long crc, void *buf,
	      size_t buf_len, uint64_t *done, char hex[SHA256_HEX_LEN],
	      struct err *e);

#endif
