/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mkcore FIXTURE [OUT]: text in, ELF64 core out (see mkcore.h for the parts).
 *
 * Lines of a fixture, in any order; # begins a comment. First all settings are read,
 * then the machine is built, then pages, log lines and pokes happen in file order.
 *   layout = 6.1               kernel (mkcore_layout.c); comes before all others
 *   ram = 0x100000-0x1000000   one PT_LOAD, bytes, end not included; may repeat
 *   ram_many = START SIZE STEP COUNT        COUNT PT_LOADs
 *   load = VADDR PADDR SIZE [MEMSZ]         PT_LOAD over RAM that exists (overlap)
 *   unreadable = PADDR SIZE                 PT_LOAD past the end of the file
 *   scale = END PIECES [LISTED] RAM up to END (mkcore_scale.c), after memmap =
 *   arm64 = PAGE_KIB VA_BITS [T1SZ]         the machine, x86_64 without it
 *   levels sme_mask kaslr direct_leaf image image_size cpus section_bits phys_offset
 *   memmap = ADDR (struct pages, 2 MiB per section) arena = ADDR (tables, upwards)
 *   log_bits desc_bits (negative: allocated at boot) vmemmap = shared
 *   log_callers = 1 (before 5.10: with CONFIG_PRINTK_CALLER)
 *   pages = none   notes = none   text_load = none   preinit = 1
 *   nodename release machine crash_time build_id
 *   coredd = NAME SIZE         a device dump note
 *   types = NODES   panic_cpu = N   backport = 1    symbols and types (mkcore_types.c)
 *   set KEY = VALUE / unset KEY / vmcoreinfo "text"
 *   @PFN ...                   struct page and data (mkcore_pages.c)
 *   log...                     (mkcore_log.c)
 *   list... task... runs... map...     (mkcore_tasks.c)
 *   poke SIZE WHERE = VALUE    memory; WHERE: number or LABEL[+N], page:PFN, pte:VADDR:LEVEL;
 *                              VALUE: number, &WHERE for its physical address, ^WHERE
 *                              for its address in the direct map
 *   phdr N OFF SIZE = VALUE / ehdr OFF SIZE = VALUE / note OFF SIZE = VALUE
 *   file OFF SIZE = VALUE      last of all, together with
 *   cut = BYTES                the file ends here (negative: this much shorter)
 */
#include "mkcore.h"

#include <elf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *fixture_name = "mkcore";
static unsigned line_number;

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "mkcore: %s:%u: ", fixture_name, line_number);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(1);
}

void *grow(void *array, size_t n, size_t *max, size_t size)
{
	if (n < *max)
		return array;
	*max = *max ? 2 * *max : 64;
	array = realloc(array, *max * size);
	if (!array)
		die("out of memory");
	return array;
}

char *strip(char *s)
{
	size_t len;

	s += strspn(s, " \t");
	len = strlen(s);
	while (len && (s[len - 1] == ' ' || s[len - 1] == '\t' || s[len - 1] == '\n'))
		s[--len] = 0;
	return s;
}

/* Up to max numbers in a row, blanks or - between them; how many there were. */
static int numbers(const char *s, uint64_t *to, int max)
{
	int n = 0;

	while (n < max) {
		char *end;

		s += strspn(s, " \t-");
		to[n] = strtoull(s, &end, 0);
		if (end == s)
			break;
		s = end;
		n++;
	}
	return n;
}

static void load_line(struct core *c, const char *key, const char *value)
{
	uint64_t v[4];
	int n = numbers(value, v, 4);
	struct load *l;

	if (strcmp(key, "ram") == 0 && n == 2 && v[0] < v[1]) {
		load_add(c, 0, v[0], v[1] - v[0]);
	} else if (strcmp(key, "ram_many") == 0 && n == 4) {
		for (uint64_t i = 0; i < v[3]; i++)
			load_add(c, 0, v[0] + i * v[2], v[1]);
	} else if (strcmp(key, "load") == 0 && n >= 3) {
		l = load_add(c, v[0], v[1], v[2]);
		l->mirror = true;
		if (n == 4)
			l->memsz = v[3];
	} else if (strcmp(key, "unreadable") == 0 && n == 2) {
		load_add(c, 0, v[0], v[1])->unreadable = true;
	} else if (strcmp(key, "scale") == 0 && (n == 2 || n == 3)) {
		scale_loads(c, v[0], v[1], n == 3 ? v[2] : 0);
	} else {
		die("wrong numbers in %s = %s", key, value);
	}
}

