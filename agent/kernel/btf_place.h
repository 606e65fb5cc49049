/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which member of a structure lies at an offset. */
#ifndef KERNEL_BTF_PLACE_H
#define KERNEL_BTF_PLACE_H

#include "btf_text.h"

/*
 * "file->f_path.mnt": of the structure that the first parameter of that function points to, the
 * innermost member that byte off is in. False: there is no such function, parameter or member.
 */
bool btf_argument_member(struct btf *b, const char *function, uint32_t off,
			 struct btf_text *text);

#endif
