/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For unit programs that need a folder of their own: mkdtemp(root), and files in it. */
#ifndef UNIT_FOLDER_H
#define UNIT_FOLDER_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[200] = "/tmp/unit-XXXXXX";

/* ROOT/name, good until the fourth call from here. */
static inline const char *at(const char *name)
{
	static char paths[4][400];
	static unsigned n;
	char *path = paths[n++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", root, name);
	return path;
}

static inline bool there(const char *name)
{
	struct stat st;

	return !lstat(at(name), &st);
}

/* What is in a file, NULL: it is not there. Good until the next call from here. */
static inline const char *text_of(const char *name)
{
	static char text[200];
	int fd = open(at(name), O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	text[n < 0 ? 0 : n] = '\0';
	return n < 0 ? NULL : text;
}

static inline unsigned mode_of(const char *name)
{
	struct stat st;

	return lstat(at(name), &st) ? 0 : st.st_mode & 07777;
}

static inline void put_file(const char *name, const char *text)
{
	int fd = open(at(name), O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		abort();
	close(fd);
}

#endif
