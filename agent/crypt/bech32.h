/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bech32 (BIP 173) as age uses it: of any length, for keys as people copy them. */
#ifndef CRYPT_BECH32_H
#define CRYPT_BECH32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/*
 * The bytes behind PREFIX1, exactly len of them; large or small letters, not both. EINVAL: it
 * is another prefix, another length, or mistyped. The text itself is never repeated.
 */
bool bech32_decode(const char *text, const char *prefix, uint8_t *bytes, size_t len,
		   struct err *e);

#endif
