/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the header of an age file with a key. Each line is somebody else's until the MAC. */
#include <errno.h>
#include <nettle/chacha-poly1305.h>
#include <string.h>

#include "age.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base64.h"

#define LINE_MAX_LEN 64u	/* of a stanza's body */

/* One line of the header, without its end. */
struct line {
	const char *text;
	size_t len;
};

struct lines {
	const uint8_t *file;
	size_t len, at;
};

static bool next_line(struct lines *l, struct line *line)
{
	const uint8_t *from = l->file + l->at, *end = memchr(from, '\n', l->len - l->at);

	if (!end)
		return false;
	line->text = (const char *)from;
	line->len = end - from;
	l->at += line->len + 1;
	return true;
}

static bool begins(const struct line *line, const char *with)
{
	return line->len >= strlen(with) && !memcmp(line->text, with, strlen(with));
}

/* Words of visible letters, one blank between two. */
static bool are_words(const struct line *line)
{
	const char *text = line->text + strlen("-> ");
	size_t len = line->len - strlen("-> ");
	char before = ' ';

	for (size_t i = 0; i < len; i++) {
		if (text[i] < ' ' || text[i] > '~' || (text[i] == ' ' && before == ' '))
			return false;
		before = text[i];
	}
	return before != ' ';
}

static bool is_base64(const struct line *line)
{
	uint8_t bytes[LINE_MAX_LEN];

	return line->len <= LINE_MAX_LEN &&
	       base64_get(line->text, line->len, bytes, line->len * 3 / 4);
}

/* Of a stanza: its body's lines, of which the last is shorter than the others. */
static bool next_body(struct lines *l, struct line *body)
{
	struct line line;
	unsigned n = 0;

	do {
		if (!next_line(l, &line) || !is_base64(&line))
			return false;
		*body = line;
	} while (line.len == LINE_MAX_LEN && ++n);
	/* A body of several lines is of a kind that we do not open. */
	if (n)
		body->len = 0;
	return true;
}

/* Is it for us? Then the file's key is in it. */
static bool unwrap(const struct line *stanza, const struct line *body,
		   const struct age_identity *identity, uint8_t file_key[AGE_FILE_KEY_LEN])
{
	const struct age_stanza *of = identity->of;
	uint8_t wrapped[AGE_WRAPPED_LEN], enc[HYBRID_ENC_LEN];
	size_t n = strlen(of->begins);

	return begins(stanza, of->begins) &&
	       base64_get(stanza->text + n, stanza->len - n, enc, of->enc_len) &&
	       base64_get(body->text, body->len, wrapped, sizeof(wrapped)) &&
	       of->unwrap(enc, wrapped, identity->secret, file_key);
}

static bool check_mac(const struct line *end, const uint8_t *header, size_t len,
		      const uint8_t file_key[AGE_FILE_KEY_LEN])
{
	uint8_t wanted[AGE_MAC_LEN], found[AGE_MAC_LEN], differs = 0;

	age_header_mac(header, len, file_key, wanted);
	if (!base64_get(end->text + 4, end->len - 4, found, sizeof(found)))
		return false;
	for (size_t i = 0; i < sizeof(found); i++)
		differs |= wanted[i] ^ found[i];
	return !differs;
}

bool age_open(const uint8_t *file, size_t len, const struct age_identity *identity,
	      struct age_payload *payload, size_t *len_ret, struct err *e)
{
	struct lines l = { file, len, 0 };
	uint8_t file_key[AGE_FILE_KEY_LEN];
	struct line line, body;
	bool ours = false, ok;

	if (!next_line(&l, &line) || line.len != 21 || !begins(&line, AGE_VERSION))
		return fail(e, EINVAL, "not an age file, of version 1");
	while (next_line(&l, &line) && begins(&line, "-> ")) {
		if (!are_words(&line) || !next_body(&l, &body))
			return fail(e, EINVAL, "its header is not what age writes");
		ours = ours || unwrap(&line, &body, identity, file_key);
	}
	if (!begins(&line, "--- ") || len - l.at < AGE_NONCE_LEN)
		return fail(e, EINVAL, "its header is cut off, or not what age writes");
	if (!ours)
		return fail(e, EACCES, "it is not for this key");
	ok = check_mac(&line, file, (const uint8_t *)line.text + 3 - file, file_key);
	if (ok)
		age_payload_key(file_key, file + l.at, payload);
	age_wipe(file_key, sizeof(file_key));
	*len_ret = l.at + AGE_NONCE_LEN;
	return ok || fail(e, EINVAL, "its header was changed: its sum does not fit");
}
