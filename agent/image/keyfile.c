/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking at a private key. OpenSSH's PROTOCOL.key, as far as the type and the cipher
 * stand in it.
 */
#include "keyfile.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "host/whole_file.h"

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
static bool take(struct cursor *c, struct blob *text)
{
	const uint8_t *at;

	if (!cursor_take(c, 4, &at))
		return false;
	text->len = __builtin_bswap32(get_u32(at));
	return cursor_take(c, text->len, (const uint8_t **)&text->at);
}

static bool check(const char *text, const char *name, struct err *e)
{
	const char *body = strstr(text, OPENSSH), *begin = strstr(text, BEGIN);
	uint8_t head[HEAD_LEN];
	struct cursor c = { head, head };
	const uint8_t *at;
	struct blob word;

	if (!begin || !strstr(begin, "PRIVATE KEY-----"))
		return fail(e, EINVAL, "ssh_key %s: not a private key; " ADVICE, name);
	if (!body)
		return fail(e, EINVAL, "ssh_key %s: not an Ed25519 key in OpenSSH's format, "
			    "the only kind that the client knows; " ADVICE, name);
	c.end += decode(body + strlen(OPENSSH), head);
	if (!cursor_take(&c, sizeof(MAGIC), &at) || memcmp(at, MAGIC, sizeof(MAGIC)))
		return fail(e, EINVAL, "ssh_key %s: damaged; " ADVICE, name);
	if (take(&c, &word) && !blob_is(&word, "none"))
		return fail(e, EINVAL, "ssh_key %s: a passphrase locks it, and in a crash "
			    "nobody types one; " ADVICE, name);
	/* Its derivation and that one's options, a count, and the public key, of a type. */
	if (!take(&c, &word) || !take(&c, &word) || !cursor_take(&c, 8, &at) ||
	    !take(&c, &word))
		return fail(e, EINVAL, "ssh_key %s: damaged; " ADVICE, name);
	return blob_is(&word, "ssh-ed25519") ||
	       fail(e, EINVAL, "ssh_key %s: of type %.*s, and the client knows Ed25519 only; "
		    ADVICE, name, (int)min_u64(word.len, 32), word.at);
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
