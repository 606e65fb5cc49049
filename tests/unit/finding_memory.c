/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings about memory that was used up: by whom. */
#include "t.h"
#include "triage/finding.h"
#include "triage/report.h"
#include "vmcore/arch.h"

/* Of a machine of 100 MiB that died of having no more. */
static void begin(struct report *r)
{
	memset(r, 0, sizeof(*r));
	r->arch = &arch_x86_64;
	r->log.death.kind = KIND_OOM;
	r->has_memory = true;
	r->memory.counters[MEM_TOTAL] = 100 << 20;
}

/* Who has memory, of 100 pages of a MiB. */
static void out_of_memory(void)
{
	static const struct {
		const char *row;
		unsigned huge, shmem, process, many, vmalloc, zsmalloc;
		const char *says;
	} uses[] = {
		{ "huge pages", 40, 0, 0, 0, 0, 0, "Memory is kept for huge pages (hugetlb): "
		  "40 of 100 MiB, which nothing else may use." },
		{ "tmpfs", 10, 40, 0, 0, 0, 0, "Memory is used up by shared memory and tmpfs: "
		  "40 of 100 MiB." },
		{ "a process", 10, 10, 40, 0, 0, 0, "Memory is used up by a process: eater "
		  "(pid 5) has 40 of 100 MiB." },
		{ "a process beside huge pages", 30, 0, 50, 0, 0, 0, "Memory is used up by a "
		  "process: eater (pid 5) has 50 of 100 MiB." },
		{ "many", 10, 10, 6, 60, 0, 0, "Memory is used up by many processes: 10 of the "
		  "name eater have 60 of 100 MiB." },
		{ "one of them has most of it", 10, 10, 40, 60, 0, 0, "Memory is used up by a "
		  "process: eater (pid 5) has 40 of 100 MiB." },
		{ "vmalloc", 10, 10, 10, 0, 50, 0, "Memory is used up by the kernel itself: 50 "
		  "of 100 MiB are mapped by vmalloc." },
		{ "zram", 10, 10, 10, 0, 10, 50, "Memory is used up by what zram and zswap "
		  "keep packed in it: 50 of 100 MiB." },
		{ "more than there is", 200, 10, 10, 0, 0, 0,
		  "Memory was used up, and no single user of it stands out." },
	};
	static struct report r;

	for (size_t i = 0; i < T_SIZE(uses); i++) {
		begin(&r);
		r.memory.counters[MEM_HUGETLB] = (uint64_t)uses[i].huge << 20;
		r.memory.counters[MEM_SHMEM] = (uint64_t)uses[i].shmem << 20;
		r.memory.procs[0] = (struct proc_use){
			.pid = 5, .comm = "eater", .bytes = (uint64_t)uses[i].process << 20 };
		r.memory.n_procs = 1;
		r.memory.names[0] = (struct name_use){
			.comm = "eater", .n = 10, .bytes = (uint64_t)uses[i].many << 20,
			.largest = (uint64_t)uses[i].process << 20 };
		r.memory.n_names = 1;
		r.memory.counters[MEM_ANON] = 80 << 20;
		r.memory.counters[MEM_VMALLOC] = (uint64_t)uses[i].vmalloc << 20;
		r.memory.counters[MEM_ZSMALLOC] = (uint64_t)uses[i].zsmalloc << 20;
		finding_make(&r);
		T_TEXT(uses[i].row, uses[i].says, r.finding.text);
	}
}

