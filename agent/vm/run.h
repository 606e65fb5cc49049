/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest from its making to what it has left. */
#ifndef VM_RUN_H
#define VM_RUN_H

#include "outcome.h"

/* at->out is there; o says what became of it. Of at->work nothing stays. */
void vm_run(struct vm_want *w, struct vm_folders *at, struct outcome *o);

#endif
