/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between kernels, as numbers: x86_64 with a configuration like that of
 * the Debian cloud kernels. A new kernel is one new row here, and nothing else.
 * Rows with a name that is not a real Debian kernel (4.19, 6.4, 6.7, 6.11) stand for
 * the layouts that existed in between.
 */
#include "mkcore.h"

#include <string.h>

static const struct layout layouts[] = {
	{
		.name = "4.19", .release = "4.19.0-27-cloud-amd64",
		.locked = 0, .lru = 5, .head = 15, .waiters = 7, .reserved = 11,
		.private = 12, .private_2 = 13, .swapbacked = 18, .swapcache = 9,
		.slab = 8, .hwpoison = 21, .hugetlb_flag = NONE,
		.types = TYPE_BITS, .compound = COMPOUND_DTOR, .info_hwpoison = true,
		.max_physmem_bits = 46, .levels = 4, .uts_name_off = -1, .old_log = true,
		.kallsyms = KALLSYMS_NONE, .n_pcp_lists = 3,
	},
	{
		.name = "5.10", .release = "5.10.0-32-cloud-amd64",
		.locked = 0, .lru = 4, .head = 16, .waiters = 7, .reserved = 12,
		.private = 13, .private_2 = 14, .swapbacked = 19, .swapcache = 10,
		.slab = 9, .hwpoison = 22, .hugetlb_flag = NONE,
		.types = TYPE_BITS, .compound = COMPOUND_DTOR,
		.max_physmem_bits = 46, .levels = 4, .uts_name_off = -1,
		.rb_size = 80, .info_size = 88,
		.kallsyms = KALLSYMS_NONE, .n_pcp_lists = 3,
	},
	{
		.name = "6.1", .release = "6.1.0-53-cloud-amd64",
		.locked = 0, .lru = 4, .head = 16, .waiters = 7, .reserved = 12,
		.private = 13, .private_2 = 14, .swapbacked = 19, .swapcache = 10,
		.slab = 9, .hwpoison = 22, .hugetlb_flag = NONE,
		.types = TYPE_BITS, .compound = COMPOUND_DTOR, .fake_heads = true,
		.max_physmem_bits = 52, .levels = 5, .uts_name_off = 0,
		.rb_size = 88, .info_size = 88, .latched_seq = true,
		.kallsyms = KALLSYMS_PERCPU, .n_pcp_lists = 13,
	},
	{
		.name = "6.4", .release = "6.4.0-1-cloud-amd64",
		.locked = 0, .lru = 5, .head = 16, .waiters = 7, .reserved = 12,
		.private = 13, .private_2 = 14, .swapbacked = 19, .swapcache = 10,
		.slab = 9, .hwpoison = 22, .hugetlb_flag = NONE,
		.types = TYPE_BITS, .compound = COMPOUND_FOLIO, .info_hwpoison = true,
		.fake_heads = true,
		.max_physmem_bits = 52, .levels = 5, .uts_name_off = 0,
		.rb_size = 88, .info_size = 88, .latched_seq = true,
		.kallsyms = KALLSYMS_BASE, .n_pcp_lists = 13,
	},
	{
		.name = "6.7", .release = "6.7.0-1-cloud-amd64",
		.locked = 0, .lru = 5, .head = 6, .waiters = 7, .reserved = 13,
		.private = 14, .private_2 = 15, .swapbacked = 18, .swapcache = 11,
		.slab = 10, .hwpoison = 21, .hugetlb_flag = 8,
		.types = TYPE_BITS, .compound = COMPOUND_FLAG, .info_hwpoison = true,
		.fake_heads = true,
		.max_physmem_bits = 52, .levels = 5, .uts_name_off = 0,
		.rb_size = 88, .info_size = 88, .latched_seq = true,
		.kallsyms = KALLSYMS_PERCPU, .n_pcp_lists = 13,
	},
	{
		.name = "6.11", .release = "6.11.0-1-cloud-amd64",
		.locked = 0, .lru = 5, .head = 6, .waiters = 7, .reserved = 13,
		.private = 14, .private_2 = 15, .swapbacked = 18, .swapcache = 10,
		.slab = NONE, .hwpoison = 20, .hugetlb_flag = NONE,
		.types = TYPE_BITS_611, .compound = COMPOUND_TYPE, .info_hwpoison = true,
		.info_hugetlb_type = true, .info_slab_type = true,
		.info_vmemmap = true, .fake_heads = true,
		.max_physmem_bits = 52, .levels = 5, .uts_name_off = 0,
		.rb_size = 88, .info_size = 88, .latched_seq = true,
		.kallsyms = KALLSYMS_PERCPU, .n_pcp_lists = 13,
	},
	{
		.name = "6.12", .release = "6.12.0-9-cloud-amd64",
		.locked = 0, .lru = 5, .head = 6, .waiters = 7, .reserved = 13,
		.private = 14, .private_2 = 15, .swapbacked = 17, .swapcache = 10,
		.slab = NONE, .hwpoison = 20, .hugetlb_flag = NONE,
		.types = TYPE_BYTE, .compound = COMPOUND_TYPE, .info_hwpoison = true,
		.info_hugetlb_type = true, .info_slab_type = true,
		.info_vmemmap = true, .fake_heads = true,
		.max_physmem_bits = 52, .levels = 5, .uts_name_off = 0,
		.rb_size = 88, .info_size = 88, .latched_seq = true,
		.kallsyms = KALLSYMS_PERCPU, .n_pcp_lists = 14,
	},
	{
		.name = "7.2", .release = "7.2.0-1-cloud-amd64",
		.locked = 0, .lru = 5, .head = 6, .waiters = 7, .reserved = 13,
		.private = 14, .private_2 = 15, .swapbacked = 17, .swapcache = 10,
		.slab = NONE, .hwpoison = 21, .hugetlb_flag = NONE,
		.types = TYPE_BYTE, .compound = COMPOUND_TYPE, .info_hwpoison = true,
		.info_hugetlb_type = true, .info_slab_type = true,
		.info_unaccepted = true, .info_vmemmap = true, .mask_heads = true,
		.max_physmem_bits = 52, .levels = 5, .uts_name_off = 0,
		.rb_size = 88, .info_size = 112, .id_62 = true, .perfect_fit = true,
		.latched_seq = true,
		.kallsyms = KALLSYMS_PLACE, .n_pcp_lists = 14,
	},
};

const struct layout *layout_find(const char *name)
{
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)
		if (strcmp(layouts[i].name, name) == 0)
			return &layouts[i];
	return NULL;
}
