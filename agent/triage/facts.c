/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lists of all who wish, filled together. */
#include "facts.h"

#include <string.h>

bool facts_read(struct triage_facts *f, struct tables *tables, struct err *e)
{
	const struct wish_list lists[] = {
		{ &system_wishes, &f->system },
		{ &module_wishes, &f->modules },
		{ &bpf_wishes, &f->bpf },
		{ &trampoline_wishes, &f->trampolines },
		{ &orc_wishes, &f->orc },
		{ &unwind_wishes, &f->unwind },
		{ &proc_wishes, &f->procs },
		{ &sleeper_wishes, &f->sleeper },
		{ &lock_wishes, &f->locks },
		{ &queue_wishes, &f->queues },
		{ &path_wishes, &f->paths },
		{ &detail_wishes, &f->details },
		{ &worker_wishes, &f->worker },
		{ &memuse_wishes, &f->memory },
		{ &memgroup_wishes, &f->memgroups },
		{ &slab_wishes, &f->slabs },
		{ &object_wishes, &f->objects },
		{ &disk_wishes, &f->disks },
		{ &super_wishes, &f->supers },
		{ &layer_wishes, &f->layers },
		{ &mapper_wishes, &f->mapper },
		{ &module_type_wishes, &f->module_types },
		{ &frozen_wishes, &f->frozen },
		{ &ext4_wishes, &f->ext4 },
		{ &xfs_wishes, &f->xfs },
		{ &netdev_wishes, &f->netdevs },
		{ &rpc_wishes, &f->rpc },
		{ &journal_wishes, &f->journals },
		{ &journal_task_wishes, &f->journal_tasks },
		{ &hwerr_wishes, &f->hwerr },
		{ &livepatch_wishes, &f->livepatches },
		{ &runqueue_wishes, &f->runqueue },
		{ &audit_wishes, &f->audit },
		{ &trace_wishes, &f->trace },
		{ &traced_wishes, &f->traced },
		{ &sender_wishes, &f->senders },
		{ &cpu_wishes, &f->cpus },
		{ &tasklist_wishes, &f->tasklist },
		{ NULL, NULL },
	};

	return wishes_fill(tables, lists, e);
}

/* Whose wishes are for structures of a module's own, most of the time. */
static const struct {
	const char *module;
	const struct wish_set *set;
	size_t at;
} of_modules[] = {
	{ "dm_mod", &mapper_wishes, offsetof(struct triage_facts, mapper) },
	{ "ext4", &ext4_wishes, offsetof(struct triage_facts, ext4) },
	{ "xfs", &xfs_wishes, offsetof(struct triage_facts, xfs) },
	{ "sunrpc", &rpc_wishes, offsetof(struct triage_facts, rpc) },
	{ "jbd2", &journal_wishes, offsetof(struct triage_facts, journals) },
};

bool facts_of_module(struct triage_facts *f, const char *module, struct tables *tables,
		     struct arena *arena)
{
	struct err ignored;
	const struct module_types types = { tables->space, &f->module_types,
					    tables_types(tables, &ignored) };

	for (size_t i = 0; i < sizeof(of_modules) / sizeof(of_modules[0]); i++) {
		void *facts = (char *)f + of_modules[i].at;
		const struct wish_list lists[] = { { of_modules[i].set, facts },
						   { NULL, NULL } };

		if (strcmp(of_modules[i].module, module))
			continue;
		/* Each of a thousand tasks that wait may ask. */
		if (!has(*(int64_t *)facts) && !(f->modules_asked >> i & 1))
			module_types_fill(&types, module, lists, arena);
		f->modules_asked |= 1u << i;
		return has(*(int64_t *)facts);
	}
	return false;
}
