/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Base64, both ways. */
#include "base64.h"

#include <string.h>

static const char letters[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_put(const uint8_t *bytes, size_t len, char *text)
{
	uint32_t bits = 0;
	unsigned n = 0;

	for (size_t i = 0; i < len; i++) {
		bits = bits << 8 | bytes[i];
		for (n += 8; n >= 6; n -= 6)
			*text++ = letters[bits >> (n - 6) & 63];
	}
	if (n)
		*text++ = letters[bits << (6 - n) & 63];
	*text = '\0';
}

bool base64_get(const char *text, size_t text_len, uint8_t *bytes, size_t len)
{
	uint32_t bits = 0;
	unsigned n = 0;
	size_t at = 0;

	if (text_len != BASE64_LEN(len))
		return false;
	for (size_t i = 0; i < text_len; i++) {
		const char *letter = memchr(letters, text[i], sizeof(letters) - 1);

		if (!letter)
			return false;
		bits = bits << 6 | (uint32_t)(letter - letters);
		n += 6;
		if (n < 8)
			continue;
		n -= 8;
		if (at == len)
			return false;
		bytes[at++] = bits >> n;
	}
	return at == len && !(bits & ((1u << n) - 1));
}
