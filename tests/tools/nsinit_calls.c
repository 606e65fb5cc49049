/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls by name: the header has them one a line, made from the kernel's own by make. */
#include <string.h>

#include "nsinit.h"

static const char *const names[N_CALLS] = {
#define CALL(name, nr) [nr] = #name,
#include "nsinit_names.h"
#undef CALL
};

unsigned call_number(const char *name)
{
	for (unsigned i = 0; i < N_CALLS; i++)
		if (names[i] && !strcmp(names[i], name))
			return i;
	return N_CALLS;
}

const char *call_name(unsigned nr)
{
	return nr < N_CALLS && names[nr] ? names[nr] : "unknown";
}
