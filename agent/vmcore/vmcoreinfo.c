/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading VMCOREINFO. KEY=value lines (Linux kernel/vmcore_info.c and arch code). SYMBOL
 * and KERNELOFFSET are hex without 0x, SIZE/OFFSET/LENGTH decimal, NUMBER either a signed
 * decimal or 0x-hex. The kernel cuts the note at one page, so the last keys may be
 * missing from an otherwise good one.
 */
#include "vmcoreinfo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"

enum kind { NUMBER, SYMBOL };

struct field {
	const char *key;
	size_t len;
	size_t at;
	enum kind kind;
};

#define N(key, member) { key, sizeof(key) - 1, offsetof(struct kinfo, member), NUMBER }
#define S(key, member) { key, sizeof(key) - 1, offsetof(struct kinfo, member), SYMBOL }

/* The complete list of what we read. */
static const struct field fields[] = {
	N("PAGESIZE",				page_size),
	N("CRASHTIME",				crash_time),

	N("SIZE(page)",				size_page),
	N("OFFSET(page.flags)",			page_flags),
	N("OFFSET(page._refcount)",		page_refcount),
	N("OFFSET(page.mapping)",		page_mapping),
	N("OFFSET(page.lru)",			page_lru),
	N("OFFSET(page._mapcount)",		page_mapcount),
	N("OFFSET(page.private)",		page_private),
	N("OFFSET(page.compound_head)",		page_compound_head),
	N("OFFSET(page.compound_info)",		page_compound_info),
	N("OFFSET(page.compound_dtor)",		page_compound_dtor),
	N("OFFSET(page.compound_order)",	page_compound_order),
	N("OFFSET(folio._folio_dtor)",		folio_dtor),
	N("OFFSET(folio._folio_order)",		folio_order),
	N("NUMBER(PG_lru)",			pg_lru),
	N("NUMBER(PG_private)",			pg_private),
	N("NUMBER(PG_swapcache)",		pg_swapcache),
	N("NUMBER(PG_swapbacked)",		pg_swapbacked),
	N("NUMBER(PG_slab)",			pg_slab),
	N("NUMBER(PG_hwpoison)",		pg_hwpoison),
	N("NUMBER(PG_hugetlb)",			pg_hugetlb),
	N("NUMBER(PG_head_mask)",		pg_head_mask),
	N("NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)",	type_buddy),
	N("NUMBER(PAGE_OFFLINE_MAPCOUNT_VALUE)", type_offline),
	N("NUMBER(PAGE_SLAB_MAPCOUNT_VALUE)",	type_slab),
	N("NUMBER(PAGE_HUGETLB_MAPCOUNT_VALUE)", type_hugetlb),
	N("NUMBER(PAGE_UNACCEPTED_MAPCOUNT_VALUE)", type_unaccepted),
	N("NUMBER(HUGETLB_PAGE_DTOR)",		hugetlb_dtor),
	N("LENGTH(zone.free_area)",		n_orders),

	S("SYMBOL(mem_section)",		mem_section),
	N("LENGTH(mem_section)",		n_mem_section),
	N("SIZE(mem_section)",			size_mem_section),
	N("OFFSET(mem_section.section_mem_map)", section_mem_map),
	N("NUMBER(SECTION_SIZE_BITS)",		section_size_bits),
	N("NUMBER(MAX_PHYSMEM_BITS)",		max_physmem_bits),
	S("SYMBOL(vmemmap)",			vmemmap),
	S("SYMBOL(node_data)",			node_data),
	N("LENGTH(node_data)",			n_node_data),
	N("SIZE(nodemask_t)",			size_nodemask),
	S("SYMBOL(contig_page_data)",		contig_page_data),

	N("NUMBER(phys_base)",			phys_base),
	S("SYMBOL(init_top_pgt)",		init_top_pgt),
	S("SYMBOL(swapper_pg_dir)",		swapper_pg_dir),
	N("NUMBER(pgtable_l5_enabled)",		l5_enabled),
	N("NUMBER(sme_mask)",			sme_mask),
	S("SYMBOL(_stext)",			stext),
	N("NUMBER(VA_BITS)",			va_bits),
	N("NUMBER(TCR_EL1_T1SZ)",		tcr_t1sz),
	N("NUMBER(tcr_el1_t1sz)",		tcr_t1sz),	/* vendor kernels */
	N("NUMBER(kimage_voffset)",		kimage_voffset),
	N("NUMBER(PHYS_OFFSET)",		phys_offset),
	N("NUMBER(KERNEL_IMAGE_SIZE)",		kernel_image_size),
	N("NUMBER(MODULES_VADDR)",		modules_start),
	N("NUMBER(MODULES_END)",		modules_end),
	N("NUMBER(KERNELPACMASK)",		pac_mask),	/* 5.10 */

	S("SYMBOL(kallsyms_names)",		kallsyms_names),
	S("SYMBOL(kallsyms_num_syms)",		kallsyms_num_syms),
	S("SYMBOL(kallsyms_token_table)",	kallsyms_token_table),
	S("SYMBOL(kallsyms_token_index)",	kallsyms_token_index),
	S("SYMBOL(kallsyms_offsets)",		kallsyms_offsets),
	S("SYMBOL(kallsyms_relative_base)",	kallsyms_relative_base),

	S("SYMBOL(init_uts_ns)",		init_uts_ns),
	N("OFFSET(uts_namespace.name)",		uts_name),

	S("SYMBOL(prb)",			prb),
	N("OFFSET(printk_ringbuffer.desc_ring)", prb_desc_ring),
	N("OFFSET(printk_ringbuffer.text_data_ring)", prb_text_ring),
	N("OFFSET(prb_desc_ring.count_bits)",	ring_count_bits),
	N("OFFSET(prb_desc_ring.descs)",	ring_descs),
	N("OFFSET(prb_desc_ring.infos)",	ring_infos),
	N("OFFSET(prb_desc_ring.head_id)",	ring_head),
	N("OFFSET(prb_desc_ring.tail_id)",	ring_tail),
	N("SIZE(prb_desc)",			size_desc),
	N("OFFSET(prb_desc.state_var)",		desc_state),
	N("OFFSET(prb_desc.text_blk_lpos)",	desc_text),
	N("OFFSET(prb_data_blk_lpos.begin)",	blk_begin),
	N("OFFSET(prb_data_blk_lpos.next)",	blk_next),
	N("SIZE(printk_info)",			size_info),
	N("OFFSET(printk_info.ts_nsec)",	info_ts),
	N("OFFSET(printk_info.text_len)",	info_text_len),
	N("OFFSET(printk_info.caller_id)",	info_caller),
	N("OFFSET(prb_data_ring.size_bits)",	data_size_bits),
	N("OFFSET(prb_data_ring.data)",		data_data),
	N("OFFSET(atomic_long_t.counter)",	atomic_counter),

	S("SYMBOL(log_buf)",			log_buf),
	S("SYMBOL(log_buf_len)",		log_buf_len),
	S("SYMBOL(log_first_idx)",		log_first_idx),
	S("SYMBOL(log_next_idx)",		log_next_idx),
	N("SIZE(printk_log)",			size_log),
	N("OFFSET(printk_log.ts_nsec)",		log_ts),
	N("OFFSET(printk_log.len)",		log_len),
	N("OFFSET(printk_log.text_len)",	log_text_len),
	N("OFFSET(printk_log.caller_id)",	log_caller),
};

