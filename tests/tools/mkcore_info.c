/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VMCOREINFO text: the keys a kernel of this layout exports, in the order it does it.
 * A fixture may set, drop or replace any of them; the last words are the fixture's.
 */
#include "mkcore.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct info_line *line_of(struct core *c, const char *key)
{
	for (size_t i = 0; i < c->n_info; i++)
		if (strcmp(c->info[i].key, key) == 0)
			return &c->info[i];
	c->info = grow(c->info, c->n_info, &c->max_info, sizeof(*c->info));
	memset(&c->info[c->n_info], 0, sizeof(*c->info));
	snprintf(c->info[c->n_info].key, sizeof(c->info->key), "%s", key);
	return &c->info[c->n_info++];
}

void info_set(struct core *c, const char *key, const char *fmt, ...)
{
	struct info_line *l = line_of(c, key);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(l->value, sizeof(l->value), fmt, ap);
	va_end(ap);
	l->gone = false;
}

void info_drop(struct core *c, const char *key)
{
	line_of(c, key)->gone = true;
}

static void number(struct core *c, const char *key, long value)
{
	char name[64];

	if (value == NONE)
		return;
	snprintf(name, sizeof(name), "NUMBER(%s)", key);
	info_set(c, name, "%ld", value);
}

static void offset(struct core *c, const char *what, long value)
{
	char name[64];

	snprintf(name, sizeof(name), "%s", what);
	info_set(c, name, "%ld", value);
}

static void symbol(struct core *c, const char *label, const char *key)
{
	uint64_t paddr;
	char name[64];

	if (!label_find(c, label, &paddr))
		die("no label %s for SYMBOL(%s)", label, key);
	snprintf(name, sizeof(name), "SYMBOL(%s)", key);
	info_set(c, name, "%lx", image_vaddr(c, paddr));
}

static void type_number(struct core *c, const char *key, const char *type)
{
	int64_t value;

	if (type_value(c->k, type, &value) == 0)
		number(c, key, value);
}

/* The zone and node keys serve readers other than ours; the numbers are plausible. */
static void info_nodes(struct core *c)
{
	offset(c, "SIZE(pglist_data)", 172544);
	offset(c, "SIZE(zone)", 1664);
	offset(c, "SIZE(free_area)", 104);
	offset(c, "SIZE(list_head)", 16);
	offset(c, "SIZE(nodemask_t)", 128);
}

static void info_page(struct core *c)
{
	const struct layout *k = c->k;

	offset(c, "OFFSET(page.flags)", 0);
	offset(c, "OFFSET(page._refcount)", 52);
	offset(c, "OFFSET(page.mapping)", 24);
	offset(c, "OFFSET(page.lru)", 8);
	offset(c, "OFFSET(page._mapcount)", 48);
	offset(c, "OFFSET(page.private)", 40);
	if (k->compound == COMPOUND_DTOR) {
		offset(c, "OFFSET(page.compound_dtor)", 16);
		offset(c, "OFFSET(page.compound_order)", 17);
	} else if (k->compound == COMPOUND_FOLIO) {
		offset(c, "OFFSET(folio._folio_dtor)", 80);
		offset(c, "OFFSET(folio._folio_order)", 81);
	}
	offset(c, k->mask_heads ? "OFFSET(page.compound_info)" :
				  "OFFSET(page.compound_head)", 8);
}

static void info_flags(struct core *c)
{
	const struct layout *k = c->k;

	number(c, "NR_FREE_PAGES", 0);
	number(c, "PG_lru", k->lru);
	number(c, "PG_private", k->private);
	number(c, "PG_swapcache", k->swapcache);
	number(c, "PG_swapbacked", k->swapbacked);
	number(c, "PG_slab", k->slab);
	if (k->info_hwpoison)
		number(c, "PG_hwpoison", k->hwpoison);
	number(c, "PG_head_mask", 1L << k->head);
	type_number(c, "PAGE_BUDDY_MAPCOUNT_VALUE", "buddy");
	if (k->compound == COMPOUND_DTOR || k->compound == COMPOUND_FOLIO)
		number(c, "HUGETLB_PAGE_DTOR", 2);
	number(c, "PG_hugetlb", k->hugetlb_flag);
	type_number(c, "PAGE_OFFLINE_MAPCOUNT_VALUE", "offline");
	if (k->info_slab_type)
		type_number(c, "PAGE_SLAB_MAPCOUNT_VALUE", "slab");
	if (k->info_hugetlb_type)
		type_number(c, "PAGE_HUGETLB_MAPCOUNT_VALUE", "hugetlb");
	if (k->info_unaccepted)
		type_number(c, "PAGE_UNACCEPTED_MAPCOUNT_VALUE", "unaccepted");
}

