/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Physical memory of the crashed kernel is the output file itself, mapped and sparse,
 * so a machine of a TiB costs only what is written to it. Each PT_LOAD owns a page
 * rounded stretch of the file, as in /proc/vmcore; a PT_LOAD that overlaps an earlier
 * one (the kernel text does) is a mirror and gets its bytes when all else is done.
 * Knows ELF and where an address lies in the file; knows nothing of what is in memory.
 */
#include "mkcore.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NOTE_ROOM 8192	/* VMCOREINFO and the note headers around it */

static uint64_t page_down(const struct core *c, uint64_t x)
{
	return x & ~(PAGE - 1);
}

static uint64_t page_up(const struct core *c, uint64_t x)
{
	return page_down(c, x + PAGE - 1);
}

void put(void *at, uint64_t value, int size)
{
	memcpy(at, &value, size);
}

uint64_t get(const void *at, int size)
{
	uint64_t value = 0;

	memcpy(&value, at, size);
	return value;
}

struct load *load_add(struct core *c, uint64_t vaddr, uint64_t paddr, uint64_t size)
{
	struct load *l;

	c->loads = grow(c->loads, c->n_loads, &c->max_loads, sizeof(*c->loads));
	l = &c->loads[c->n_loads++];
	*l = (struct load){
		.vaddr = vaddr, .paddr = paddr, .filesz = size, .memsz = size,
	};
	return l;
}

static const struct load *load_of(const struct core *c, uint64_t paddr, uint64_t len)
{
	for (size_t i = 0; i < c->n_loads; i++) {
		const struct load *l = &c->loads[i];

		if (!l->mirror && !l->unreadable && paddr >= page_down(c, l->paddr) &&
		    paddr + len <= page_up(c, l->paddr + l->filesz))
			return l;
	}
	return NULL;
}

bool mem_has(const struct core *c, uint64_t paddr, uint64_t len)
{
	return load_of(c, paddr, len) != NULL;
}

void *mem_at(struct core *c, uint64_t paddr, uint64_t len)
{
	const struct load *l = load_of(c, paddr, len);

	if (!l)
		die("paddr %#lx + %#lx is in no ram = line", paddr, len);
	return c->map + l->off + (paddr - l->paddr);
}

uint64_t arena_alloc(struct core *c, uint64_t size, uint64_t align)
{
	uint64_t at = (c->arena + align - 1) / align * align;

	if (!mem_has(c, at, size))
		die("arena %#lx + %#lx leaves ram; give ram = or arena =", at, size);
	c->arena = at + size;
	return at;
}

/* Symbols of the kernel image: page tables' root, utsname, log buffers. */
uint64_t image_alloc(struct core *c, const char *label, uint64_t size, uint64_t align)
{
	uint64_t at = (c->image_at + align - 1) / align * align;

	if (at + size > c->image_paddr + c->image_size)
		die("%s does not fit into the kernel image; raise image_size", label);
	c->image_at = at + size;
	label_add(c, label, at);
	return at;
}

uint64_t image_vaddr(const struct core *c, uint64_t paddr)
{
	return paddr - c->image_paddr + c->text_vaddr;
}

uint64_t direct_vaddr(const struct core *c, uint64_t paddr)
{
	return c->direct_base + paddr;
}

void label_add(struct core *c, const char *name, uint64_t paddr)
{
	c->labels = grow(c->labels, c->n_labels, &c->max_labels, sizeof(*c->labels));
	snprintf(c->labels[c->n_labels].name, sizeof(c->labels[0].name), "%s", name);
	c->labels[c->n_labels++].paddr = paddr;
}

bool label_find(const struct core *c, const char *name, uint64_t *paddr_ret)
{
	for (size_t i = 0; i < c->n_labels; i++)
		if (strcmp(c->labels[i].name, name) == 0) {
			*paddr_ret = c->labels[i].paddr;
			return true;
		}
	return false;
}

/* Lays out the file: header table, notes, then one stretch per PT_LOAD. */
void mem_create(struct core *c, const char *path)
{
	uint64_t n_phdr = c->n_loads + 1 + c->n_phdr_extra, off;
	int fd;

	c->note_off = page_up(c, sizeof(Elf64_Ehdr) + n_phdr * sizeof(Elf64_Phdr));
	c->note_size = NOTE_ROOM + c->cpus * 416UL;
	for (int i = 0; i < c->n_coredd; i++)
		c->note_size += c->coredd[i].size + PAGE;
	off = c->note_off + page_up(c, c->note_size);
	for (size_t i = 0; i < c->n_loads; i++) {
		struct load *l = &c->loads[i];

		if (l->unreadable)
			continue;
		if (l->again) {
			l->off = l[-1].off;
			continue;
		}
		/* So that huge pages of the file can be mapped as such. */
		if (c->n_pieces)
			off += page_down(c, l->paddr - off) % (2UL << 20);
		l->off = off + (l->paddr & (PAGE - 1));
		off += page_up(c, l->paddr + l->filesz) - page_down(c, l->paddr);
	}
	c->end = off;
	for (size_t i = 0; i < c->n_loads; i++)	/* past everything, page by page */
		if (c->loads[i].unreadable) {
			c->loads[i].off = off + (c->loads[i].paddr & (PAGE - 1));
			off += page_up(c, c->loads[i].filesz + PAGE);
		}
	c->map_size = c->end;

	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || ftruncate(fd, c->map_size) != 0)
		die("%s: cannot create a file of %#lx bytes", path, c->map_size);
	c->map = mmap(NULL, c->map_size, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_NORESERVE, fd, 0);
	if (c->map == MAP_FAILED)
		die("%s: cannot map %#lx bytes", path, c->map_size);
	close(fd);
}

