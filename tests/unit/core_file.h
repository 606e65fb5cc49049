/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For unit programs that capture: a core of so many bytes of memory, in their own folder. */
#ifndef UNIT_CORE_FILE_H
#define UNIT_CORE_FILE_H

#include <elf.h>

#include "folder.h"

#define MOST_RAM_LEN (100u << 20)

/* A core without a word of what crashed: its pages are all kept. */
static inline void make_core(const char *name, size_t ram_len)
{
	const Elf64_Ehdr h = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_CORE, .e_machine = EM_X86_64, .e_version = EV_CURRENT,
		.e_phoff = sizeof(h), .e_ehsize = sizeof(h),
		.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1,
	};
	const Elf64_Phdr load = {
		.p_type = PT_LOAD, .p_offset = 4096, .p_vaddr = 0xffff888000100000,
		.p_paddr = 0x100000, .p_filesz = ram_len, .p_memsz = ram_len,
	};
	static uint8_t core[4096 + MOST_RAM_LEN];
	FILE *f = fopen(at(name), "w");

	if (ram_len > MOST_RAM_LEN)
		abort();
	for (size_t i = 4096; i < 4096 + ram_len; i++)
		core[i] = i * 2654435761u >> 13;
	memcpy(core, &h, sizeof(h));
	memcpy(core + sizeof(h), &load, sizeof(load));
	if (!f || fwrite(core, 4096 + ram_len, 1, f) != 1 || fclose(f))
		abort();
}

#endif