static void info_sections(struct core *c)
{
	uint64_t roots;

	if (c->no_pages || !label_find(c, "roots", &roots))
		return;
	info_set(c, "SYMBOL(mem_section)", "%lx", direct_vaddr(c, roots));
	info_set(c, "LENGTH(mem_section)", "%lu",
		 1UL << (c->k->max_physmem_bits - c->section_bits - (c->page_shift - 4)));
	offset(c, "SIZE(mem_section)", 16);
	offset(c, "OFFSET(mem_section.section_mem_map)", 0);
	number(c, "SECTION_SIZE_BITS", c->section_bits);
	number(c, "MAX_PHYSMEM_BITS", c->k->max_physmem_bits);
	if (c->k->info_vmemmap)
		info_set(c, "SYMBOL(vmemmap)", "%lx", c->vmemmap_base);
}

static void info_x86(struct core *c)
{
	info_set(c, "NUMBER(phys_base)", "%ld",
		 (long)(c->image_paddr - (c->text_vaddr - 0xffffffff80000000UL)));
	symbol(c, "init_top_pgt", "init_top_pgt");
	number(c, "pgtable_l5_enabled", c->levels == 5);
	info_set(c, "SYMBOL(node_data)", "%lx", image_vaddr(c, c->image_paddr + 0x1f0000));
	info_set(c, "LENGTH(node_data)", "1024");
	info_set(c, "KERNELOFFSET", "%lx", c->kaslr);
	info_set(c, "NUMBER(KERNEL_IMAGE_SIZE)", "1073741824");
	info_set(c, "NUMBER(sme_mask)", "%lu", c->sme_mask);
}

static void info_arm64(struct core *c)
{
	number(c, "VA_BITS", c->made_va_bits);
	info_set(c, "NUMBER(kimage_voffset)", "0x%lx", c->text_vaddr - c->image_paddr);
	info_set(c, "NUMBER(PHYS_OFFSET)", "0x%lx", c->phys_offset);
	info_set(c, "NUMBER(TCR_EL1_T1SZ)", "0x%x", c->t1sz);
	info_set(c, "KERNELOFFSET", "%lx", c->kaslr);
	info_set(c, "NUMBER(KERNELPACMASK)", "0x%lx", 0UL);
}

void info_standard(struct core *c)
{
	info_set(c, "OSRELEASE", "%s", c->release);
	info_set(c, "BUILD-ID", "%s", c->build_id);
	info_set(c, "PAGESIZE", "%lu", PAGE);
	symbol(c, "init_uts_ns", "init_uts_ns");
	if (c->k->uts_name_off >= 0)
		offset(c, "OFFSET(uts_namespace.name)", c->k->uts_name_off);
	symbol(c, "init_top_pgt", "swapper_pg_dir");
	info_set(c, "SYMBOL(_stext)", "%lx", c->text_vaddr);
	info_sections(c);
	offset(c, "SIZE(page)", 64);
	info_nodes(c);
	info_page(c);
	offset(c, "OFFSET(list_head.next)", 0);
	offset(c, "OFFSET(list_head.prev)", 8);
	offset(c, "LENGTH(zone.free_area)", 11);
	log_info(c);
	info_flags(c);
	if (c->arm64)
		info_arm64(c);
	else
		info_x86(c);
	info_set(c, "CRASHTIME", "%ld", (long)c->crash_time);
}

size_t info_text(const struct core *c, char *buf, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < c->n_info; i++)
		if (!c->info[i].gone)
			len += snprintf(buf + len, len < size ? size - len : 0, "%s=%s\n",
					c->info[i].key, c->info[i].value);
	if (len >= size)
		die("VMCOREINFO of %zu bytes is too long", len);
	return len;
}
