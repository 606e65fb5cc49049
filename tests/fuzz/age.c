/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An age file and a key to it: the first line is the key as somebody has typed it, the rest
 * the file. Once as it is, opened with a key that is known; once with a stanza for that key
 * and a right sum put behind its own, as anybody can make one who knows whom it is for. What
 * opens has its header in the file, and no error ever has a piece of the key.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "crypt/age.h"
#include "crypt/hybrid_open.h"
#include "crypt/base64.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILE_MAX 8192u
#define PIECE 8u		/* letters of a key that are nobody else's */
#define SECRET "AGE-SECRET-KEY-1"

/* Of the file of crypt/age_works.c. */
static const char identity[] =
	SECRET "CAGD3T4DHURED5DTDAGX0QVMXPQUXG9K0CG3ATAZMJKFQR39V8RQCDHPLT";
static const char share[] = "CqwvTfen1t4nXFQOxEcxj4mJUma933Xay4d5V+tpTnU";
static const char wrapped[] = "xkB9WUruResO3t1duE5+OjKogB3EDPpMB9xJg2JYch0";

static struct {
	bool is_known;
	struct age_identity identity;
	uint8_t file_key[AGE_FILE_KEY_LEN];
} known;

static void know(void)
{
	uint8_t bytes[AGE_WRAPPED_LEN], point[AGE_KEY_LEN];
	struct err e;

	if (!age_identity_parse(identity, &known.identity, &e) ||
	    !base64_get(share, strlen(share), point, sizeof(point)) ||
	    !base64_get(wrapped, strlen(wrapped), bytes, sizeof(bytes)) ||
	    !known.identity.of->unwrap(point, bytes, known.identity.secret, known.file_key))
		abort();
	known.is_known = true;
}

static void check_error(const struct err *e)
{
	if (!e->code || !e->text[0])
		abort();	/* an error that says nothing */
}

/* No piece of what comes behind prefix is in the words of the error. */
static void check_secret(const char *text, const char *prefix, const struct err *e)
{
	check_error(e);
	if (strncmp(text, prefix, strlen(prefix)))
		return;
	text += strlen(prefix);
	for (size_t i = 0; i + PIECE <= strlen(text); i++) {
		char piece[PIECE + 1] = "";

		memcpy(piece, text + i, PIECE);
		if (strstr(e->text, piece))
			abort();
	}
}

static void parse_key(const char *text)
{
	struct age_recipients to = { .n = 0 };
	struct age_identity key;
	struct err e;

	if (!age_recipient_add(&to, text, &e))
		check_error(&e);
	if (!hybrid_identity_parse(text, &key, &e))
		check_secret(text, "AGE-SECRET-KEY-PQ-1", &e);
	if (!age_identity_parse(text, &key, &e))
		check_secret(text, SECRET, &e);
}

/* The sum that stands in it is that of what stands before it, by whatever key. */
static bool open_file(const uint8_t *file, size_t len)
{
	struct age_payload payload;
	uint8_t chunk[64 + AGE_TAG];
	size_t at = 0, n;
	struct err e;

	if (!age_open(file, len, &known.identity, &payload, &at, &e)) {
		check_error(&e);
		return false;
	}
	if (at > len || at < AGE_NONCE_LEN + 1 || file[at - AGE_NONCE_LEN - 1] != '\n')
		abort();
	n = len - at < sizeof(chunk) ? len - at : sizeof(chunk);
	memcpy(chunk, file + at, n);
	age_unseal(&payload, 0, true, chunk, n);
	return true;
}

/* Text goes on behind `at`; what there is no room for is left out. */
static size_t put(uint8_t *file, size_t at, const void *text, size_t len)
{
	len = len < FILE_MAX - at ? len : FILE_MAX - at;
	memcpy(file + at, text, len);
	return at + len;
}

/* The stanzas of the input, ours, the sum, a nonce. */
static void open_made(const uint8_t *stanzas, size_t len)
{
	static const char ends[] = "\n---", nonce[AGE_NONCE_LEN + AGE_TAG] = "nonce";
	uint8_t file[FILE_MAX], mac[AGE_MAC_LEN];
	char sum[BASE64_LEN(AGE_MAC_LEN) + 1];
	size_t at = put(file, 0, AGE_VERSION "\n", strlen(AGE_VERSION) + 1);

	if (len > FILE_MAX / 2)
		return;
	at = put(file, at, stanzas, len);
	at = put(file, at, "-> X25519 ", 10);
	at = put(file, at, share, strlen(share));
	at = put(file, at, "\n", 1);
	at = put(file, at, wrapped, strlen(wrapped));
	at = put(file, at, ends, strlen(ends));
	age_header_mac(file, at, known.file_key, mac);
	base64_put(mac, sizeof(mac), sum);
	at = put(file, at, " ", 1);
	at = put(file, at, sum, strlen(sum));
	at = put(file, at, "\n", 1);
	at = put(file, at, nonce, sizeof(nonce));
	if (!open_file(file, at) && !len)
		abort();
}

static void read_base64(const uint8_t *text, size_t len)
{
	char again[BASE64_LEN(AGE_KEY_LEN) + 1];
	uint8_t bytes[AGE_KEY_LEN];

	if (!base64_get((const char *)text, len, bytes, sizeof(bytes)))
		return;
	base64_put(bytes, sizeof(bytes), again);
	if (strlen(again) != len || memcmp(again, text, len))
		abort();	/* two ways to say it */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size), *file;
	size_t len = end ? (size_t)(end - data) : size;
	char *key = malloc(len + 1);

	memcpy(key, data, len);
	key[len] = '\0';
	if (!known.is_known)
		know();
	parse_key(key);
	read_base64(data, len);
	free(key);
	file = data + len + (end != NULL);
	open_file(file, data + size - file);
	open_made(file, data + size - file);
	return 0;
}
