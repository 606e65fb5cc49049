/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Base64 as age's header has it: the usual letters, no "=" behind them, one way to say it. */
#ifndef CRYPT_BASE64_H
#define CRYPT_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BASE64_LEN(n) (((n) * 4 + 2) / 3)

/* BASE64_LEN(len) letters and a NUL. */
void base64_put(const uint8_t *bytes, size_t len, char *text);

/* Exactly len bytes out of BASE64_LEN(len) letters; false for anything else. */
bool base64_get(const char *text, size_t text_len, uint8_t *bytes, size_t len);

#endif