static uint8_t *note(uint8_t *at, const char *name, uint32_t type, const void *desc,
		     uint32_t len)
{
	uint32_t namesz = strlen(name) + 1;

	put(at, namesz, 4);
	put(at + 4, len, 4);
	put(at + 8, type, 4);
	memcpy(at + 12, name, namesz);
	at += 12 + (namesz + 3) / 4 * 4;
	if (desc)
		memcpy(at, desc, len);
	return at + (len + 3) / 4 * 4;
}

/* Device dump: header, a driver name of 44 bytes, data; a multiple of the page. */
static uint8_t *note_coredd(struct core *c, uint8_t *at, int i)
{
	uint64_t total = page_up(c, c->coredd[i].size + 64);
	uint8_t *name = at + 20;

	label_add(c, c->coredd[i].name, 0);
	note(at, "LINUX", 0x700, NULL, total - 20);
	put(at, 8, 4);
	snprintf((char *)name, 44, "%s", c->coredd[i].name);
	memset(name + 44, 0x0d, c->coredd[i].size);
	return at + total;
}

static uint64_t notes_write(struct core *c)
{
	uint8_t *start = c->map + c->note_off, *at = start;
	/* aarch64 has x0 to x30, sp, pc where x86_64 has its 27 registers. */
	uint8_t prstatus[392];
	size_t prstatus_len = c->arm64 ? 392 : 336;
	int pc_at = c->arm64 ? 32 : 16;
	char text[8192];
	size_t len;

	for (int i = 0; i < c->n_coredd; i++)
		at = note_coredd(c, at, i);
	for (int i = 0; i < c->cpus; i++) {
		memset(prstatus, 0, sizeof(prstatus));
		put(prstatus + 32, 100 + i, 4);				/* pid */
		put(prstatus + 112 + pc_at * 8, image_vaddr(c, c->image_paddr) + 64 * i, 8);
		at = note(at, "CORE", NT_PRSTATUS, prstatus, prstatus_len);
	}
	label_add(c, "note_vmcoreinfo", at - c->map);
	if (c->raw_info)
		len = unquote(c->raw_info, text, sizeof(text), NULL);
	else
		len = info_text(c, text, sizeof(text));
	at = note(at, "VMCOREINFO", 0, text, len);
	return at - start;
}

/* Fills mirrors and writes the ELF header; nothing may be poked in memory after. */
void mem_finish(struct core *c, const char *path)
{
	Elf64_Ehdr *e = (Elf64_Ehdr *)c->map;
	Elf64_Phdr *p = (Elf64_Phdr *)(e + 1);

	for (size_t i = 0; i < c->n_loads; i++) {
		struct load *l = &c->loads[i];
		uint64_t first = page_down(c, l->paddr), end = page_up(c, l->paddr + l->filesz);
		uint8_t *to = c->map + l->off - (l->paddr & (PAGE - 1));

		for (uint64_t at = first; l->mirror && at < end; at += PAGE)
			if (mem_has(c, at, PAGE))
				memcpy(to + (at - first), mem_at(c, at, PAGE), PAGE);
	}
	*e = (Elf64_Ehdr){
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_CORE, .e_machine = c->arm64 ? EM_AARCH64 : EM_X86_64,
		.e_version = EV_CURRENT,
		.e_phoff = sizeof(*e), .e_ehsize = sizeof(*e),
		.e_phentsize = sizeof(*p),
		.e_phnum = c->n_loads + (c->no_notes ? 0 : 1),
	};
	if (!c->no_notes) {
		uint64_t size = notes_write(c);

		*p++ = (Elf64_Phdr){
			.p_type = PT_NOTE, .p_offset = c->note_off,
			.p_filesz = size, .p_memsz = size,
		};
	}
	for (size_t i = 0; i < c->n_loads; i++, p++) {
		const struct load *l = &c->loads[i];

		*p = (Elf64_Phdr){
			.p_type = PT_LOAD, .p_flags = PF_R | PF_W | PF_X,
			.p_offset = l->off, .p_vaddr = l->vaddr, .p_paddr = l->paddr,
			.p_filesz = l->filesz, .p_memsz = l->memsz,
		};
	}
	(void)path;
}
