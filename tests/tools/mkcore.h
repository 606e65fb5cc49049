/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mkcore: a text fixture becomes an ELF64 core as /proc/vmcore would show it.
 *
 * Shared by the parts of the tool and by nothing else. Deliberately shares no code
 * with agent/: the two meet only in the file format, so a mistake made in one of
 * them does not hide in the other.
 *
 *   mkcore.c         fixture lines, order of work, breaking things on purpose
 *   mkcore_mem.c     physical memory, PT_LOADs, ELF header, notes, labels
 *   mkcore_layout.c  what differs between kernels: numbers only
 *   mkcore_info.c    VMCOREINFO text
 *   mkcore_pgt.c     page tables of x86_64 and arm64
 *   mkcore_pages.c   SPARSEMEM sections and struct pages
 *   mkcore_scale.c   machines of many TiB out of repeated patterns
 *   mkcore_log.c     printk ring (5.10+) and the record buffer before it
 *   mkcore_types.c   symbols and types, and what only they lead to; with mkcore_tasks.c
 */
#ifndef MKCORE_H
#define MKCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE (c->page)	/* of this machine, of which c tells everywhere */
#define NONE (-1)	/* a number that this kernel does not have */

/* How page->_mapcount says what a page is (see mkcore_pages.c). */
enum type_scheme { TYPE_BITS, TYPE_BITS_611, TYPE_BYTE };
/* Where order and the hugetlb mark of a compound page live. */
enum compound_scheme { COMPOUND_DTOR, COMPOUND_FOLIO, COMPOUND_FLAG, COMPOUND_TYPE };

/* How addresses are stored in the symbol table, NONE: VMCOREINFO has no keys for it. */
enum kallsyms_scheme { KALLSYMS_NONE, KALLSYMS_BASE, KALLSYMS_PERCPU, KALLSYMS_PLACE };

struct layout {
	const char *name;
	const char *release;
	/* page flag bits, NONE = no such flag */
	int locked, lru, head, waiters, reserved, private, private_2, swapbacked, swapcache;
	int slab, hwpoison, hugetlb_flag;
	enum type_scheme types;
	enum compound_scheme compound;
	bool info_hwpoison;	/* key NUMBER(PG_hwpoison) exported */
	bool info_hugetlb_type;	/* key PAGE_HUGETLB_MAPCOUNT_VALUE exported */
	bool info_slab_type;
	bool info_unaccepted;
	bool info_vmemmap;
	bool mask_heads;	/* compound_info holds a mask instead of a pointer */
	bool fake_heads;	/* HVO maps the head page again and again */
	int max_physmem_bits, levels;
	int uts_name_off;	/* -1 = key absent, the name then lies at 4 */
	bool old_log;		/* record buffer of kernels before 5.10 */
	int rb_size;		/* SIZE(printk_ringbuffer) */
	int info_size;		/* SIZE(printk_info) */
	bool id_62;		/* first descriptor id is -(n+1) in 62 bits, else 32 */
	bool perfect_fit;	/* a block may end exactly at the ring end */
	bool latched_seq;
	enum kallsyms_scheme kallsyms;
	int n_pcp_lists;	/* of free pages that a CPU has in each zone */
};

struct load {
	uint64_t vaddr, paddr, filesz, memsz;
	uint64_t off;		/* file offset of paddr */
	bool mirror;		/* bytes are copied from RAM at the end */
	bool unreadable;	/* p_offset past the end of file */
	bool again;		/* shows what the load before it shows */
};

struct label {
	char name[48];
	uint64_t paddr;
};

struct info_line {
	char key[64];
	char value[320];
	bool gone;
};

