/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kexec/signature: names in a signature, against lists of keys as kernels print them. */
#include "kexec/signature.h"

#include "base/bytes.h"
#include "folder.h"
#include "kexec/bootimage.h"
#include "t.h"

#define KEY(subject) "0a1b2c3d I------     1 perm 1f030000     0     0 asymmetri " subject \
		     ": 6ccece7e: X509.rsa 6ccece7e []\n"

static const char other_lines[] =
	"0a1b2c3d I------     1 perm 1f030000     0     0 keyring   .platform: 2\n"
	"0a1b2c3d I------     1 perm 1f030000     0     0 blacklist bin:CA of Debian\n";

static void check_trust(void)
{
	static const struct {
		const char *row, *keys;
		enum trust wanted;
	} rows[] = {
		{ "no certificate is shown", "", TRUST_UNKNOWN },
		{ "others only", KEY("Build time key: 01"), TRUST_NO },
		{ "the issuer", KEY("Build time key") KEY("CA of Debian"), TRUST_YES },
		{ "behind an organisation", KEY("Debian Project: CA of Debian"), TRUST_YES },
		{ "a name with a colon", KEY("The Signer: 2022"), TRUST_YES },
		{ "no name", KEY(""), TRUST_NO },
		{ "half a line", "asymmetri CA of Debian", TRUST_UNKNOWN },
		{ "not a certificate", " asymmetri CA of Debian: 6cce: PKCS8.rsa",
		  TRUST_UNKNOWN },
	};
	static const char signature[] = "..CA of Debian..The Signer: 2022..";
	const struct bootimage b = { .is_signed = true, .signature = (uint8_t *)signature,
				     .signature_len = strlen(signature) };

	mkdir(at("proc"), 0700);
	T_EQUAL("no list", TRUST_UNKNOWN, signature_trust(&b, root));
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		char text[1000];

		snprintf(text, sizeof(text), "%s%s", other_lines, rows[i].keys);
		put_file("proc/keys", text);
		T_EQUAL(rows[i].row, rows[i].wanted, signature_trust(&b, root));
	}
}

static void check_issuer(void)
{
	static const struct {
		const char *row, *bytes;
		size_t len;
		const char *wanted;
	} rows[] = {
		{ "no signature", "", 0, "somebody" },
		{ "no name in it", "0123456789", 10, "somebody" },
		{ "the first of two",
		  "..\x55\x04\x03\x0c\x02" "CA\x55\x04\x03\x0c\x02" "NO", 16, "CA" },
		{ "longer than the signature", "\x55\x04\x03\x0c\x03" "CA", 7, "somebody" },
		{ "cut off before the length", "\x55\x04\x03\x0c", 4, "somebody" },
		{ "longer than our room", "\x55\x04\x03\x0c\x09" "123456789", 14, "1234567" },
		{ "what cannot be printed", "\x55\x04\x03\x0c\x03" "C\033A", 8, "C?A" },
		{ "of no length", "\x55\x04\x03\x0c\x00" "CA", 7, "somebody" },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		uint8_t *exact = malloc(rows[i].len ? rows[i].len : 1);
		const struct bootimage b = { .signature = exact, .signature_len = rows[i].len };
		char name[8];

		memcpy(exact, rows[i].bytes, rows[i].len);
		signature_issuer(&b, name, sizeof(name));
		/* "somebody" is cut as well. */
		T_CHECK(rows[i].row, !strncmp(name, rows[i].wanted, sizeof(name) - 1));
		free(exact);
	}
}

int main(void)
{
	if (!mkdtemp(root))
		return 1;
	check_trust();
	check_issuer();
	unlink(at("proc/keys"));
	rmdir(at("proc"));
	rmdir(root);
	return t_done();
}
