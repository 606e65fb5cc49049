/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules, each of which says a sentence or keeps silent (false). */
#ifndef TRIAGE_FINDING_RULES_H
#define TRIAGE_FINDING_RULES_H

#include "report.h"

/* finding_faults.c */
bool finding_hardware(struct report *r, struct finding *f);
bool finding_stack_overflow(struct report *r, struct finding *f);
bool finding_unloaded(struct report *r, struct finding *f);
bool finding_poison(struct report *r, struct finding *f);
bool finding_text_pointer(struct report *r, struct finding *f);
bool finding_error_pointer(struct report *r, struct finding *f);
bool finding_null_call(struct report *r, struct finding *f);
bool finding_bad_call(struct report *r, struct finding *f);
bool finding_null_deref(struct report *r, struct finding *f);
bool finding_bit_flip(struct report *r, struct finding *f);
bool finding_fault(struct report *r, struct finding *f);
bool finding_self_found(struct report *r, struct finding *f);

/* finding_waits.c */
bool finding_deadlock(struct report *r, struct finding *f);
bool finding_no_owner(struct report *r, struct finding *f);
bool finding_holder(struct report *r, struct finding *f);
bool finding_disk(struct report *r, struct finding *f);
bool finding_reader(struct report *r, struct finding *f);

/* finding_starved.c */
bool finding_frozen(struct report *r, struct finding *f);
bool finding_server(struct report *r, struct finding *f);
bool finding_suspended(struct report *r, struct finding *f);
bool finding_realtime(struct report *r, struct finding *f);

/* finding_stalls.c */
bool finding_lockup(struct report *r, struct finding *f);
bool finding_hung_task(struct report *r, struct finding *f);
bool finding_workqueue(struct report *r, struct finding *f);
bool finding_deaf(struct report *r, struct finding *f);

/* finding_memory.c */
bool finding_oom(struct report *r, struct finding *f);

/* finding_earlier.c */
bool finding_dead_holder(struct report *r, struct finding *f);
bool finding_earlier(struct report *r, struct finding *f);

/* finding_killed.c */
bool finding_init_killed(struct report *r, struct finding *f);

/* finding_code.c */
bool finding_foreign_module(struct report *r, struct finding *f);
bool finding_bpf(struct report *r, struct finding *f);

/* Who has used up memory, for the signature: "slab kmalloc-2k", "anon java", "shmem". */
bool finding_oom_user(struct report *r, char *text, size_t size);

#endif
