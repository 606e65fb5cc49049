/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lists of all who wish, filled together. */
#include "facts.h"

bool facts_read(struct triage_facts *f, struct tables *tables, struct err *e)
{
	const struct wish_list lists[] = {
		{ &system_wishes, &f->system },
		{ &module_wishes, &f->modules },
		{ &bpf_wishes, &f->bpf },
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
		{ &slab_wishes, &f->slabs },
		{ &object_wishes, &f->objects },
		{ &disk_wishes, &f->disks },
		{ &super_wishes, &f->supers },
		{ &layer_wishes, &f->layers },
		{ &mapper_wishes, &f->mapper },
		{ &module_type_wishes, &f->module_types },
		{ &frozen_wishes, &f->frozen },
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
