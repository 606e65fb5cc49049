/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a configuration's files, of which packages and fleets bring their own. */
#include "config_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"

#define MAX_DROP_INS 64
#define DROP_IN_NAME 96		/* bytes of a name */

struct drop_ins {
	char folder[PATH_MAX];
	char names[MAX_DROP_INS][DROP_IN_NAME];
	unsigned n;
};

static bool is_drop_in(const char *name)
{
	return name[0] != '.' && has_ending(name, ".conf");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* A folder that is not there has none. */
static bool find_drop_ins(struct drop_ins *d, const char *path, struct err *e)
{
	struct dirent *entry;
	bool ok = true;
	DIR *dir;

	if (snprintf(d->folder, sizeof(d->folder), "%s.d", path) >= (int)sizeof(d->folder))
		return fail(e, ENAMETOOLONG, "%s: too long a name", path);
	dir = opendir(d->folder);
	if (!dir)
		return errno == ENOENT || errno == ENOTDIR ||
		       fail(e, errno, "cannot open %s: %s", d->folder, strerror(errno));
	for (errno = 0; ok && (entry = readdir(dir)); errno = 0) {
		if (!is_drop_in(entry->d_name))
			continue;
		if (strlen(entry->d_name) >= DROP_IN_NAME)
			ok = fail(e, ENAMETOOLONG, "%s/%s: too long a name", d->folder,
				  entry->d_name);
		else if (d->n == MAX_DROP_INS)
			ok = fail(e, E2BIG, "%s: more than %u files", d->folder, MAX_DROP_INS);
		else
			strcpy(d->names[d->n++], entry->d_name);
	}
	if (ok && errno)
		ok = fail(e, errno, "cannot read %s: %s", d->folder, strerror(errno));
	closedir(dir);
	qsort(d->names, d->n, sizeof(d->names[0]), by_name);
	return ok;
}

void config_no_nul(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!text[i])
			text[i] = '?';
}

/* What a power cut or another coding has left would hide all that stands behind it. */
static bool show_nul(const char *path, char *text, size_t len, struct err *e)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	char raw[CONFIG_FILE_MAX];

	if (fd < 0 || !pread_all(fd, raw, len, 0, path, e))
		return fail(e, EIO, "cannot read %s again", path);
	if (!memchr(raw, '\0', len))
		return true;
	config_no_nul(raw, len);
	memcpy(text, raw, len);
	text[len] = '\0';
	return true;
}

/*
 * A file behind what is there, and a newline behind it. How long it is tells the file itself:
 * of one that is cut a blank may be the last byte, which is trimmed.
 */
static bool add_file(const char *path, char text[CONFIG_FILE_MAX], size_t *len, struct err *e)
{
	size_t room = CONFIG_FILE_MAX - *len;
	struct stat st;

	if (!read_text(path, text + *len, room, e))
		return false;
	if (stat(path, &st))
		return fail(e, errno, "cannot read %s: %s", path, strerror(errno));
	if (st.st_size < 0 || *len + st.st_size > CONFIG_LEN_MAX)
		return fail(e, EFBIG, "%s: %slonger than %u bytes", path,
			    *len ? "with what is before it " : "", CONFIG_LEN_MAX);
	if (!show_nul(path, text + *len, st.st_size, e))
		return false;
	*len += strlen(text + *len);
	if (*len && text[*len - 1] != '\n')
		text[(*len)++] = '\n';
	text[*len] = '\0';
	return true;
}

static bool add_drop_in(const struct drop_ins *d, unsigned nr, char text[CONFIG_FILE_MAX],
			size_t *len, struct err *e)
{
	char path[PATH_MAX + DROP_IN_NAME];
	size_t room = CONFIG_FILE_MAX - *len;
	int n;

	snprintf(path, sizeof(path), "%s/%s", d->folder, d->names[nr]);
	n = snprintf(text + *len, room, CONFIG_FROM "%s\n", path);
	if ((size_t)n >= room)
		return fail(e, EFBIG, "%s: with what is before it longer than %u bytes", path,
			    CONFIG_LEN_MAX);
	*len += n;
	return add_file(path, text, len, e);
}

bool config_files_read(const char *path, char text[CONFIG_FILE_MAX], size_t *len_ret,
		       struct err *e)
{
	struct drop_ins d = { .n = 0 };
	size_t len = 0;

	text[0] = '\0';
	if (!find_drop_ins(&d, path, e))
		return false;
	if (!add_file(path, text, &len, e) && (e->code != ENOENT || !d.n))
		return false;
	for (unsigned i = 0; i < d.n; i++)
		if (!add_drop_in(&d, i, text, &len, e))
			return false;
	*e = (struct err){ .code = 0 };
	*len_ret = len;
	return true;
}

bool config_files_are(const char *path)
{
	struct drop_ins d = { .n = 0 };
	struct err e;

	/* One that cannot be read is there, and whoever reads it says so. */
	return !access(path, F_OK) || !find_drop_ins(&d, path, &e) || d.n;
}
