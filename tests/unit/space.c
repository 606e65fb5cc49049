/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmcore/space: strings that may end anywhere, and the memory of a process. */
#include "vmcore/space.h"

#include <elf.h>
#include <errno.h>

#include "base/bytes.h"
#include "base/err.h"
#include "flat.h"
#include "t.h"

/* ---- strings ----------------------------------------------------------------- */

static const struct {
	const char *row;
	size_t off, size;
	const char *wanted;	/* NULL: EFAULT */
} strings[] = {
	{ "a string", 0, 16, "init" },
	{ "one that just fits", 0, 5, "init" },
	{ "cut to fit", 0, 4, "ini" },
	{ "no room at all", 0, 1, "" },
	{ "an empty one", 4, 16, "" },
	{ "bytes are what they are", 5, 16, "\xc3\xa4\x01" },
	{ "one that spans two pieces", 60, 64, "0123456789" },
	{ "it ends where memory does", 250, 64, "last" },
	{ "memory ends before it", 255, 64, NULL },
	{ "no such memory", 1000, 64, NULL },
};

static void test_strings(void)
{
	uint8_t data[256] = "init\0\xc3\xa4\x01";
	struct flat f;

	memcpy(data + 60, "0123456789", 11);
	memcpy(data + 250, "last", 5);
	data[255] = 'x';
	flat_open(&f, data, sizeof(data));
	for (size_t i = 0; i < T_SIZE(strings); i++) {
		char *to = t_guard(data, strings[i].size);
		struct err e = { .code = 0 };
		bool ok = space_read_string(&f.space, FLAT_BASE + strings[i].off, to,
					    strings[i].size, &e);

		T_EQUAL(strings[i].row, strings[i].wanted != NULL, ok);
		T_TEXT(strings[i].row, strings[i].wanted ? strings[i].wanted : "", to);
		T_EQUAL(strings[i].row, strings[i].wanted ? 0 : EFAULT, e.code);
		t_unguard(to, strings[i].size);
	}
}

/* ---- a process --------------------------------------------------------------- */

#define DIRECT 0xffff888000000000ULL	/* where the kernel sees all memory */

enum { KERNEL_ROOT = 0x1000, KERNEL_T2 = 0x2000, USER_ROOT = 0x3000, USER_T2 = 0x4000,
       USER_T3 = 0x5000, USER_T4 = 0x6000, PAGE_1 = 0x7000, PAGE_2 = 0x8000, END = 0x9000 };

struct memory {
	struct physmem pm;
	uint8_t bytes[END];
};

static bool read_memory(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
			struct err *e)
{
	const struct memory *m = (const struct memory *)pm;

	if (paddr > END || len > END - paddr)
		return fail(e, EFAULT, "not there");
	memcpy(buf, m->bytes + paddr, len);
	return true;
}

/* An x86-64 whose process has a page at 1 and 3, one in swap at 2, and none behind. */
static void make_machine(struct memory *m, struct kinfo *k)
{
	memset(m, 0, sizeof(*m));
	m->pm.read = read_memory;
	for (size_t at = offsetof(struct kinfo, crash_time); at < sizeof(*k); at += 8)
		*(int64_t *)((char *)k + at) = ABSENT;
	k->phys_base = 0;
	k->init_top_pgt = (int64_t)(0xffffffff80000000ULL + KERNEL_ROOT);
	put_u64(m->bytes + KERNEL_ROOT + 0x888, KERNEL_T2 | 3);
	put_u64(m->bytes + KERNEL_T2, 0xe3);
	put_u64(m->bytes + USER_ROOT, USER_T2 | 0x67);
	put_u64(m->bytes + USER_T2, USER_T3 | 0x67);
	put_u64(m->bytes + USER_T3, USER_T4 | 0x67);
	put_u64(m->bytes + USER_T4 + 8, PAGE_1 | 0x67);
	put_u64(m->bytes + USER_T4 + 16, 0x00fffffffffffe02);
	put_u64(m->bytes + USER_T4 + 24, PAGE_2 | 0x67);
	strcpy((char *)m->bytes + PAGE_1 + 8, "/sbin/init");
	strcpy((char *)m->bytes + PAGE_2 + 4088, "it ends");
}

static const struct {
	const char *row;
	vaddr_t vaddr;
	const char *wanted;	/* NULL: EFAULT */
} reads[] = {
	{ "what it has in memory", 0x1008, "/sbin/init" },
	{ "another page, to its last byte", 0x3000 + 4088, "it ends" },
	{ "what is in swap", 0x2000, NULL },
	{ "what was never touched", 0x4000, NULL },
	{ "the kernel's memory is not its own", DIRECT + PAGE_1, NULL },
	{ "no address at all", 0x123456789abcdef0, NULL },
};

static void test_process(void)
{
	struct space kernel, process;
	struct memory m;
	struct kinfo k;
	struct err e;
	char text[16];

	make_machine(&m, &k);
	if (!T_CHECK("kernel", space_init(&kernel, &m.pm, &k, EM_X86_64, &e)) ||
	    !T_CHECK("process", space_of_process(&process, &kernel, DIRECT + USER_ROOT, &e)))
		return;
	for (size_t i = 0; i < T_SIZE(reads); i++) {
		bool ok = space_read_string(&process, reads[i].vaddr, text, sizeof(text), &e);

		T_EQUAL(reads[i].row, reads[i].wanted != NULL, ok);
		if (ok)
			T_TEXT(reads[i].row, reads[i].wanted, text);
		else
			T_EQUAL(reads[i].row, EFAULT, e.code);
	}
	T_CHECK("the kernel's own memory",
		space_read(&kernel, DIRECT + PAGE_1 + 8, text, 4, &e));
	T_CHECK("a process's address is none of the kernel's",
		!space_read(&kernel, 0x1008, text, 4, &e));
	T_CHECK("a page table that is nowhere",
		!space_of_process(&process, &kernel, 0xdead000000000000, &e));
	/* The root is believed, but the first read finds out. */
	T_CHECK("a page table behind all memory",
		space_of_process(&process, &kernel, DIRECT + END, &e) &&
		!space_read(&process, 0x1008, text, 4, &e));
}

int main(void)
{
	test_strings();
	test_process();
	return t_done();
}