#define N_FIELDS (sizeof(fields) / sizeof(fields[0]))

static int64_t *field_of(struct kinfo *k, const struct field *f)
{
	return (int64_t *)((char *)k + f->at);
}

/* Only printable ASCII: these strings go to folder names, JSON and consoles. */
static void copy_word(char *to, size_t size, const char *value)
{
	size_t n = 0;

	while (n < size - 1 && value[n] > ' ' && value[n] < 127) {
		to[n] = value[n];
		n++;
	}
	to[n] = '\0';
}

static bool parse_value(const char *text, enum kind kind, int64_t *out)
{
	bool hex = kind == SYMBOL || !strncmp(text, "0x", 2);
	char *end;

	errno = 0;
	*out = *text == '-' ? strtoll(text, &end, 10)
			    : (int64_t)strtoull(text, &end, hex ? 16 : 10);
	return !errno && end != text && !*end && has(*out);
}

static void parse_line(struct kinfo *k, char *line)
{
	char *value = strchr(line, '=');
	size_t len = value ? (size_t)(value - line) : 0;

	if (!value)
		return;
	*value++ = '\0';
	if (!strcmp(line, "OSRELEASE")) {
		copy_word(k->osrelease, sizeof(k->osrelease), value);
		return;
	}
	if (!strcmp(line, "BUILD-ID")) {
		copy_word(k->build_id, sizeof(k->build_id), value);
		return;
	}
	for (size_t i = 0; i < N_FIELDS; i++) {
		int64_t v;

		if (fields[i].len != len || strcmp(line, fields[i].key))
			continue;
		if (parse_value(value, fields[i].kind, &v))
			*field_of(k, &fields[i]) = v;
		return;
	}
}

