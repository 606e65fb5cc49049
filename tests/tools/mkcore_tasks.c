/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * With types = N: the CPUs' lists of free pages, and tasks with their page tables.
 *
 *   list CPU NODE ZONE INDEX = PFN...   blocks on a list, first to last; they are counted
 *   task PID COMM [tgid=PID] [mm=none]  a process, or a thread of an earlier one
 *   runs CPU PID                        what a CPU ran (not 5.10, nor 7.x)
 *   map PID VADDR = PFN [COUNT|2m]      pages of a process
 *   map PID VADDR raw = ENTRY           an entry of its last table as it is
 * Labels: pcp:CPU:NODE:ZONE (count and lists are where mkcore_types.h says), task:PID,
 * mm:PID, pgd:PID. What is to be wrong is made so with poke.
 */
#include "mkcore.h"
#include "mkcore_types.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LRU 8UL		/* of struct page */
#define REFCOUNT 52UL

static uint64_t vaddr_of(const struct core *c, uint64_t paddr)
{
	bool image = paddr >= c->image_paddr && paddr < c->image_paddr + c->image_size;

	return image ? image_vaddr(c, paddr) : direct_vaddr(c, paddr);
}

static uint64_t paddr_of(const struct core *c, uint64_t vaddr)
{
	return vaddr >= c->text_vaddr ? vaddr - c->text_vaddr + c->image_paddr
				      : vaddr - c->direct_base;
}

static uint64_t label(const struct core *c, const char *what, const char *which)
{
	char name[64];
	uint64_t paddr;

	snprintf(name, sizeof(name), "%s:%s", what, which);
	if (!label_find(c, name, &paddr))
		die("there is no %s", name);
	return paddr;
}

static uint64_t alloc(struct core *c, const char *what, const char *which, uint64_t size)
{
	uint64_t at = arena_alloc(c, size, size >= PAGE ? PAGE : 64);
	char name[64];

	snprintf(name, sizeof(name), "%s:%s", what, which);
	label_add(c, name, at);
	memset(mem_at(c, at, size), 0, size);
	return at;
}

static void list_init(struct core *c, uint64_t head)
{
	put(mem_at(c, head, 8), vaddr_of(c, head), 8);
	put(mem_at(c, head + 8, 8), vaddr_of(c, head), 8);
}

static void list_add_tail(struct core *c, uint64_t head, uint64_t node)
{
	uint64_t last = paddr_of(c, get(mem_at(c, head + 8, 8), 8));

	put(mem_at(c, node, 8), vaddr_of(c, head), 8);
	put(mem_at(c, node + 8, 8), vaddr_of(c, last), 8);
	put(mem_at(c, last, 8), vaddr_of(c, node), 8);
	put(mem_at(c, head + 8, 8), vaddr_of(c, node), 8);
}

/* ---- free pages of a CPU ------------------------------------------------------ */

void lists_create(struct core *c)
{
	for (int cpu = 0; cpu < c->cpus; cpu++)
		for (int i = 0; i < c->types * N_ZONES; i++) {
			char name[32];
			uint64_t pcp;

			snprintf(name, sizeof(name), "%d", cpu);
			pcp = label(c, "percpu", name) + PCP_SLOT(i / N_ZONES, i % N_ZONES);
			snprintf(name, sizeof(name), "pcp:%d:%d:%d", cpu, i / N_ZONES,
				 i % N_ZONES);
			label_add(c, name, pcp);
			for (int list = 0; list < c->k->n_pcp_lists; list++)
				list_init(c, pcp + PCP_LISTS + 16 * list);
		}
}

static unsigned order_of(const struct core *c, int list)
{
	if (c->k->n_pcp_lists == N_PCP_TYPES)
		return 0;
	return list < 4 * N_PCP_TYPES ? list / N_PCP_TYPES : c->page_shift - 3;
}

static void list_line(struct core *c, const char *where, char *value)
{
	int cpu, node, zone, list;
	uint64_t pcp, head, last_vaddr, last;
	char name[40], *end;

	if (sscanf(where, "%d %d %d %d", &cpu, &node, &zone, &list) != 4 || list < 0 ||
	    list >= c->k->n_pcp_lists)
		die("list CPU NODE ZONE INDEX = PFN...");
	snprintf(name, sizeof(name), "%d:%d:%d", cpu, node, zone);
	pcp = label(c, "pcp", name);
	last = head = pcp + PCP_LISTS + 16 * list;
	last_vaddr = vaddr_of(c, head);
	for (char *s = value; ; s = end) {
		uint64_t pfn = strtoull(s, &end, 0), at, n = 1UL << order_of(c, list);
		uint8_t *count = mem_at(c, pcp + PCP_COUNT, 4);

		if (end == s)
			break;
		at = page_paddr(c, pfn) + LRU;
		put(mem_at(c, last, 8), page_vaddr(c, pfn) + LRU, 8);
		put(mem_at(c, at, 8), vaddr_of(c, head), 8);
		put(mem_at(c, at + 8, 8), last_vaddr, 8);
		last_vaddr = page_vaddr(c, pfn) + LRU;
		last = at;
		for (uint64_t i = 0; i < n; i++)
			put(mem_at(c, page_paddr(c, pfn + i) + REFCOUNT, 4), 0, 4);
		put(count, get(count, 4) + n, 4);
	}
	put(mem_at(c, head + 8, 8), last_vaddr, 8);
}

