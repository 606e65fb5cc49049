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
 * page. Packs a page of zeroes and up to 256 sampled pages.
 */
struct copier *copy_prepare(struct capture *capture, struct kdump_writer *writer,
			    struct err *e);

/*
 * What all page data will need at the least, more or less. Where of the free bytes, without
 * the taken ones, too few are left for that, and the codec can pack harder, it does.
 */
uint64_t copy_need_len(struct copier *c, uint64_t free_len, uint64_t taken);

/*
 * Copies. ETIMEDOUT: job->give_up came first; other errors are the writer's. Either
 * way what was written until then is in order.
 */
bool copy_pages(struct copier *c, const struct priority *worth, struct err *e);

/* Closes the workers' windows. */
void copy_finish(struct copier *c);

#endif
