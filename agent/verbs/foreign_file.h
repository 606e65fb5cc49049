/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that people hand in for a dump, and that are none: what they are, what makes one. */
#ifndef VERBS_FOREIGN_FILE_H
#define VERBS_FOREIGN_FILE_H

#include <stddef.h>

#define FOREIGN_HEAD 16	/* bytes of a file's beginning that tell it */

/* "a gzip file: unpack it first (gzip -d)"; NULL: it is none that is known. */
const char *foreign_file(const void *head, size_t len);

#endif
