/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ioctls of device mapper (Linux include/uapi/linux/dm-ioctl.h), version 4.0 of them. */
#include "dm.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"

#define CONTROL "/dev/mapper/control"

/* What goes in and comes out: the header, and data behind it. */
struct call {
	struct dm_ioctl h;
	char data[2 * DM_TABLE_TEXT];
};

static void begin(struct call *c, const char *name)
{
	memset(c, 0, sizeof(*c));
	c->h.version[0] = 4;
	c->h.data_size = sizeof(*c);
	c->h.data_start = offsetof(struct call, data);
	snprintf(c->h.name, sizeof(c->h.name), "%s", name);
}

/* 0, or errno. */
static int call(unsigned long what, struct call *c)
{
	cleanup_fd int fd = open(CONTROL, O_RDWR | O_CLOEXEC);

	return fd >= 0 && !ioctl(fd, what, c) ? 0 : errno;
}

static bool cannot(const char *name, const char *what, int code, struct err *e)
{
	return fail(e, code, "device mapper: cannot %s %s: %s%s", what, name, strerror(code),
		    code == ENOENT || code == ENODEV || code == ENXIO ?
		    " (is dm_mod there?)" : "");
}

/* ---- reading ---------------------------------------------------------------- */

static bool put_line(char text[DM_TABLE_TEXT], size_t *len, const struct dm_target_spec *spec,
		     const char *params)
{
	int n = snprintf(text + *len, DM_TABLE_TEXT - *len, "%llu %llu %.15s %s\n",
			 (unsigned long long)spec->sector_start,
			 (unsigned long long)spec->length, spec->target_type, params);

	*len += n;
	return *len < DM_TABLE_TEXT;
}

bool dm_table(unsigned major, unsigned minor, char text[DM_TABLE_TEXT], struct err *e)
{
	struct call c;
	size_t at = 0, len = 0;
	char name[32];
	int code;

	begin(&c, "");
	c.h.dev = makedev(major, minor);
	c.h.flags = DM_STATUS_TABLE_FLAG | DM_SECURE_DATA_FLAG;
	snprintf(name, sizeof(name), "%u:%u", major, minor);
	code = call(DM_TABLE_STATUS, &c);
	if (code)
		return cannot(name, "read the table of", code, e);
	text[0] = '\0';
	for (unsigned i = 0; i < c.h.target_count; i++) {
		const struct dm_target_spec *spec = (const void *)(c.data + at);
		size_t room = sizeof(c.data) - at;

		if (c.h.flags & DM_BUFFER_FULL_FLAG || room <= sizeof(*spec) ||
		    !memchr(c.data + at + sizeof(*spec), 0, room - sizeof(*spec)) ||
		    !put_line(text, &len, spec, c.data + at + sizeof(*spec))) {
			explicit_bzero(&c, sizeof(c));
			return fail(e, E2BIG, "%s: its table is longer than %u bytes", name,
				    DM_TABLE_TEXT);
		}
		at = min_u64(spec->next, sizeof(c.data));
	}
	explicit_bzero(&c, sizeof(c));
	return true;
}

/* ---- making ----------------------------------------------------------------- */

static bool put_lines(struct call *c, const struct dm_line *lines, unsigned n, struct err *e)
{
	size_t at = 0;

	for (unsigned i = 0; i < n; i++) {
		struct dm_target_spec *spec = (void *)(c->data + at);
		size_t len = strlen(lines[i].params) + 1;

		if (len > sizeof(c->data) - at - sizeof(*spec) - 16)
			return fail(e, E2BIG, "%s: too long a table", c->h.name);
		spec->sector_start = lines[i].start;
		spec->length = lines[i].len;
		snprintf(spec->target_type, sizeof(spec->target_type), "%s", lines[i].type);
		memcpy(spec + 1, lines[i].params, len);
		spec->next = round_up(sizeof(*spec) + len, 8);
		at += spec->next;
		if (at > sizeof(c->data) - sizeof(*spec) - 16)
			return fail(e, E2BIG, "%s: too long a table", c->h.name);
	}
	c->h.target_count = n;
	c->h.flags = DM_SECURE_DATA_FLAG;
	return true;
}

/* EBUSY is the answer where a device of that name is there. */
static bool create(const char *name, unsigned *minor, bool *is_up, struct err *e)
{
	struct call c;
	int code;

	begin(&c, name);
	code = call(DM_DEV_CREATE, &c);
	if (code == EBUSY) {
		begin(&c, name);
		code = call(DM_DEV_STATUS, &c);
	}
	if (code)
		return cannot(name, "make", code, e);
	*minor = minor(c.h.dev);
	*is_up = c.h.flags & DM_ACTIVE_PRESENT_FLAG;
	return true;
}

bool dm_make(const char *name, const struct dm_line *lines, unsigned n, unsigned *at,
	     struct err *e)
{
	struct call c;
	bool is_up = false, ok;
	int code;

	if (!create(name, at, &is_up, e))
		return false;
	if (is_up)
		return true;
	begin(&c, name);
	ok = put_lines(&c, lines, n, e);
	code = ok ? call(DM_TABLE_LOAD, &c) : 0;
	explicit_bzero(&c, sizeof(c));
	if (ok && !code) {
		begin(&c, name);
		code = call(DM_DEV_SUSPEND, &c);	/* without the flag: resume */
		if (!code)
			return true;
	}
	begin(&c, name);
	call(DM_DEV_REMOVE, &c);
	return ok && cannot(name, "put together", code, e);
}

bool dm_message(const char *name, const char *words, struct err *e)
{
	struct call c;
	struct dm_target_msg *msg = (void *)c.data;
	int code;

	begin(&c, name);
	snprintf(msg->message, sizeof(c.data) - sizeof(*msg), "%s", words);
	code = call(DM_TARGET_MSG, &c);
	return !code || cannot(name, words, code, e);
}
