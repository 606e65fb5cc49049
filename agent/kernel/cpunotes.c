/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each CPU has a buffer for its note, which it fills in crash_save_cpu(). A stopped CPU
 * that could not be reached has left it empty.
 */
#include "cpunotes.h"

#include <elf.h>
#include <errno.h>

#include "base/bytes.h"
#include "base/err.h"
#include "cpus.h"
#include "vmcore/notes.h"
#include "vmcore/space.h"

#define NAME_LEN 8		/* "CORE", padded */
#define DESC_LEN(arch) (NOTE_REGS_OFF + (arch)->n_regs * 8 + 8)

static bool parse(const struct arch *arch, const uint8_t *at, size_t len,
		  struct cpu_note *note)
{
	struct note n;

	if (!note_parse(at, len, &n) || !note_is(&n, "CORE", NT_PRSTATUS) ||
	    n.desc_len < NOTE_REGS_OFF + arch->n_regs * 8 || arch->n_regs > CPU_REGS_MAX)
		return false;
	*note = (struct cpu_note){ .arch = arch, .pid = get_u32(n.desc + NOTE_PID_OFF) };
	for (unsigned i = 0; i < arch->n_regs; i++)
		note->regs[i] = get_u64(n.desc + NOTE_REGS_OFF + i * 8);
	return true;
}

bool cpu_note_read(const struct cpus *cpus, unsigned cpu, struct cpu_note *note,
		   struct err *e)
{
	const struct arch *arch = cpus->space->arch;
	uint8_t raw[NOTE_HEADER_LEN + NAME_LEN + NOTE_REGS_OFF + CPU_REGS_MAX * 8 + 8];
	uint64_t percpu;
	vaddr_t at;

	if (!has(cpus->facts->crash_notes))
		return fail(e, ENOENT, "this kernel does not tell where its CPUs' notes are");
	if (!space_read_u64(cpus->space, cpus->facts->crash_notes, &percpu, e) ||
	    !cpus_vaddr(cpus, cpu, percpu, &at, e) ||
	    !space_read(cpus->space, at, raw, NOTE_HEADER_LEN + NAME_LEN + DESC_LEN(arch), e))
		return within(e, "note of CPU %u", cpu);
	return parse(arch, raw, NOTE_HEADER_LEN + NAME_LEN + DESC_LEN(arch), note) ||
	       fail(e, ENOENT, "CPU %u left no note", cpu);
}

bool cpu_note_of_file(const struct arch *arch, const struct file_notes *file, unsigned nth,
		      struct cpu_note *note, struct err *e)
{
	unsigned n_notes = file->notes ? notes_n_cpus(file->notes, file->len) : 0;
	const uint8_t *at = file->notes;
	size_t len = file->len;
	struct note n;

	if (n_notes != file->n_cpus)
		return fail(e, ENOENT, "%u notes of %u CPUs do not tell whose they are",
			    n_notes, file->n_cpus);
	for (; n_notes && note_parse(at, len, &n); at += n.len, len -= n.len)
		if (note_is(&n, "CORE", NT_PRSTATUS) && !nth--)
			return parse(arch, at, n.len, note) ||
			       fail(e, ENOENT, "half of a note");
	return fail(e, ENOENT, "no such CPU");
}
