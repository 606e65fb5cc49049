/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When, and how much of it, a dump is read back from where it lies: the key `verify`. */
#ifndef CONFIG_READ_BACK_H
#define CONFIG_READ_BACK_H

#include <stdbool.h>

struct err;

enum read_back { READ_BACK_AUTO, READ_BACK_MEANWHILE, READ_BACK_AFTER, READ_BACK_SAMPLE,
		 N_READ_BACKS };

#define READ_BACK_CHOICE "auto|meanwhile|after|sample"

bool read_back_parse(unsigned *how, const char *value, struct err *e);
const char *read_back_name(unsigned how);

#endif
