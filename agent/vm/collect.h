/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a guest has left: by its own capture, or else its memory, taken from outside. */
#ifndef VM_COLLECT_H
#define VM_COLLECT_H

#include "outcome.h"
#include "watch.h"

/* Judges the end of a watch, and brings what there is to the folder `out`. QEMU ends. */
void collect(struct watch *w, struct outcome *o);

#endif
