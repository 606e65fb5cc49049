/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The release of a kernel file. The file may be packed as a whole, as arm64's vmlinuz is;
 * bootimage.c knows the rest.
 */
#include "kernelfile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "host/whole_file.h"
#include "kexec/bootimage.h"
#include "pack.h"

#define PLAIN_MAX (128u << 20)

static bool unpacked(const char *path, struct blob *k, struct arena *scratch, struct err *e)
{
	struct unpacking u = { path, *k, { NULL, PLAIN_MAX }, scratch };

	if (strcmp(unpack_codec(k), "gzip"))
		return true;
	u.to.at = arena_take(scratch, PLAIN_MAX, 1, path, e);
	if (!u.to.at || !unpack(&u, e))
		return false;
	*k = u.to;
	return true;
}

bool kernelfile_release(const char *path, struct arena *scratch, char release[RELEASE_LEN],
			struct err *e)
{
	size_t mark = arena_mark(scratch), len;
	struct bootimage b;
	struct blob k;
	bool ok = file_load(scratch, path, &k, e) && unpacked(path, &k, scratch, e);

	if (ok && !bootimage_parse(&b, k.at, k.len, e))
		ok = within(e, "kernel %s", path);
	len = ok ? strlen(b.version) : 0;
	if (ok && (!len || len >= RELEASE_LEN))
		ok = fail(e, EINVAL, "kernel %s does not tell its release: name the folder of "
			  "its modules with --modules", path);
	if (ok)
		memcpy(release, b.version, len + 1);
	arena_release(scratch, mark);
	return ok;
}
