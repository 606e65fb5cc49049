/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that triage knows of a kernel's variables and structures, found by name. */
#ifndef TRIAGE_FACTS_H
#define TRIAGE_FACTS_H

#include "audit.h"
#include "details.h"
#include "disk_layers.h"
#include "disks.h"
#include "frozen.h"
#include "hwerr.h"
#include "journal.h"
#include "kernel/cpus.h"
#include "kernel/tasklist.h"
#include "livepatches.h"
#include "memgroups.h"
#include "memuse.h"
#include "module_types.h"
#include "netdevs.h"
#include "objects.h"
#include "orc.h"
#include "paths.h"
#include "procs.h"
#include "senders.h"
#include "rpc.h"
#include "slabs.h"
#include "supers.h"
#include "runqueue.h"
#include "symbols.h"
#include "system_facts.h"
#include "trace_events.h"
#include "unwind.h"
#include "waits.h"

struct triage_facts {
	struct system_facts system;
	struct module_facts modules;
	struct bpf_facts bpf;
	struct trampoline_facts trampolines;
	struct orc_facts orc;
	struct unwind_facts unwind;
	struct proc_facts procs;
	struct sleeper_facts sleeper;
	struct lock_facts locks;
	struct queue_facts queues;
	struct path_facts paths;
	struct detail_facts details;
	struct worker_facts worker;
	struct memuse_facts memory;
	struct memgroup_facts memgroups;
	struct slab_facts slabs;
	struct object_facts objects;
	struct disk_facts disks;
	struct super_facts supers;
	struct layer_facts layers;
	struct mapper_facts mapper;
	struct module_type_facts module_types;
	unsigned modules_asked;		/* a bit for each whose types were asked for */
	struct frozen_facts frozen;
	struct ext4_facts ext4;
	struct xfs_facts xfs;
	struct netdev_facts netdevs;
	struct rpc_facts rpc;
	struct journal_facts journals;
	struct journal_task_facts journal_tasks;
	struct hwerr_facts hwerr;
	struct livepatch_facts livepatches;
	struct runqueue_facts runqueue;
	struct audit_facts audit;
	struct trace_facts trace;
	struct traced_facts traced;
	struct sender_facts senders;
	struct cpu_facts cpus;
	struct tasklist_facts tasklist;
};

/*
 * What is not found is ABSENT. False when symbols or types are missing as a whole: e says why,
 * and what the other ones tell is there all the same.
 */
bool facts_read(struct triage_facts *f, struct tables *tables, struct err *e);

/*
 * What the types of that module tell, if the kernel's own did not; false: they are not to be
 * had. Only borrows from the arena.
 */
bool facts_of_module(struct triage_facts *f, const char *module, struct tables *tables,
		     struct arena *arena);

#endif
