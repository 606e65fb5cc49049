/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading by virtual address. Glue between a page walk and the memory it walks, with the
 * last leaf remembered.
 */
#include "space.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "vmcoreinfo.h"

#define STRING_PIECE 64u

bool space_init(struct space *s, struct physmem *pm, const struct kinfo *k,
		uint16_t e_machine, struct err *e)
{
	*s = (struct space){ .pm = pm, .k = k, .arch = arch_of(e_machine) };
	if (!s->arch)
		return fail(e, EINVAL, "ELF machine %u is not supported", e_machine);
	if (!s->arch->usable(k, e))
		return false;
	s->arch->paging(k, &s->paging);
	return true;
}

bool space_of_process(struct space *s, struct space *kernel, vaddr_t pgd, struct err *e)
{
	*s = (struct space){ .pm = kernel->pm, .k = kernel->k, .arch = kernel->arch,
			     .paging = kernel->paging };
	s->paging.user = true;
	if (!space_translate(kernel, pgd, &s->paging.root, NULL, e))
		return within(e, "page table of a process");
	return true;
}

bool space_remember(struct space *s, struct arena *arena, struct err *e)
{
	s->seen = arena_take(arena, SPACE_SEEN, sizeof(s->seen[0]), "leaves of page tables", e);
	return s->seen;
}

void space_forget(struct space *s)
{
	s->seen = NULL;
}

/* Makes the leaf of vaddr the last one. */
static bool find_leaf(struct space *s, vaddr_t vaddr, struct err *e)
{
	const struct page_tables tables = space_tables(s);
	struct leaf *slot = s->seen ? &s->seen[(vaddr >> 21) % SPACE_SEEN] : NULL;

	if (slot && vaddr - slot->vaddr < slot->len) {
		s->last = *slot;
		return true;
	}
	if (!pagetable_walk(&tables, vaddr, &s->last, e)) {
		s->last.len = 0;
		return false;
	}
	if (slot)
		*slot = s->last;
	return true;
}

bool space_translate(struct space *s, vaddr_t vaddr, paddr_t *paddr_ret, uint64_t *run_ret,
		     struct err *e)
{
	uint64_t in;

	if (vaddr - s->last.vaddr >= s->last.len && !find_leaf(s, vaddr, e))
		return false;
	in = vaddr - s->last.vaddr;
	*paddr_ret = s->last.paddr + in;
	if (run_ret)
		*run_ret = s->last.len - in;
	return true;
}

bool space_read(struct space *s, vaddr_t vaddr, void *buf, size_t len, struct err *e)
{
	uint8_t *to = buf;

	while (len) {
		paddr_t paddr;
		uint64_t n;

		if (!space_translate(s, vaddr, &paddr, &n, e))
			return false;
		n = min_u64(n, len);
		if (!physmem_read(s->pm, paddr, to, n, e))
			return within(e, "virtual address %#llx", (unsigned long long)vaddr);
		vaddr += n;
		to += n;
		len -= n;
	}
	return true;
}

bool space_read_u32(struct space *s, vaddr_t vaddr, uint32_t *ret, struct err *e)
{
	uint8_t raw[4];

	if (!space_read(s, vaddr, raw, sizeof(raw), e))
		return false;
	*ret = get_u32(raw);
	return true;
}

bool space_read_u64(struct space *s, vaddr_t vaddr, uint64_t *ret, struct err *e)
{
	uint8_t raw[8];

	if (!space_read(s, vaddr, raw, sizeof(raw), e))
		return false;
	*ret = get_u64(raw);
	return true;
}

bool space_read_string(struct space *s, vaddr_t vaddr, char *to, size_t size, struct err *e)
{
	size_t len = 0;

	while (len < size - 1) {
		vaddr_t at = vaddr + len;
		/* Short pieces, aligned, so that none lies in two pages. */
		size_t n = min_u64(size - 1 - len, STRING_PIECE - at % STRING_PIECE);

		if (!space_read(s, at, to + len, n, e)) {
			to[0] = '\0';
			return false;
		}
		if (memchr(to + len, '\0', n))
			return true;
		len += n;
	}
	to[len] = '\0';
	return true;
}

bool space_read_image(struct space *s, vaddr_t vaddr, void *buf, size_t len, struct err *e)
{
	return physmem_read(s->pm, s->arch->image(s->k, vaddr), buf, len, e);
}
