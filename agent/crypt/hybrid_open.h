/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening what is for a hybrid recipient: not on a machine that crashes. */
#ifndef CRYPT_HYBRID_OPEN_H
#define CRYPT_HYBRID_OPEN_H

#include "age.h"

/* "AGE-SECRET-KEY-PQ-1...", as age_identity_parse(). */
bool hybrid_identity_parse(const char *text, struct age_identity *identity, struct err *e);

#endif