struct core {
	const struct layout *k;
	/* options of the fixture */
	bool arm64;
	uint64_t page, phys_offset;
	int page_shift, made_va_bits, va_bits, t1sz;	/* va_bits: of the walk */
	uint64_t kaslr, image_paddr, image_size, arena, memmap, sme_mask, direct_leaf;
	uint64_t direct_base, vmemmap_base;
	int types, panic_cpu, backport, log_callers;
	int levels, cpus, section_bits, log_bits, desc_bits, n_phdr_extra;
	bool vmemmap_shared, no_pages, no_notes, section_preinit, split_notes;
	char nodename[65], release[65], machine[65], build_id[41];
	int64_t crash_time;
	/* memory */
	uint8_t *map;
	uint64_t map_size, end, note_off, note_size;
	struct load *loads;
	size_t n_loads, max_loads;
	struct label *labels;
	size_t n_labels, max_labels;
	uint64_t pgt;		/* paddr of the top page table */
	uint64_t text_vaddr, image_at;
	/* notes */
	struct { char name[44]; uint64_t size; } coredd[4];
	int n_coredd;
	struct info_line *info;
	size_t n_info, max_info;
	char *raw_info;
	uint64_t *sections;	/* paddr of the memmap of section n, 0 = absent */
	uint64_t n_sections;
	uint64_t pieces, n_pieces;	/* paddr of patterns of struct pages, how many */
	uint64_t n_listed;	/* sections behind them, whose pages are on CPUs' lists */
	struct log *log;
};

/* mkcore.c */
__attribute__((noreturn, format(printf, 1, 2))) void die(const char *fmt, ...);
void *grow(void *array, size_t n, size_t *max, size_t size);
char *strip(char *s);	/* without the blanks around it */

/* mkcore_late.c: a line whose turn it is, before or after the ELF header is made. */
void late_line(struct core *c, char *line, bool after_header, int64_t *cut);

/* mkcore_mem.c */
struct load *load_add(struct core *c, uint64_t vaddr, uint64_t paddr, uint64_t size);
void mem_create(struct core *c, const char *path);
void mem_finish(struct core *c, const char *path);
bool mem_has(const struct core *c, uint64_t paddr, uint64_t len);
void *mem_at(struct core *c, uint64_t paddr, uint64_t len);
uint64_t arena_alloc(struct core *c, uint64_t size, uint64_t align);
uint64_t image_alloc(struct core *c, const char *label, uint64_t size, uint64_t align);
uint64_t image_vaddr(const struct core *c, uint64_t paddr);
uint64_t direct_vaddr(const struct core *c, uint64_t paddr);
void label_add(struct core *c, const char *name, uint64_t paddr);
bool label_find(const struct core *c, const char *name, uint64_t *paddr_ret);
void put(void *at, uint64_t value, int size);
uint64_t get(const void *at, int size);

/* mkcore_layout.c */
const struct layout *layout_find(const char *name);

/* mkcore_info.c */
__attribute__((format(printf, 3, 4)))
void info_set(struct core *c, const char *key, const char *fmt, ...);
void info_drop(struct core *c, const char *key);
void info_standard(struct core *c);
size_t info_text(const struct core *c, char *buf, size_t size);

/* mkcore_pgt.c */
void pgt_create(struct core *c);
void pgt_map(struct core *c, uint64_t vaddr, uint64_t paddr, uint64_t leaf);
void pgt_unmap(struct core *c, uint64_t vaddr);
uint64_t pgt_entry(struct core *c, uint64_t vaddr, int level, bool make);
uint64_t pgt_small_leaf(const struct core *c);

/* mkcore_pages.c */
void sections_create(struct core *c);
uint64_t page_paddr(const struct core *c, uint64_t pfn);
uint64_t page_vaddr(const struct core *c, uint64_t pfn);
void page_line(struct core *c, char *line);
int type_value(const struct layout *k, const char *type, int64_t *value_ret);

/* mkcore_scale.c */
void scale_loads(struct core *c, uint64_t end, uint64_t n_pieces, uint64_t n_listed);
uint64_t scale_piece(const struct core *c, uint64_t n);
void scale_patterns(struct core *c);
void scale_lists(struct core *c);

/* mkcore_log.c */
void log_create(struct core *c);
void log_line(struct core *c, char *line);
void log_info(struct core *c);
size_t unquote(const char *quoted, char *out, size_t size, const char **end_ret);

/* mkcore_types.c, mkcore_tasks.c */
void types_create(struct core *c);
bool types_line(struct core *c, char *line);

#endif
