/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel/cpus and kernel/cpunotes: which CPUs there can be, what each was running and left
 * of itself, of kernels that tell it in different ways, or not.
 */
#include "kernel/cpus.h"

#include <elf.h>
#include <errno.h>

#include "base/bytes.h"
#include "base/err.h"
#include "flat.h"
#include "kernel/cpunotes.h"
#include "t.h"

/* CPUs 0 and 2 of three that there can be numbers of; CPU 1 has no data of its own. */
enum { NR_CPUS = 0, POSSIBLE = 8, PANIC_CPU = 16, OFFSETS = 64, NOTES = 96, AREA = 512,
       AREA_LEN = 1024, END = AREA + 3 * AREA_LEN };

#define PER_CPU 0x21000ULL	/* what a per-CPU symbol may be */
enum { CURRENT = 8, HOT = 64, HOT_CURRENT = 16, RQ = 128, RQ_CURR = 24, NOTE = 256 };

struct machine {
	struct flat flat;
	struct cpu_facts facts;
	uint8_t bytes[END];
};

static uint8_t *area(struct machine *m, unsigned cpu)
{
	return m->bytes + AREA + cpu * AREA_LEN;
}

static void make_note(uint8_t *at, const struct arch *arch, uint32_t pid)
{
	memset(at, 0, AREA_LEN - NOTE);
	put_u32(at, 5);
	put_u32(at + 4, 112 + arch->n_regs * 8 + 8);
	put_u32(at + 8, NT_PRSTATUS);
	memcpy(at + 12, "CORE", 5);
	put_u32(at + 20 + 32, pid);
	for (unsigned i = 0; i < arch->n_regs; i++)
		put_u64(at + 20 + 112 + 8 * i, 1000 * pid + i);
}

static void make_machine(struct machine *m, unsigned e_machine)
{
	memset(m, 0, sizeof(*m));
	flat_open(&m->flat, m->bytes, sizeof(m->bytes));
	m->flat.space.arch = arch_of(e_machine);
	flat_absent(&m->facts, sizeof(m->facts));
	m->facts.nr_cpu_ids = FLAT_BASE + NR_CPUS;
	m->facts.possible = FLAT_BASE + POSSIBLE;
	m->facts.panic_cpu = FLAT_BASE + PANIC_CPU;
	m->facts.per_cpu_offset = FLAT_BASE + OFFSETS;
	m->facts.crash_notes = FLAT_BASE + NOTES;
	put_u32(m->bytes + NR_CPUS, 3);
	m->bytes[POSSIBLE] = 1 | 1 << 2;
	put_u32(m->bytes + PANIC_CPU, 2);
	put_u64(m->bytes + NOTES, PER_CPU + NOTE);
	for (unsigned cpu = 0; cpu < 3; cpu++) {
		put_u64(m->bytes + OFFSETS + 8 * cpu,
			cpu == 1 ? 0 : FLAT_BASE + AREA + cpu * AREA_LEN - PER_CPU);
		put_u64(area(m, cpu) + CURRENT, 100 + cpu);
		put_u64(area(m, cpu) + HOT + HOT_CURRENT, 200 + cpu);
		put_u64(area(m, cpu) + RQ + RQ_CURR, 300 + cpu);
		make_note(area(m, cpu) + NOTE, m->flat.space.arch, 7 + cpu);
	}
}

static void test_numbers(void)
{
	static const struct { const char *row; uint32_t n; int code; } rows[] = {
		{ "none", 0, EINVAL }, { "one", 1, 0 }, { "as many as there can be", 8192, 0 },
		{ "more", 8193, EINVAL }, { "less than none", -1, EINVAL },
	};
	struct machine m;
	struct cpus cpus;
	struct err e;

	make_machine(&m, EM_X86_64);
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		put_u32(m.bytes + NR_CPUS, rows[i].n);
		e.code = 0;
		cpus_open(&cpus, &m.flat.space, &m.facts, &e);
		T_EQUAL(rows[i].row, rows[i].code, e.code);
	}
	m.facts.per_cpu_offset = ABSENT;
	T_CHECK("absent", !cpus_open(&cpus, &m.flat.space, &m.facts, &e));
	T_EQUAL("absent", ENOENT, e.code);
}

static void test_possible(void)
{
	struct machine m;
	struct cpus cpus;
	struct err e;
	unsigned cpu;

	make_machine(&m, EM_X86_64);
	if (!T_CHECK("CPUs", cpus_open(&cpus, &m.flat.space, &m.facts, &e)))
		return;
	T_CHECK("the first", cpus_has(&cpus, 0));
	T_CHECK("a gap", !cpus_has(&cpus, 1));
	T_CHECK("the last", cpus_has(&cpus, 2));
	T_CHECK("behind the last", !cpus_has(&cpus, 3));
	T_CHECK("who paniced", cpus_panic(&cpus, &cpu, &e) && cpu == 2);
	put_u32(m.bytes + PANIC_CPU, -1);
	T_CHECK("nobody paniced", !cpus_panic(&cpus, &cpu, &e) && e.code == ENOENT);
	put_u32(m.bytes + PANIC_CPU, 1);
	T_CHECK("one that there is not", !cpus_panic(&cpus, &cpu, &e) && e.code == ENOENT);
	m.facts.panic_cpu = ABSENT;
	T_CHECK("it does not tell", !cpus_panic(&cpus, &cpu, &e) && e.code == ENOENT);
	m.facts.possible = ABSENT;
	T_CHECK("without a mask any", cpus_has(&cpus, 1) && !cpus_has(&cpus, 3));
}

