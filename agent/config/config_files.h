/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A configuration's files as one text: FILE, then the *.conf of the folder FILE.d by name. */
#ifndef CONFIG_CONFIG_FILES_H
#define CONFIG_CONFIG_FILES_H

#include <stdbool.h>
#include <stddef.h>

struct err;

#define CONFIG_FILE_MAX 16384
#define CONFIG_LEN_MAX (CONFIG_FILE_MAX - 3)	/* bytes of all files together */
#define CONFIG_FROM "#from "	/* a line: that file begins here */

/*
 * Each file ends with a newline, and those of the folder begin with a line of CONFIG_FROM; so
 * the text tells by itself what came from where, in an image too. FILE may be absent where
 * the folder has files. Errors name the file.
 */
bool config_files_read(const char *path, char text[CONFIG_FILE_MAX], size_t *len_ret,
		       struct err *e);

/* NUL bytes become '?', so that they spoil their own line and no other. */
void config_no_nul(char *text, size_t len);

/* Is there any of them? */
bool config_files_are(const char *path);

#endif
