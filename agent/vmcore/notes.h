/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF notes lying in memory, from a core's PT_NOTE or from a dump's header, where
 * there is no ELF file around them that libelf could open.
 */
#ifndef VMCORE_NOTES_H
#define VMCORE_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NOTE_HEADER_LEN 12
#define NOTE_VMCOREDD 0x700	/* a driver's device dump, name "LINUX" */

/* Where things are in what NT_PRSTATUS describes: struct elf_prstatus, of 64 bits. */
#define NOTE_PID_OFF 32
#define NOTE_REGS_OFF 112

struct note {
	const char *name;	/* name_len bytes, counting its NUL */
	size_t name_len;
	uint32_t type;
	const uint8_t *desc;
	size_t desc_len;
	size_t len;		/* of the whole note with its padding */
};

/* The note that starts at `at`; false at the end and where the rest makes no sense. */
bool note_parse(const uint8_t *at, size_t left, struct note *out);

bool note_is(const struct note *n, const char *name, uint32_t type);

/* Descriptor of the VMCOREINFO note, or NULL. */
const char *notes_vmcoreinfo(const uint8_t *notes, size_t len, size_t *len_ret);

/* CPUs that saved their registers: the NT_PRSTATUS notes. */
unsigned notes_n_cpus(const uint8_t *notes, size_t len);

#endif
