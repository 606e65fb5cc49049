/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of choosing pages that can be done without: free pages on the lists of CPUs,
 * and the memory of tasks that the operator wants kept.
 */
#ifndef CAPTURE_FIND_INPUTS_H
#define CAPTURE_FIND_INPUTS_H

#include <stddef.h>
#include <stdint.h>

#include "vmcore/bounds.h"

struct capture;
struct filter;
struct job;
struct filter_inputs;
struct priority;

/* What may be spent on it by a job, of so much memory that is to be had, from now on. */
struct bounds inputs_bounds(const struct job *job, uint64_t mem_len, double now);

/*
 * Gives the filter what it can find, and says which tasks are to be written first. Most of
 * the work is done when the filter comes to the first window; known, in which it stands,
 * must live as long.
 */
void inputs_find(struct filter_inputs *known, struct capture *c, struct filter *filter,
		 struct priority *worth);

/* Says what came of it, when all pages are judged. */
void inputs_tell(const struct filter_inputs *known, const struct filter *filter);

#endif