static bool number_option(struct core *c, const char *key, const char *value)
{
	const struct { const char *key; uint64_t *to; } wide[] = {
		{ "kaslr", &c->kaslr }, { "sme_mask", &c->sme_mask },
		{ "image", &c->image_paddr }, { "image_size", &c->image_size },
		{ "arena", &c->arena }, { "memmap", &c->memmap },
		{ "direct_leaf", &c->direct_leaf },
		{ "phys_offset", &c->phys_offset },
		{ "direct_base", &c->direct_base }, { "vmemmap_base", &c->vmemmap_base },
		{ "crash_time", (uint64_t *)&c->crash_time },
	};
	const struct { const char *key; int *to; } narrow[] = {
		{ "types", &c->types }, { "panic_cpu", &c->panic_cpu },
		{ "backport", &c->backport }, { "log_callers", &c->log_callers },
		{ "levels", &c->levels }, { "cpus", &c->cpus },
		{ "section_bits", &c->section_bits }, { "log_bits", &c->log_bits },
		{ "desc_bits", &c->desc_bits }, { "phdr_extra", &c->n_phdr_extra },
	};

	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (strcmp(wide[i].key, key) == 0) {
			*wide[i].to = strtoull(value, NULL, 0);
			return true;
		}
	for (size_t i = 0; i < sizeof(narrow) / sizeof(narrow[0]); i++)
		if (strcmp(narrow[i].key, key) == 0) {
			*narrow[i].to = strtol(value, NULL, 0);
			return true;
		}
	return false;
}

static bool text_option(struct core *c, const char *key, const char *value)
{
	const struct { const char *key; char *to; size_t size; } texts[] = {
		{ "nodename", c->nodename, sizeof(c->nodename) },
		{ "release", c->release, sizeof(c->release) },
		{ "machine", c->machine, sizeof(c->machine) },
		{ "build_id", c->build_id, sizeof(c->build_id) },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(texts[i].key, key) == 0) {
			snprintf(texts[i].to, texts[i].size, "%s", value);
			return true;
		}
	return false;
}

/* VA_BITS is what the kernel was made for; T1SZ what the CPU does, where it differs. */
static void arm64_line(struct core *c, const char *value)
{
	uint64_t v[3] = { 0 };
	int n = numbers(value, v, 3), walked;

	if (n < 2 || (v[0] != 4 && v[0] != 16 && v[0] != 64) || v[1] < 36 || v[1] > 52)
		die("arm64 = PAGE_KIB VA_BITS [T1SZ]");
	c->arm64 = true;
	c->page = v[0] << 10;
	c->page_shift = __builtin_ctzl(c->page);
	c->made_va_bits = v[1];
	c->t1sz = v[2] ? v[2] : 64 - v[1];
	c->va_bits = v[0] == 64 ? (int)v[1] : 64 - c->t1sz;
	walked = c->va_bits - c->page_shift;
	c->levels = (walked + c->page_shift - 4) / (c->page_shift - 3);
	c->section_bits = v[0] == 64 ? 29 : 27;
	c->direct_leaf = c->page;
	snprintf(c->machine, sizeof(c->machine), "aarch64");
}

