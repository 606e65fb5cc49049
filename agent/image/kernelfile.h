/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which release a kernel file is: what `uname -r` will say when it runs. */
#ifndef IMAGE_KERNELFILE_H
#define IMAGE_KERNELFILE_H

#include <stdbool.h>

struct arena;
struct err;

#define RELEASE_LEN 65	/* of struct utsname */

/* Of a bzImage (x86), an Image or its gzipped form (arm64); ENOEXEC: none of them. */
bool kernelfile_release(const char *path, struct arena *scratch, char release[RELEASE_LEN],
			struct err *e);

#endif
