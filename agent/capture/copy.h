/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pass 2: every frame that stays is read, packed and written, the worthiest first. */
#ifndef CAPTURE_COPY_H
#define CAPTURE_COPY_H

#include <stdbool.h>
#include <stdint.h>

struct capture;
struct err;
struct kdump_writer;
struct priority;

/*
 * Memory for the job's workers (0.6 MiB and 5 MiB of windows each), taken before the first
 * page. Packs a page of zeroes and up to 256 sampled pages: *packed_len_ret is what all
 * page data will need, more or less.
 */
struct copier *copy_prepare(struct capture *capture, struct kdump_writer *writer,
			    uint64_t *packed_len_ret, struct err *e);

/*
 * Copies. ETIMEDOUT: job->give_up came first; other errors are the writer's. Either
 * way what was written until then is in order.
 */
bool copy_pages(struct copier *c, const struct priority *worth, struct err *e);

/* How many threads packed, the main one included. */
unsigned copy_n_workers(const struct copier *c);

/* Closes the workers' windows. */
void copy_finish(struct copier *c);

#endif