static void option(struct core *c, const char *key, const char *value, bool *text_load)
{
	if (strcmp(key, "layout") == 0) {
		c->k = layout_find(value);
		if (!c->k)
			die("no kernel layout %s", value);
		c->levels = c->k->levels;
		snprintf(c->release, sizeof(c->release), "%s", c->k->release);
	} else if (strcmp(key, "ram") == 0 || strcmp(key, "load") == 0 ||
		   strcmp(key, "unreadable") == 0 || strcmp(key, "ram_many") == 0 ||
		   strcmp(key, "scale") == 0) {
		load_line(c, key, value);
	} else if (strcmp(key, "arm64") == 0) {
		arm64_line(c, value);
	} else if (strcmp(key, "coredd") == 0) {
		if (c->n_coredd == 4 || sscanf(value, "%43s %li",
					       c->coredd[c->n_coredd].name,
					       (long *)&c->coredd[c->n_coredd].size) != 2)
			die("coredd = NAME SIZE, at most four");
		c->n_coredd++;
	} else if (strcmp(key, "vmemmap") == 0) {
		c->vmemmap_shared = strcmp(value, "shared") == 0;
	} else if (strcmp(key, "pages") == 0) {
		c->no_pages = strcmp(value, "none") == 0;
	} else if (strcmp(key, "notes") == 0) {
		c->no_notes = strcmp(value, "none") == 0;
	} else if (strcmp(key, "text_load") == 0) {
		*text_load = strcmp(value, "none") != 0;
	} else if (strcmp(key, "preinit") == 0) {
		c->section_preinit = true;
	} else if (!number_option(c, key, value) && !text_option(c, key, value)) {
		die("unknown setting %s", key);
	}
}

static bool is_late(const char *line)
{
	static const char *const late[] = {
		"@", "log ", "log-", "poke ", "phdr ", "ehdr ", "note ", "file ", "cut ",
		"set ", "unset ", "vmcoreinfo ", "list ", "task ", "runs ", "map ",
	};

	for (size_t i = 0; i < sizeof(late) / sizeof(late[0]); i++)
		if (strncmp(line, late[i], strlen(late[i])) == 0)
			return true;
	return false;
}

static void utsname_put(struct core *c)
{
	int off = c->k->uts_name_off < 0 ? 4 : c->k->uts_name_off;
	char *at = mem_at(c, image_alloc(c, "init_uts_ns", 400, 8), 400);
	const char *const texts[] = {
		"Linux", c->nodename, c->release, "#1 SMP Debian synthetic", c->machine,
		"(none)",
	};

	for (int i = 0; i < 6; i++)
		snprintf(at + off + 65 * i, 65, "%s", texts[i]);
}

static bool has_ram(const struct core *c)
{
	for (size_t i = 0; i < c->n_loads; i++)
		if (!c->loads[i].mirror && !c->loads[i].unreadable)
			return true;
	return false;
}

/* Where things lie that the fixture does not place. */
static void addresses(struct core *c)
{
	bool five = c->levels == 5;

	c->text_vaddr = 0xffffffff81000000UL + c->kaslr;
	if (c->arm64) {
		int cpu_bits = 64 - c->t1sz;

		/* The upper half begins with modules and the image. */
		c->text_vaddr = (-1UL << ((cpu_bits < 48 ? cpu_bits : 48) - 1)) +
				0x80000000UL + c->kaslr;
		if (!c->direct_base)
			c->direct_base = -1UL << cpu_bits;
		if (!c->vmemmap_base)
			c->vmemmap_base = -(1UL << 31);
	}
	if (!c->direct_base)
		c->direct_base = five ? 0xff11000000000000UL : 0xffff888000000000UL;
	if (!c->vmemmap_base)
		c->vmemmap_base = five ? 0xffd4000000000000UL : 0xffffea0000000000UL;
}

