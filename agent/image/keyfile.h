/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Can the client in the image use this private key, with nobody there to type anything? */
#ifndef IMAGE_KEYFILE_H
#define IMAGE_KEYFILE_H

#include <stdbool.h>

struct err;

/*
 * The file at `path`, which the configuration calls `name`: an error unless it is a file that
 * nobody else may read, with an Ed25519 key in OpenSSH's format and without a passphrase.
 */
bool keyfile_check(const char *path, const char *name, struct err *e);

#endif
