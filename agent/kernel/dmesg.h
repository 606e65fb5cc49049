/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The crashed kernel's log, record by record, oldest first, as text like dmesg's.
 * Two shapes of buffer: the lockless ring (5.10 and newer) and the record buffer
 * before it. Each walk is bounded by the size of the buffer, whatever is in it.
 */
#ifndef KERNEL_DMESG_H
#define KERNEL_DMESG_H

#include "vmcore/physmem.h"

struct kinfo;
struct space;

#define DMESG_RECORD_MAX 65536	/* bytes of text that one record may have */

struct dmesg {
	struct space *space;
	const struct kinfo *k;
	bool ring;		/* else the record buffer */
	/*
	 * Show who said it, as kernels with CONFIG_PRINTK_CALLER do. The ring has it on
	 * all kernels, so that is the reader's choice; the record buffer only on those.
	 */
	bool callers;
	uint64_t *alive;	/* counted up with each step, if not NULL */
	uint64_t left;		/* that may still come: records of a ring, bytes of a buffer */
	uint64_t n_records;	/* given so far */
	uint64_t n_with_text;	/* of these, not empty */
	uint64_t n_skipped;	/* records that are lost, also those below */
	uint64_t n_garbled;	/* that made no sense, in memory that was damaged */
	uint64_t latest_ns;	/* the latest time of one, since that kernel began */
	int priority;		/* of the last one: facility * 8 + level, -1: unknown */

	uint64_t n_descs, id, head_id;
	unsigned n_in_a_row;	/* garbled, and not counted yet */
	bool head_known, ended;
	vaddr_t descs, infos, text;
	uint64_t text_size;	/* bytes in the text ring or the record buffer */

	uint32_t idx, next_idx;
};

/* EINVAL: keys missing or the buffer's description is impossible; EFAULT: unreadable. */
bool dmesg_open(struct dmesg *d, struct space *space, struct err *e);

/*
 * The next record as text in buf, each of its lines with "[sec.usec] " in front and a
 * newline behind; control characters become \xNN, bytes from 0x80 up stay. Cut at
 * size. False at the end.
 */
bool dmesg_next(struct dmesg *d, char *buf, size_t size, size_t *len_ret);

/* Is the last one the kernel's own? What programs say through /dev/kmsg proves nothing. */
static inline bool dmesg_is_kernels(const struct dmesg *d)
{
	return d->priority < 8;
}

/* Calls fn for each stretch of kernel memory that the log lies in. */
void dmesg_each_area(const struct dmesg *d, void (*fn)(void *ctx, vaddr_t vaddr, uint64_t len),
		     void *ctx);

#endif
