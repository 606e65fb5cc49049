/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A sink that is a pipe: one file goes into it, from front to back, and none comes out. */
#ifndef TARGETS_SINK_STREAM_H
#define TARGETS_SINK_STREAM_H

struct sink;

/* fd stays the caller's. What is written to it is taken for stored. */
void sink_stream_open(struct sink *s, int fd, const char *name);

#endif
