/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bech32, decoding only. */
#include "bech32.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/err.h"

#define SUM_LEN 6

static const char letters[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static uint32_t step(uint32_t sum, unsigned value)
{
	static const uint32_t gen[] = { 0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
					0x2a1462b3 };
	uint32_t top = sum >> 25;

	sum = (sum & 0x1ffffff) << 5 ^ value;
	for (int i = 0; i < 5; i++)
		if (top >> i & 1)
			sum ^= gen[i];
	return sum;
}

static bool one_case(const char *text)
{
	bool small = false, large = false;

	for (; *text; text++) {
		small |= islower((unsigned char)*text) != 0;
		large |= isupper((unsigned char)*text) != 0;
	}
	return !(small && large);
}

static uint32_t sum_of_prefix(const char *prefix)
{
	uint32_t sum = 1;

	for (const char *at = prefix; *at; at++)
		sum = step(sum, (unsigned char)*at >> 5);
	sum = step(sum, 0);
	for (const char *at = prefix; *at; at++)
		sum = step(sum, *at & 31);
	return sum;
}

bool bech32_decode(const char *text, const char *prefix, uint8_t *bytes, size_t len,
		   struct err *e)
{
	size_t n_prefix = strlen(prefix), n = strlen(text), at = 0;
	uint32_t sum = sum_of_prefix(prefix), bits = 0;
	unsigned n_bits = 0;

	if (n < n_prefix + 1 + SUM_LEN || text[n_prefix] != '1' || !one_case(text))
		return fail(e, EINVAL, "it is no key that begins with %s1", prefix);
	for (size_t i = 0; i < n_prefix; i++)
		if (tolower((unsigned char)text[i]) != prefix[i])
			return fail(e, EINVAL, "it is no key that begins with %s1", prefix);
	for (size_t i = n_prefix + 1; i < n; i++) {
		const char *letter = strchr(letters, tolower((unsigned char)text[i]));

		if (!letter)
			return fail(e, EINVAL, "its character %zu is in no such key", i + 1);
		sum = step(sum, letter - letters);
		if (i >= n - SUM_LEN)
			continue;
		bits = bits << 5 | (uint32_t)(letter - letters);
		n_bits += 5;
		if (n_bits >= 8 && at < len)
			bytes[at++] = bits >> (n_bits -= 8);
		else if (n_bits >= 8)
			return fail(e, EINVAL, "it is too long");
		bits &= (1u << n_bits) - 1;
	}
	if (sum != 1)
		return fail(e, EINVAL, "it is mistyped: its check does not fit");
	return (at == len && !bits && n_bits < 5) || fail(e, EINVAL, "it is too short");
}