bool vmcoreinfo_parse(struct kinfo *k, const char *text, size_t len, struct err *e)
{
	struct cursor c = { (const uint8_t *)text, (const uint8_t *)text + len };

	memset(k, 0, sizeof(*k));
	for (size_t i = 0; i < N_FIELDS; i++)
		*field_of(k, &fields[i]) = ABSENT;

	/*
	 * The kernel ends each line; where it ran out of its page the last one is a stump, and
	 * half of a number is a number, too (Linux b5bfcc1ffe51 warns of that).
	 */
	for (const uint8_t *nl; (nl = memchr(c.at, '\n', cursor_left(&c))); c.at = nl + 1) {
		size_t n = nl - c.at;
		char line[256];

		if (n < sizeof(line) && !memchr(c.at, '\0', n)) {
			memcpy(line, c.at, n);
			line[n] = '\0';
			parse_line(k, line);
		}
	}
	/* Exported since 5.11; before it, a kref stood in front of the names. */
	if (!has(k->uts_name))
		k->uts_name = 4;
	if (!has(k->page_size))
		return fail(e, EINVAL, "VMCOREINFO has no PAGESIZE");
	return true;
}

/* A field of len bytes must lie inside the struct page; an absent one may. */
static bool inside(const struct kinfo *k, int64_t at, int64_t len)
{
	return !has(at) || (at >= 0 && at <= k->size_page - len);
}

bool vmcoreinfo_plausible(const struct kinfo *k, struct err *e)
{
	/* `room` bytes must lie inside a thing whose size stood in an earlier row. */
	const struct { const char *key; int64_t value, min, max, room; } rows[] = {
		{ "PAGESIZE", k->page_size, 4096, 65536, 0 },
		{ "SIZE(page)", k->size_page, 32, PAGE_STRUCT_MAX, 0 },
		{ "OFFSET(page.flags)", k->page_flags, 0, k->size_page, 8 },
		{ "OFFSET(page.mapping)", k->page_mapping, 0, k->size_page, 8 },
		{ "OFFSET(page._mapcount)", k->page_mapcount, 0, k->size_page, 4 },
		{ "SYMBOL(mem_section)", k->mem_section, INT64_MIN + 1, -1, 0 },
		{ "LENGTH(mem_section)", k->n_mem_section, 1, 1 << 24, 0 },
		{ "SIZE(mem_section)", k->size_mem_section, 8, 256, 0 },
		{ "OFFSET(mem_section.section_mem_map)", k->section_mem_map, 0,
		  k->size_mem_section, 8 },
		{ "NUMBER(SECTION_SIZE_BITS)", k->section_size_bits, 20, 40, 0 },
		{ "NUMBER(MAX_PHYSMEM_BITS)", k->max_physmem_bits, 32, 52, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!has(rows[i].value))
			return fail(e, EINVAL, "VMCOREINFO has no %s", rows[i].key);
		if (rows[i].value < rows[i].min || rows[i].value > rows[i].max - rows[i].room)
			return fail(e, EINVAL, "VMCOREINFO: %s=%lld is not possible",
				    rows[i].key, (long long)rows[i].value);
	}
	if (!is_power_of_two(k->page_size))
		return fail(e, EINVAL, "VMCOREINFO: PAGESIZE=%lld is not possible",
			    (long long)k->page_size);
	if (!inside(k, k->page_lru, 16) || !inside(k, k->page_private, 8) ||
	    !inside(k, k->page_compound_head, 8) || !inside(k, k->page_compound_info, 8) ||
	    !inside(k, k->page_refcount, 4) || !inside(k, k->page_compound_order, 1) ||
	    !inside(k, k->page_compound_dtor, 1))
		return fail(e, EINVAL, "VMCOREINFO: a field lies outside struct page");
	return true;
}