/* ---- tasks ------------------------------------------------------------------- */

static void task_put(struct core *c, uint64_t task, unsigned pid, unsigned tgid,
		     const char *comm, uint64_t mm, uint64_t signal)
{
	put(mem_at(c, task + TASK_PID, 4), pid, 4);
	put(mem_at(c, task + TASK_TGID, 4), tgid, 4);
	snprintf(mem_at(c, task + TASK_COMM, COMM_SIZE), COMM_SIZE, "%s", comm);
	put(mem_at(c, task + TASK_MM, 8), mm ? vaddr_of(c, mm) : 0, 8);
	put(mem_at(c, task + TASK_SIGNAL, 8), vaddr_of(c, signal), 8);
	list_add_tail(c, signal + SIGNAL_THREADS, task + TASK_NODE);
}

static uint64_t signal_create(struct core *c, const char *pid)
{
	uint64_t signal = alloc(c, "signal", pid, 64);

	list_init(c, signal + SIGNAL_THREADS);
	return signal;
}

void tasks_create(struct core *c)
{
	uint64_t task = image_alloc(c, "init_task", TASK_SIZE, 64);

	label_add(c, "task:0", task);
	task_put(c, task, 0, 0, "swapper/0", 0, signal_create(c, "0"));
	list_init(c, task + TASK_TASKS);
}

static void task_line(struct core *c, const char *line)
{
	char pid[16], comm[32], word[2][32] = { "", "" }, *tgid = NULL;
	bool kernel = false;
	uint64_t task, mm = 0;
	int n = sscanf(line, "%15s %31s %31s %31s", pid, comm, word[0], word[1]);

	if (n < 2)
		die("task PID COMM [tgid=PID] [mm=none]");
	for (int i = 0; i < 2; i++) {
		if (strncmp(word[i], "tgid=", 5) == 0)
			tgid = word[i] + 5;
		else if (strcmp(word[i], "mm=none") == 0)
			kernel = true;
	}
	if (!kernel && tgid) {
		mm = label(c, "mm", tgid);
	} else if (!kernel) {
		uint64_t pgd = alloc(c, "pgd", pid, PAGE);

		mm = alloc(c, "mm", pid, 72);
		put(mem_at(c, mm + MM_PGD, 8), vaddr_of(c, pgd), 8);
	}
	task = alloc(c, "task", pid, TASK_SIZE);
	task_put(c, task, atoi(pid), atoi(tgid ? tgid : pid), comm, mm,
		 tgid ? label(c, "signal", tgid) : signal_create(c, pid));
	if (!tgid)
		list_add_tail(c, label(c, "task", "0") + TASK_TASKS, task + TASK_TASKS);
}

static void runs_line(struct core *c, const char *line)
{
	char cpu[16], pid[16];

	if (sscanf(line, "%15s %15s", cpu, pid) != 2)
		die("runs CPU PID");
	put(mem_at(c, label(c, "percpu", cpu) + RQ + RQ_CURR, 8),
	    vaddr_of(c, label(c, "task", pid)), 8);
}

static void map_line(struct core *c, const char *where, const char *value)
{
	char pid[16], raw[8] = "", *end;
	uint64_t kernel_pgt = c->pgt, pfn, n = 1;
	unsigned long vaddr;

	if (sscanf(where, "%15s %li %7s", pid, (long *)&vaddr, raw) < 2)
		die("map PID VADDR = PFN [COUNT|2m]");
	pfn = strtoull(value, &end, 0);
	end += strspn(end, " \t");
	c->pgt = label(c, "pgd", pid);
	if (*raw) {
		put(mem_at(c, pgt_entry(c, vaddr, 1, true), 8), pfn, 8);
	} else if (strcmp(end, "2m") == 0) {
		pgt_map(c, vaddr, pfn * PAGE, 1UL << 21);
	} else {
		if (*end)
			n = strtoull(end, NULL, 0);
		for (uint64_t i = 0; i < n; i++)
			pgt_map(c, vaddr + i * PAGE, (pfn + i) * PAGE, PAGE);
	}
	c->pgt = kernel_pgt;
}

bool types_line(struct core *c, char *line)
{
	bool list = strncmp(line, "list ", 5) == 0, map = strncmp(line, "map ", 4) == 0;
	bool task = strncmp(line, "task ", 5) == 0, runs = strncmp(line, "runs ", 5) == 0;
	char *value = strchr(line, '=');

	if (!c->types || !(list || map || task || runs))
		return false;
	if (task || runs) {
		(task ? task_line : runs_line)(c, line + 5);
		return true;
	}
	if (!value)
		die("= was expected in: %s", line);
	*value++ = 0;
	value += strspn(value, " \t");
	if (list)
		list_line(c, line + 5, value);
	else
		map_line(c, line + 4, value);
	return true;
}
