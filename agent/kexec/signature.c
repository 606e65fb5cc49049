/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who signed a kernel. The kernel lists its certificates in /proc/keys as "asymmetri
 * SUBJECT: ID: X509.rsa ..." (Linux crypto/asymmetric_keys/asymmetric_type.c,
 * asymmetric_key_describe()), and SUBJECT as "ORGANISATION: NAME" or only one of them
 * (x509_cert_parser.c, x509_fabricate_name()). These names are looked for in the
 * signature, which has those of the signer and of its issuer.
 *
 * Debian's kernels are signed with a key that they do not have built in: shim or the firmware
 * hands it over, and only on a machine that starts by UEFI.
 */
#include "signature.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "bootimage.h"
#include "host/root.h"

#define KEYS_TEXT (64u << 10)
#define KIND " asymmetri "

static bool names(const struct bootimage *b, const char *name)
{
	return *name && memmem(b->signature, b->signature_len, name, strlen(name));
}

/* Cuts the line's subject out of it; NULL: not a certificate. */
static char *subject_of(char *line)
{
	char *name = strstr(line, KIND), *end = name ? strstr(name, ": X509.") : NULL;

	if (!end)
		return NULL;
	*end = '\0';
	name += strlen(KIND);
	end = strrchr(name, ':');	/* before the ID */
	if (end)
		*end = '\0';
	return name;
}

enum trust signature_trust(const struct bootimage *b, const char *root)
{
	char text[KEYS_TEXT], *rest = text, *line;
	enum trust trust = TRUST_UNKNOWN;
	struct err ignored;

	if (!root_read(root, "/proc/keys", text, sizeof(text), &ignored))
		return TRUST_UNKNOWN;
	while ((line = strsep(&rest, "\n"))) {
		char *subject = subject_of(line), *name;

		if (!subject)
			continue;
		trust = TRUST_NO;
		name = strstr(subject, ": ");
		if (names(b, subject) || (name && names(b, name + 2)))
			return TRUST_YES;
	}
	return trust;
}

/* The first common name (OID 2.5.4.3) of a PKCS #7 signature is that of the issuer. */
void signature_issuer(const struct bootimage *b, char *name, size_t size)
{
	static const uint8_t oid[] = { 0x55, 0x04, 0x03 };
	struct cursor c = { .end = b->signature + b->signature_len };
	const uint8_t *head, *text;
	size_t n = 0;

	snprintf(name, size, "somebody");
	if (b->signature_len)
		c.at = memmem(b->signature, b->signature_len, oid, sizeof(oid));
	/* Behind it a kind of text, and its length in one byte. */
	if (!c.at || !cursor_take(&c, sizeof(oid) + 2, &head) || head[4] > 127 || !head[4] ||
	    !cursor_take(&c, head[4], &text))
		return;
	for (; n < head[4] && n + 1 < size; n++)
		name[n] = printable(text[n]);
	name[n] = '\0';
}
