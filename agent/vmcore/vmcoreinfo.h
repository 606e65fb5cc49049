/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the crashed kernel tells of itself in the VMCOREINFO note. A kernel that
 * does not export a key leaves its field ABSENT; what that costs is decided where
 * the fact is used. Presence of keys, never a version, tells kernels apart.
 */
#ifndef VMCORE_VMCOREINFO_H
#define VMCORE_VMCOREINFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

#define PAGE_STRUCT_MAX 256	/* the largest struct page that is believed, bytes */
#define ABSENT INT64_MIN

struct kinfo {
	char osrelease[65];
	char build_id[41];	/* hex, "" when the kernel gives none */
	int64_t crash_time;	/* seconds since 1970 */
	int64_t page_size;

	/* struct page */
	int64_t size_page;
	int64_t page_flags, page_refcount, page_mapping, page_lru, page_mapcount;
	int64_t page_private, page_compound_head, page_compound_info;
	int64_t page_compound_dtor, page_compound_order;	/* in page[1], up to 6.2 */
	int64_t folio_dtor, folio_order;		/* from the head, 6.3 to 6.5 */
	int64_t pg_lru, pg_private, pg_swapcache, pg_swapbacked, pg_slab, pg_hwpoison;
	int64_t pg_hugetlb;				/* bit in page[1].flags, 6.6 to 6.8 */
	int64_t pg_head_mask;
	int64_t type_buddy, type_offline, type_slab, type_hugetlb, type_unaccepted;
	int64_t hugetlb_dtor;
	int64_t n_orders;

	/* memory model */
	int64_t mem_section, n_mem_section, size_mem_section, section_mem_map;
	int64_t section_size_bits, max_physmem_bits, vmemmap;
	int64_t node_data, n_node_data, size_nodemask, contig_page_data;

	/* address translation */
	int64_t phys_base, init_top_pgt, swapper_pg_dir, l5_enabled, sme_mask, stext;
	int64_t va_bits, tcr_t1sz, kimage_voffset, phys_offset;
	int64_t kernel_image_size;	/* x86: address space of the image; modules follow */
	int64_t modules_start, modules_end;	/* arm64 */
	int64_t pac_mask;	/* arm64: bits of a kernel pointer that may be a signature */

	/* symbol table, 6.0 and newer */
	int64_t kallsyms_names, kallsyms_num_syms, kallsyms_token_table;
	int64_t kallsyms_token_index, kallsyms_offsets, kallsyms_relative_base;

	/* names */
	int64_t init_uts_ns, uts_name;

	/* printk ring, 5.10 and newer */
	int64_t prb, prb_desc_ring, prb_text_ring;
	int64_t ring_count_bits, ring_descs, ring_infos, ring_head, ring_tail;
	int64_t size_desc, desc_state, desc_text, blk_begin, blk_next;
	int64_t size_info, info_ts, info_text_len, info_caller;
	int64_t data_size_bits, data_data;
	int64_t atomic_counter;

	/* record buffer, up to 5.9 */
	int64_t log_buf, log_buf_len, log_first_idx, log_next_idx;
	int64_t size_log, log_ts, log_len, log_text_len, log_caller;
};

static inline bool has(int64_t field)
{
	return field != ABSENT;
}

/*
 * Parses the text of the note. Lines that are not understood are passed over; the
 * error is for a note in which not even the page size can be found.
 */
bool vmcoreinfo_parse(struct kinfo *k, const char *text, size_t len, struct err *e);

/*
 * Are the numbers that the filter and the page walk stand on present and possible?
 * formats: PAGESIZE a power of two, struct page in 32..PAGE_STRUCT_MAX bytes with all its
 * fields inside. EINVAL names the first key that is not.
 */
bool vmcoreinfo_plausible(const struct kinfo *k, struct err *e);

#endif
