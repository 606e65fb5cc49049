/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For unit programs about drivers: a machine made up below a folder, as its sysfs and its
 * files of modules would show it.
 */
#ifndef UNIT_SYSFS_H
#define UNIT_SYSFS_H

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/drivers.h"
#include "t.h"

static char root[] = "/tmp/crashbox-drivers.XXXXXX";

/* A path below the root, whose folders are there then. */
__attribute__((format(printf, 2, 3)))
static inline const char *at(char path[PATH_MAX], const char *fmt, ...)
{
	int len = snprintf(path, PATH_MAX, "%s/", root);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path + len, PATH_MAX - len, fmt, ap);
	va_end(ap);
	for (char *slash = path + len; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
	return path;
}

static inline void folder(const char *name)
{
	char path[PATH_MAX];

	at(path, "%s/", name);
}

static inline void link_to(const char *name, const char *to)
{
	char from[PATH_MAX], target[PATH_MAX];

	at(from, "%s", name);
	unlink(from);
	if (symlink(at(target, "%s", to), from))
		T_CHECK(name, !"symlink");
}

static inline void file(const char *name, const void *data, size_t len)
{
	char path[PATH_MAX];
	FILE *f = fopen(at(path, "%s", name), "w");

	if (!f || fwrite(data, 1, len, f) != len || fclose(f))
		T_CHECK(name, !"cannot be written");
}

/* A block device with an XFS of that label on it, its log too; its UUID is of elevens. */
static inline void xfs_disk(const char *name, const char *device, const char *label)
{
	uint8_t sb[8192] = "XFSB";
	char path[PATH_MAX];

	folder(device);
	snprintf(path, sizeof(path), "sys/class/block/%s", name);
	link_to(path, device);
	memset(sb + 32, 0x11, 16);
	sb[55] = 1;	/* its log is on it */
	sb[101] = 5;	/* the new format */
	memcpy(sb + 108, label, strlen(label));
	snprintf(path, sizeof(path), "dev/%s", name);
	file(path, sb, sizeof(sb));
}

static inline void text(const char *name, const char *data)
{
	file(name, data, strlen(data));
}

/* A device is bound to a driver, which is of a module, or built in (NULL). */
static inline void driver(const char *device, const char *name, const char *module)
{
	char drv[PATH_MAX], from[PATH_MAX], to[PATH_MAX];

	snprintf(drv, sizeof(drv), "sys/drivers/%s", name);
	folder(drv);
	snprintf(from, sizeof(from), "%s/driver", device);
	link_to(from, drv);
	if (!module)
		return;
	snprintf(from, sizeof(from), "sys/drivers/%s/module", name);
	snprintf(to, sizeof(to), "sys/module/%s", module);
	folder(to);
	link_to(from, to);
}

/* What was found, with blanks between. */
static inline const char *names(const struct drivers *d, char line[1024])
{
	line[0] = '\0';
	for (unsigned i = 0; i < d->n; i++)
		sprintf(line + strlen(line), "%s%s", i ? " " : "", d->names[i]);
	return line;
}

/* Takes the machine away, and ends the program. */
static inline int machine_done(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", root);
	return t_done() + !!system(command);
}

#endif
