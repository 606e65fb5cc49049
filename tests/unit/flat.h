/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For unit programs: a crashed kernel whose address space is one buffer, from FLAT_BASE
 * on, addresses and memory being the same. Part of it may be made unreadable.
 */
#ifndef UNIT_FLAT_H
#define UNIT_FLAT_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "vmcore/space.h"
#include "vmcore/vmcoreinfo.h"

#define FLAT_BASE 0xffffffff82000000ULL	/* near an image, as its tables are */

struct flat {
	struct physmem pm;
	struct space space;
	struct kinfo k;
	const uint8_t *data;
	size_t len;
	uint64_t bad_from, bad_to;	/* offsets that cannot be read */
};

/* As fail() does, but fast: of most inputs of a fuzzer this is most of the time. */
static inline bool flat_fail(struct err *e)
{
	e->code = EFAULT;
	memcpy(e->text, "not there", sizeof("not there"));
	return false;
}

static inline bool flat_read(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
			     struct err *e)
{
	const struct flat *f = (const struct flat *)pm;
	uint64_t off = paddr - FLAT_BASE;

	if (paddr < FLAT_BASE || off > f->len || len > f->len - off ||
	    (off < f->bad_to && off + len > f->bad_from))
		return flat_fail(e);
	memcpy(buf, f->data + off, len);
	return true;
}

static inline paddr_t flat_image(const struct kinfo *k, vaddr_t vaddr)
{
	(void)k;
	return vaddr;
}

/* Never asked, for one leaf holds it all; whoever asks finds that nothing is mapped. */
static inline void flat_paging(const struct kinfo *k, struct paging *out)
{
	(void)k;
	*out = (struct paging){ .n_levels = 0 };
}

/* No fact is known: all of the len bytes are int64_t. */
static inline void flat_absent(void *facts, size_t len)
{
	for (size_t at = 0; at < len; at += 8)
		*(int64_t *)((char *)facts + at) = ABSENT;
}

/* Eight bytes of made-up memory: a number, and the address of another place in it. */
static inline void flat_put(uint8_t *memory, unsigned at, uint64_t value)
{
	memcpy(memory + at, &value, sizeof(value));
}

static inline void flat_put_at(uint8_t *memory, unsigned at, unsigned to)
{
	flat_put(memory, at, FLAT_BASE + to);
}

/* A member of eight bytes. */
#define flat8(off) ((struct field){ (off), 8, 1 })

static inline void flat_open(struct flat *f, const void *data, size_t len)
{
	static const struct arch arch = { .image = flat_image, .paging = flat_paging };

	memset(f, 0, sizeof(*f));
	f->pm.read = flat_read;
	f->data = data;
	f->len = len;
	flat_absent(&f->k.crash_time, sizeof(f->k) - offsetof(struct kinfo, crash_time));
	f->space = (struct space){ .pm = &f->pm, .k = &f->k, .arch = &arch,
				   .last = { 0, 0, UINT64_MAX } };
}

#endif
