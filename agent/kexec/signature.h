/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does the running kernel know who signed another one? */
#ifndef KEXEC_SIGNATURE_H
#define KEXEC_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

struct bootimage;

enum trust { TRUST_UNKNOWN, TRUST_YES, TRUST_NO };

/*
 * Has it a key of the name of who signed that, or of who vouches for the signer? Whether the
 * signature is right, only the kernel itself says.
 */
enum trust signature_trust(const struct bootimage *b, const char *root);

/* The name of who vouches for the signer; "somebody" if it is not told. */
void signature_issuer(const struct bootimage *b, char *name, size_t size);

#endif
