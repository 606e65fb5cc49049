/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands of `crashbox look` that take an address or a name: sym, dis, struct. */
#ifndef VERBS_LOOK_ADDRESS_H
#define VERBS_LOOK_ADDRESS_H

#include "look_words.h"

/* False: what was wrong with the words was said. */
bool look_sym(struct look *l, const struct words *w);
bool look_dis(struct look *l, const struct words *w);
bool look_struct(struct look *l, const struct words *w);

#endif
