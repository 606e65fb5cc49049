/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does what encrypts work here? A file that age 1.1.1 has made is opened, a block that takes
 * this CPU's widest registers has the tag that others give it, and one is sealed for those whom
 * it would be for, and opened again.
 */
#include <errno.h>
#include <string.h>

#include "age.h"
#include "base/err.h"

#define BLOCK 4096u

static const char known_identity[] =
	"AGE-SECRET-KEY-"
	"1CAGD3T4DHURED5DTDAGX0QVMXPQUXG9K0CG3ATAZMJKFQR39V8RQCDHPLT";
static const char known_words[] = "crashbox";
static const char known_file[] =
	"age-encryption.org/v1\n"
	"-> X25519 CqwvTfen1t4nXFQOxEcxj4mJUma933Xay4d5V+tpTnU\n"
	"xkB9WUruResO3t1duE5+OjKogB3EDPpMB9xJg2JYch0\n"
	"--- 7TEEaPnvUbntn4ZmwomdwvXWaosaS1xmuC52gkh+HaQ\n"
	"\217\370\306\247\156\060\225\053\325\061\166\267\202\232\167\266"
	"\115\335\047\007\011\024\265\337\103\363\225\360\143\115\160\107"
	"\230\326\147\307\072\066\240\010";

static bool opens_known(struct err *e)
{
	uint8_t file[sizeof(known_file)];
	struct age_identity key;
	struct age_payload payload;
	size_t at, len = sizeof(known_file) - 1;

	memcpy(file, known_file, len);
	if (!age_identity_parse(known_identity, &key, e) ||
	    !age_open(file, len, &key, &payload, &at, e))
		return within(e, "a file that age has made does not open");
	return (age_unseal(&payload, 0, true, file + at, len - at) &&
		!memcmp(file + at, known_words, sizeof(known_words) - 1)) ||
	       fail(e, EILSEQ, "a file that age has made opens to something else");
}

/* What is sealed is the keystream's doing, and the tag is of that: OpenSSL says the same. */
static bool seals_as_known(struct err *e)
{
	static const char tag[] = "\345\202\311\115\322\254\333\040"
				  "\357\212\371\175\373\112\231\300";
	const struct age_payload payload = { .key = { 7 } };
	uint8_t block[BLOCK + AGE_TAG];

	memset(block, 'a', BLOCK);
	age_seal(&payload, 0, true, block, BLOCK);
	return !memcmp(block + BLOCK, tag, AGE_TAG) ||
	       fail(e, EILSEQ, "a block is not sealed as others seal it");
}

static bool seals(const struct age_recipients *to, struct err *e)
{
	uint8_t header[AGE_HEADER_MAX], block[BLOCK + AGE_TAG];
	struct age_payload payload;
	size_t len;
	bool ok;

	if (!age_begin(to, &payload, header, &len, e))
		return false;
	memset(block, 'a', BLOCK);
	age_seal(&payload, 0, true, block, BLOCK);
	ok = !memmem(block, BLOCK, "aaaaaaaa", 8) &&
	     age_unseal(&payload, 0, true, block, BLOCK + AGE_TAG);
	for (size_t i = 0; i < BLOCK; i++)
		ok &= block[i] == 'a';
	age_wipe(&payload, sizeof(payload));
	return ok || fail(e, EILSEQ, "a block that was sealed is not what it was");
}

bool age_works(const struct age_recipients *to, struct err *e)
{
	return (opens_known(e) && seals_as_known(e) && seals(to, e)) ||
	       within(e, "encrypting does not work");
}
