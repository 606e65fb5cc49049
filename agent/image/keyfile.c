/* SPDX-License-Identifier: GPL-2.0-or-later */
/* OpenSSH's PROTOCOL.key, as far as the type and the cipher stand in it. */
#include "keyfile.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"

#define BEGIN "-----BEGIN "
#define OPENSSH "-----BEGIN OPENSSH PRIVATE KEY-----"
#define MAGIC "openssh-key-v1"	/* with its NUL */
#define HEAD_LEN 192		/* more than stands before the type of the key */
#define ADVICE "make one with ssh-keygen -t ed25519 -N ''"
#define KEY_FILE_MAX 16384

/* What stands in `text` up to anything that is not base64; its length. */
static size_t decode(const char *text, uint8_t out[HEAD_LEN])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";
	uint32_t bits = 0;
	unsigned n_bits = 0;
	size_t len = 0;

	for (; *text && len < HEAD_LEN; text++) {
		const char *digit = strchr(digits, *text);

		if (strchr(" \t\r\n", *text))
			continue;
		if (!digit)
			break;
		bits = bits << 6 | (uint32_t)(digit - digits);
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			out[len++] = bits >> n_bits;
		}
	}
	return len;
}

/* A string with its length in front. */
static bool take(const uint8_t **at, size_t *left, const char **text, size_t *len)
{
	if (*left < 4 || __builtin_bswap32(get_u32(*at)) > *left - 4)
		return false;
	*len = __builtin_bswap32(get_u32(*at));
	*text = (const char *)*at + 4;
	*at += 4 + *len;
	*left -= 4 + *len;
	return true;
}

static bool is(const char *text, size_t len, const char *word)
{
	return len == strlen(word) && !memcmp(text, word, len);
}

static bool check(const char *text, const char *name, struct err *e)
{
	const char *body = strstr(text, OPENSSH), *begin = strstr(text, BEGIN), *word;
	uint8_t head[HEAD_LEN];
	const uint8_t *at = head;
	size_t left, len;

	if (!begin || !strstr(begin, "PRIVATE KEY-----"))
		return fail(e, EINVAL, "ssh_key %s: not a private key; " ADVICE, name);
	if (!body)
		return fail(e, EINVAL, "ssh_key %s: not an Ed25519 key in OpenSSH's format, "
			    "the only kind that the client knows; " ADVICE, name);
	left = decode(body + strlen(OPENSSH), head);
	if (left < sizeof(MAGIC) || memcmp(at, MAGIC, sizeof(MAGIC)))
		return fail(e, EINVAL, "ssh_key %s: damaged; " ADVICE, name);
	at += sizeof(MAGIC);
	left -= sizeof(MAGIC);
	if (take(&at, &left, &word, &len) && !is(word, len, "none"))
		return fail(e, EINVAL, "ssh_key %s: a passphrase locks it, and in a crash "
			    "nobody types one; " ADVICE, name);
	/* Its derivation and that one's options, a count, and the public key, of a type. */
	if (!take(&at, &left, &word, &len) || !take(&at, &left, &word, &len) || left < 8 ||
	    (at += 8, left -= 8, !take(&at, &left, &word, &len)))
		return fail(e, EINVAL, "ssh_key %s: damaged; " ADVICE, name);
	return is(word, len, "ssh-ed25519") ||
	       fail(e, EINVAL, "ssh_key %s: of type %.*s, and the client knows Ed25519 only; "
		    ADVICE, name, (int)(len < 32 ? len : 32), word);
}

bool keyfile_check(const char *path, const char *name, struct err *e)
{
	char text[KEY_FILE_MAX];
	struct stat st;

	if (stat(path, &st))
		return fail(e, errno, "ssh_key %s: %s", name, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(e, EINVAL, "ssh_key %s: not a file", name);
	if (st.st_mode & 077)
		return fail(e, EPERM, "ssh_key %s: others may read it (mode %03o): "
			    "chmod 600 it", name, st.st_mode & 0777);
	return read_text(path, text, sizeof(text), e) ? check(text, name, e)
						      : within(e, "ssh_key");
}