/* Each kernel has one of these; what comes first is believed. */
static void test_current(void)
{
	struct machine m;
	struct cpus cpus;
	vaddr_t task;
	struct err e;

	make_machine(&m, EM_X86_64);
	if (!T_CHECK("CPUs", cpus_open(&cpus, &m.flat.space, &m.facts, &e)))
		return;
	T_CHECK("it does not tell", !cpus_current(&cpus, 0, &task, &e) && e.code == ENOENT);
	m.facts.runqueues = PER_CPU + RQ;
	T_CHECK("only where", !cpus_current(&cpus, 0, &task, &e) && e.code == ENOENT);
	m.facts.rq_curr = RQ_CURR;
	T_CHECK("the scheduler", cpus_current(&cpus, 2, &task, &e) && task == 302);
	m.facts.pcpu_hot = PER_CPU + HOT;
	m.facts.pcpu_hot_current = HOT_CURRENT;
	T_CHECK("pcpu_hot", cpus_current(&cpus, 2, &task, &e) && task == 202);
	m.facts.current_task = PER_CPU + CURRENT;
	T_CHECK("a variable", cpus_current(&cpus, 2, &task, &e) && task == 102);
	put_u64(area(&m, 2) + CURRENT, 0);
	T_CHECK("one that never ran", !cpus_current(&cpus, 2, &task, &e) && e.code == ENOENT);
	put_u64(m.bytes + OFFSETS, 0x1234);
	T_CHECK("data that are nowhere",
		!cpus_current(&cpus, 0, &task, &e) && e.code == EFAULT);
}

static void test_notes(unsigned e_machine, unsigned sp, unsigned pc)
{
	struct cpu_note note;
	struct machine m;
	struct cpus cpus;
	struct err e;
	uint8_t *at;

	make_machine(&m, e_machine);
	at = area(&m, 2) + NOTE;
	if (!T_CHECK("CPUs", cpus_open(&cpus, &m.flat.space, &m.facts, &e)) ||
	    !T_CHECK("a note", cpu_note_read(&cpus, 2, &note, &e)))
		return;
	T_EQUAL("pid", 9, note.pid);
	T_EQUAL("stack pointer", 9000 + sp, cpu_note_sp(&note));
	T_EQUAL("instruction", 9000 + pc, cpu_note_pc(&note));
	T_TEXT("the names are in the same order", e_machine == EM_X86_64 ? "rip" : "pc",
	       note.arch->regs[pc]);
	T_TEXT("the names are in the same order", e_machine == EM_X86_64 ? "rsp" : "sp",
	       note.arch->regs[sp]);
	T_EQUAL("the last register", 9000 + note.arch->n_regs - 1,
		note.regs[note.arch->n_regs - 1]);
	T_CHECK("the last has a name", note.arch->regs[note.arch->n_regs - 1][0]);
	T_CHECK("no note of a CPU without data",
		!cpu_note_read(&cpus, 1, &note, &e) && e.code == EFAULT);
	put_u32(at + 4, 112);
	T_CHECK("a note without registers",
		!cpu_note_read(&cpus, 2, &note, &e) && e.code == ENOENT);
	put_u32(at + 4, UINT32_MAX);
	T_CHECK("a note without end", !cpu_note_read(&cpus, 2, &note, &e) && e.code == ENOENT);
	make_note(at, m.flat.space.arch, 9);
	put_u32(at + 8, NT_PRPSINFO);
	T_CHECK("another kind of note", !cpu_note_read(&cpus, 2, &note, &e));
	memset(at, 0, AREA_LEN - NOTE);
	T_CHECK("one that was not reached", !cpu_note_read(&cpus, 2, &note, &e));
	T_TEXT("one that was not reached", "CPU 2 left no note", e.text);
	m.facts.crash_notes = ABSENT;
	T_CHECK("absent", !cpu_note_read(&cpus, 0, &note, &e) && e.code == ENOENT);
}

static void test_file_notes(void)
{
	const struct arch *arch = arch_of(EM_X86_64);
	size_t len = 20 + 112 + 27 * 8 + 8;
	uint8_t notes[2 * AREA_LEN];
	struct file_notes file = { notes, 2 * len, 2 };
	struct cpu_note note;
	struct err e;

	make_note(notes, arch, 4);
	make_note(notes + len, arch, 5);
	T_CHECK("the first", cpu_note_of_file(arch, &file, 0, &note, &e) && note.pid == 4);
	T_CHECK("the second", cpu_note_of_file(arch, &file, 1, &note, &e) && note.pid == 5);
	T_CHECK("the third", !cpu_note_of_file(arch, &file, 2, &note, &e) && e.code == ENOENT);
	file.n_cpus = 3;
	T_CHECK("one is missing", !cpu_note_of_file(arch, &file, 0, &note, &e) &&
				  e.code == ENOENT);
	put_u32(notes + 8, NT_PRPSINFO);
	file.n_cpus = 1;
	T_CHECK("behind another kind", cpu_note_of_file(arch, &file, 0, &note, &e) &&
				       note.pid == 5);
	T_CHECK("of another CPU's size",
		!cpu_note_of_file(arch_of(EM_AARCH64), &file, 0, &note, &e));
	file.len -= 40;
	T_CHECK("half of one", !cpu_note_of_file(arch, &file, 0, &note, &e));
	file = (struct file_notes){ .n_cpus = 0 };
	T_CHECK("none", !cpu_note_of_file(arch, &file, 0, &note, &e) && e.code == ENOENT);
}

int main(void)
{
	test_numbers();
	test_possible();
	test_current();
	test_notes(EM_X86_64, 19, 16);
	test_notes(EM_AARCH64, 31, 32);
	test_file_notes();
	return t_done();
}
