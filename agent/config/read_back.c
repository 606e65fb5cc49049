/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of `verify`. */
#include "read_back.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"

static const char *const names[N_READ_BACKS] = {
	[READ_BACK_AUTO] = "auto",
	[READ_BACK_MEANWHILE] = "meanwhile",
	[READ_BACK_AFTER] = "after",
	[READ_BACK_SAMPLE] = "sample",
};

bool read_back_parse(unsigned *how, const char *value, struct err *e)
{
	for (unsigned i = 0; i < N_READ_BACKS; i++)
		if (!strcmp(value, names[i])) {
			*how = i;
			return true;
		}
	return fail(e, EINVAL, "'%s' is none of " READ_BACK_CHOICE, value);
}

const char *read_back_name(unsigned how)
{
	return names[how];
}
