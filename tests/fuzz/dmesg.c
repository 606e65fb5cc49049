/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel log: the input is all memory there is, from address 0x1000 on, mapped one
 * to one; the first byte chooses the kind of buffer and of kernel. Walking it must end.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/flat.h"
#include "base/err.h"
#include "kernel/dmesg.h"
#include "vmcore/space.h"
#include "vmcore/vmcoreinfo.h"

#define BASE 0x1000UL

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct memory {
	struct physmem pm;
	const uint8_t *data;
	size_t size;
};

static bool read_memory(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
			struct err *e)
{
	const struct memory *m = (const struct memory *)pm;

	if (paddr < BASE || paddr - BASE > m->size || m->size - (paddr - BASE) < len)
		return flat_fail(e);
	memcpy(buf, m->data + (paddr - BASE), len);
	return true;
}

static paddr_t image(const struct kinfo *k, vaddr_t vaddr)
{
	(void)k;
	return vaddr;
}

/* Never asked, for one leaf holds it all; whoever asks finds that nothing is mapped. */
static void paging(const struct kinfo *k, struct paging *out)
{
	(void)k;
	*out = (struct paging){ .n_levels = 0 };
}

static const struct arch one_to_one = { .image = image, .paging = paging };
static const struct leaf everything = { 0, 0, UINT64_MAX };

static void keys(struct kinfo *k, uint8_t kind)
{
	for (size_t at = offsetof(struct kinfo, crash_time); at < sizeof(*k); at += 8)
		*(int64_t *)((char *)k + at) = ABSENT;
	if (kind & 1) {
		k->log_buf = BASE;
		k->log_buf_len = BASE + 8;
		k->log_first_idx = BASE + 12;
		k->log_next_idx = BASE + 16;
		k->size_log = 16;
		k->log_ts = 0;
		k->log_len = 8;
		k->log_text_len = 10;
		return;
	}
	k->prb = BASE;
	k->prb_desc_ring = 0;
	k->prb_text_ring = 48;
	k->ring_count_bits = 0;
	k->ring_descs = 8;
	k->ring_infos = 16;
	k->ring_head = 24;
	k->ring_tail = 32;
	k->size_desc = 24;
	k->desc_state = 0;
	k->desc_text = 8;
	k->blk_begin = 0;
	k->blk_next = 8;
	k->size_info = kind & 2 ? 112 : 88;
	k->info_ts = 8;
	k->info_text_len = 16;
	k->data_size_bits = 0;
	k->data_data = 8;
	k->atomic_counter = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char text[DMESG_RECORD_MAX];
	struct memory m = { .pm.read = read_memory, .data = data + 1, .size = size - 1 };
	struct space space = { .pm = &m.pm, .arch = &one_to_one,
			       .last = everything };
	struct kinfo k = { .osrelease = "" };
	unsigned long n = 0;
	struct dmesg d;
	struct err e;
	size_t len;

	if (size < 1)
		return 0;
	keys(&k, data[0]);
	space.k = &k;
	if (!dmesg_open(&d, &space, &e))
		return 0;
	while (dmesg_next(&d, text, 1024, &len)) {
		/* Each has a header of its own, of 16 bytes or more, somewhere in memory. */
		if (len > 1024 || ++n > size / 16)
			abort();
	}
	return 0;
}
