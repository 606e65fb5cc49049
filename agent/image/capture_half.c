/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Leaves out of a program what only an ordinary host needs: a quarter of it. */
#include "capture_half.h"

#include <errno.h>
#include <gelf.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"

#define MAX_SECTIONS 256

struct stretch {
	uint64_t from, end;	/* bytes of the file */
};

static bool is_of_host(Elf *elf, Elf_Scn *at, GElf_Shdr *section)
{
	size_t names;
	const char *name = NULL;

	if (gelf_getshdr(at, section) && !elf_getshdrstrndx(elf, &names))
		name = elf_strptr(elf, names, section->sh_name);
	return name && !strncmp(name, HOST_HALF_SECTIONS, strlen(HOST_HALF_SECTIONS));
}

/* Where the host's sections lie; none is a stretch without bytes. */
static struct stretch host_sections(Elf *elf)
{
	struct stretch host = { UINT64_MAX, 0 };
	Elf_Scn *at = NULL;
	GElf_Shdr section;

	for (unsigned n = 0; n < MAX_SECTIONS && (at = elf_nextscn(elf, at)); n++) {
		uint64_t end;

		if (!is_of_host(elf, at, &section))
			continue;
		end = section.sh_offset + section.sh_size;
		host.from = min_u64(host.from, section.sh_offset);
		host.end = end > host.end ? end : host.end;
	}
	return host;
}

/* The half's segments are to go, and of all others no byte: false if one has both. */
static bool unload_segments(struct blob *program, struct stretch host)
{
	const Elf64_Ehdr *head = (const Elf64_Ehdr *)program->at;
	Elf64_Phdr *segment = (Elf64_Phdr *)(program->at + head->e_phoff);

	for (unsigned i = 0; i < head->e_phnum; i++) {
		uint64_t from = segment[i].p_offset, len = segment[i].p_filesz;

		if (!len || (from < host.from && len <= host.from - from))
			continue;
		if (from < host.from || from > host.end || len > host.end - from)
			return false;
		segment[i] = (Elf64_Phdr){ .p_type = PT_NULL };
	}
	return true;
}

bool capture_half(struct blob *program, const char *name, struct err *e)
{
	Elf64_Ehdr *head = (Elf64_Ehdr *)program->at;
	struct stretch host = { UINT64_MAX, 0 };
	size_t n_segments = 0;
	GElf_Ehdr checked;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_memory((char *)program->at, program->len);
	if (elf && gelf_getehdr(elf, &checked) && gelf_getclass(elf) == ELFCLASS64 &&
	    !elf_getphdrnum(elf, &n_segments))
		host = host_sections(elf);
	elf_end(elf);
	if (host.from >= host.end)
		return true;
	if (host.end > program->len || n_segments != head->e_phnum ||
	    head->e_phoff > host.from ||
	    n_segments > (host.from - head->e_phoff) / sizeof(Elf64_Phdr) ||
	    !unload_segments(program, host))
		return fail(e, EINVAL, "%s: what a capture does not need is not apart in it",
			    name);
	head->e_shoff = head->e_shnum = head->e_shstrndx = 0;
	program->len = host.from;
	return true;
}
