/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files below the root folder: a prefix and what is asked most often. */
#include "root.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"

bool root_path(char out[HOST_PATH_MAX], const char *root, const char *path, struct err *e)
{
	if (snprintf(out, HOST_PATH_MAX, "%s%s", root, path) >= HOST_PATH_MAX)
		return fail(e, ENAMETOOLONG, "%s%s: longer than %u characters", root, path,
			    HOST_PATH_MAX - 1);
	return true;
}

bool root_choose(char out[HOST_PATH_MAX], const char *root, const char *named,
		 const char *usual, struct err *e)
{
	return named ? root_path(out, "", named, e) : root_path(out, root, usual, e);
}

bool root_read(const char *root, const char *path, char *buf, size_t size, struct err *e)
{
	char full[HOST_PATH_MAX];

	return root_path(full, root, path, e) && read_text(full, buf, size, e);
}

bool root_number(const char *root, const char *path, uint64_t *out)
{
	char text[32], *end;
	struct err ignored;

	if (!root_read(root, path, text, sizeof(text), &ignored))
		return false;
	*out = strtoull(text, &end, 10);
	return end != text && !*end;
}

bool root_exists(const char *root, const char *path)
{
	char full[HOST_PATH_MAX];
	struct err ignored;

	return root_path(full, root, path, &ignored) && !access(full, F_OK);
}

bool root_make_state(const char *root, struct err *e)
{
	char full[HOST_PATH_MAX];

	return root_path(full, root, STATE_DIR, e) &&
	       (!mkdir(full, 0700) || errno == EEXIST ||
		fail(e, errno, "%s: cannot be made: %s", full, strerror(errno)));
}