/* What only the kernel's counters have, of 100 MiB. */
static void out_of_memory_by_counter(void)
{
	static const struct {
		const char *row;
		unsigned tables, stacks, vmalloc, file, shmem;
		const char *panic, *says;
	} uses[] = {
		{ "page tables", 30, 1, 1, 9, 9, "system-wide", "Memory is used up by page "
		  "tables: 30 of 100 MiB." },
		{ "stacks, which vmalloc maps", 1, 60, 60, 9, 9, "system-wide", "Memory is "
		  "used up by the kernel's stacks of 0 tasks: 60 of 100 MiB." },
		{ "vmalloc beside stacks", 1, 20, 80, 9, 9, "system-wide", "Memory is used up "
		  "by the kernel itself: 60 of 100 MiB are mapped by vmalloc." },
		{ "files", 1, 1, 1, 60, 9, "system-wide", "Memory is used up by pages of files "
		  "that could not be given back: 51 of 100 MiB." },
		{ "files of all, where a group is full", 1, 1, 1, 60, 9, "compulsory", "Memory "
		  "was used up, and no single user of it stands out." },
	};
	static struct report r;

	for (size_t i = 0; i < T_SIZE(uses); i++) {
		begin(&r);
		snprintf(r.log.panic, sizeof(r.log.panic), "Out of memory: %s panic_on_oom is "
			 "enabled", uses[i].panic);
		r.memory.counters[MEM_PAGE_TABLES] = (uint64_t)uses[i].tables << 20;
		r.memory.counters[MEM_KERNEL_STACKS] = (uint64_t)uses[i].stacks << 20;
		r.memory.counters[MEM_VMALLOC] = (uint64_t)uses[i].vmalloc << 20;
		r.memory.counters[MEM_FILE] = (uint64_t)uses[i].file << 20;
		r.memory.counters[MEM_SHMEM] = (uint64_t)uses[i].shmem << 20;
		finding_make(&r);
		T_TEXT(uses[i].row, uses[i].says, r.finding.text);
	}
}

/* Two of memory's users, of 100 MiB: eater (pid 5) beside other (pid 6) or a cache. */
static void out_of_memory_by_two(void)
{
	static const struct {
		const char *row;
		unsigned eater, other, cache, asks;	/* whose process it is that asks */
		const char *says;
	} uses[] = {
		{ "the largest of two", 40, 30, 0, 1, "Memory is used up by a process: eater "
		  "(pid 5) has 40 of 100 MiB." },
		{ "it asks itself", 40, 30, 0, 5, "Memory is used up by a process: eater "
		  "(pid 5) has 40 of 100 MiB, and asked for more." },
		{ "the other, which asks", 40, 35, 0, 6, "Memory is used up by a process: "
		  "other (pid 6) has 35 of 100 MiB, and asked for more." },
		{ "one that asks and has little", 40, 10, 0, 6, "Memory is used up by a "
		  "process: eater (pid 5) has 40 of 100 MiB." },
		{ "a cache beside it", 40, 10, 20, 6, "Memory is used up by the kernel itself: "
		  "slab cache lab has 20 of 100 MiB, 10 objects." },
		{ "a small cache", 40, 10, 12, 6, "Memory is used up by a process: eater "
		  "(pid 5) has 40 of 100 MiB." },
		{ "a cache beside who asks", 40, 10, 20, 5, "Memory is used up by a process: "
		  "eater (pid 5) has 40 of 100 MiB, and asked for more." },
		{ "a cache beside who has most", 60, 10, 20, 6, "Memory is used up by a "
		  "process: eater (pid 5) has 60 of 100 MiB." },
	};
	static struct report r;

	for (size_t i = 0; i < T_SIZE(uses); i++) {
		begin(&r);
		r.subject.at = 4096;
		r.subject.tgid = uses[i].asks;
		r.memory.counters[MEM_SLAB_UNRECLAIMABLE] = (uint64_t)uses[i].cache << 20;
		r.memory.caches[0] = (struct cache_use){
			.name = "lab", .objects = 10, .bytes = (uint64_t)uses[i].cache << 20 };
		r.memory.n_caches = 1;
		r.memory.procs[0] = (struct proc_use){
			.pid = 5, .comm = "eater", .bytes = (uint64_t)uses[i].eater << 20 };
		r.memory.procs[1] = (struct proc_use){
			.pid = 6, .comm = "other", .bytes = (uint64_t)uses[i].other << 20 };
		r.memory.n_procs = 2;
		finding_make(&r);
		T_TEXT(uses[i].row, uses[i].says, r.finding.text);
	}
}

int main(void)
{
	out_of_memory();
	out_of_memory_by_two();
	out_of_memory_by_counter();
	return t_done();
}