/* RAM, image, page tables, memory map, log: a machine on which nothing has happened. */
static void build(struct core *c, const char *path, bool text_load)
{
	addresses(c);
	c->image_at = c->image_paddr + PAGE;	/* _stext has bytes of its own */
	if (!has_ram(c)) {
		load_add(c, 0, 0x1000, 0x9ec00);	/* ends inside a page */
		load_add(c, 0, 0x100000, 0xf00000);
	}
	for (size_t i = 0; i < c->n_loads; i++)
		if (!c->loads[i].vaddr)
			c->loads[i].vaddr = direct_vaddr(c, c->loads[i].paddr);
	if (text_load) {
		load_add(c, c->text_vaddr, c->image_paddr, c->image_size)->mirror = true;
		struct load text = c->loads[c->n_loads - 1];

		memmove(c->loads + 1, c->loads, (c->n_loads - 1) * sizeof(*c->loads));
		c->loads[0] = text;
	}
	mem_create(c, path);
	memset(mem_at(c, c->image_paddr, 64), 0xcc, 64);
	label_add(c, "image", c->image_paddr);
	pgt_create(c);
	utsname_put(c);
	if (!c->no_pages)
		sections_create(c);
	for (uint64_t at = 0; at < c->image_size; at += pgt_small_leaf(c))
		pgt_map(c, c->text_vaddr + at, c->image_paddr + at, pgt_small_leaf(c));
	for (size_t i = 0; i < c->n_loads; i++) {
		const struct load *l = &c->loads[i];
		uint64_t at = l->paddr / c->direct_leaf * c->direct_leaf;

		for (; !l->mirror && at < l->paddr + l->memsz; at += c->direct_leaf)
			pgt_map(c, direct_vaddr(c, at), at, c->direct_leaf);
	}
	if (c->n_pieces)
		scale_patterns(c);
	log_create(c);
	info_standard(c);
	if (c->types)
		types_create(c);
	if (c->n_listed)
		scale_lists(c);
}

/* One pass over the fixture: settings, or late lines before / after the ELF header. */
enum pass { SETTINGS, MEMORY, HEADER };

static void read_lines(struct core *c, FILE *in, enum pass pass, bool *text_load,
		       int64_t *cut)
{
	char line[4096], *s, *value;

	rewind(in);
	for (line_number = 1; fgets(line, sizeof(line), in); line_number++) {
		s = strip(line);
		if (*s == 0 || *s == '#')
			continue;
		if (is_late(s)) {
			if (pass != SETTINGS)
				late_line(c, s, pass == HEADER, cut);
			continue;
		}
		if (pass != SETTINGS)
			continue;
		value = strchr(s, '=');
		if (!value)
			die("KEY = VALUE was expected: %s", s);
		*value++ = 0;
		option(c, strip(s), strip(value), text_load);
	}
}

int main(int argc, char **argv)
{
	struct core c = {
		.image_paddr = 0x200000, .image_size = 0x200000, .memmap = 0x400000,
		.arena = 0x600000,
		.page = 4096, .page_shift = 12, .direct_leaf = 1UL << 21, .cpus = 2,
		.section_bits = 27, .log_bits = 14, .desc_bits = 8, .panic_cpu = -1,
		.nodename = "fixture", .machine = "x86_64",
		.build_id = "0123456789abcdef0123456789abcdef01234567",
		.crash_time = 1767225600,
	};
	const char *out = argc > 2 ? argv[2] : "core";
	bool text_load = true;
	int64_t cut = 0;
	FILE *in;

	if (argc < 2 || argc > 3 || !(in = fopen(argv[1], "r"))) {
		fprintf(stderr, "usage: mkcore FIXTURE [OUT]\n");
		return 2;
	}
	fixture_name = argv[1];
	c.k = layout_find("6.1");
	c.levels = c.k->levels;
	snprintf(c.release, sizeof(c.release), "%s", c.k->release);
	read_lines(&c, in, SETTINGS, &text_load, &cut);
	line_number = 0;
	build(&c, out, text_load);
	read_lines(&c, in, MEMORY, &text_load, &cut);
	line_number = 0;
	mem_finish(&c, out);
	read_lines(&c, in, HEADER, &text_load, &cut);
	munmap(c.map, c.map_size);
	if (cut && truncate(out, cut > 0 ? cut : (int64_t)c.map_size + cut) != 0)
		die("%s: cannot cut it", out);
	return 0;
}
