/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The struct pages of the kernel's own text: the one place in the memory map of which it is
 * known beforehand what it must say. What they say tests the filter, and teaches it.
 */
#ifndef PAGES_TEXT_PAGES_H
#define PAGES_TEXT_PAGES_H

struct filter;
struct kernel;

/*
 * The memory map must know the kernel's text, and must not call it free; otherwise kn is
 * no longer trusted. Does nothing to a kernel that is not trusted already.
 */
void text_pages_check(struct kernel *kn);

/* A filter for this kernel: filter_init(), and what those pages teach. kn is trusted. */
void text_pages_filter(struct filter *f, struct kernel *kn, unsigned level);

#endif
