/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a dump back from where it lies: is it what was written? */
#ifndef CAPTURE_VERIFY_H
#define CAPTURE_VERIFY_H

#include <stdbool.h>

struct capture;
struct err;
struct kdump_writer;
struct sink_file;

/*
 * Sets c->behind, which reads the dump back as it comes, where the sink and memory allow that;
 * until verify_stop(), which comes before the dump's file is closed.
 */
void verify_meanwhile(struct capture *c, struct sink_file *f, const struct kdump_writer *w);
void verify_stop(struct capture *c);

/*
 * A dump that was written by offset, before it is sealed, as if it were: what was not read
 * back meanwhile. t->verified says so, too. EIO: it is not what was written; ETIMEDOUT: there
 * is no time for it; ENOTSUP: nobody can read there. w's buffer is used.
 */
bool verify_dump(struct capture *c, struct sink_file *f, struct kdump_writer *w,
		 struct err *e);

/* One that was only appended to, when nothing comes any more. */
bool verify_appended(struct capture *c, struct sink_file *f, struct kdump_writer *w,
		     struct err *e);

/* All that was to be read of the crashed machine is in the dump. */
bool verify_is_complete(const struct capture *c);

#endif
