/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "freeze.h"
#include <errno.h>
#include "base/err.h"
bool freeze(struct config *config, const char *const *interfaces, unsigned n_interfaces,
	    struct err *e)
{
	(void)config, (void)interfaces, (void)n_interfaces;
	return fail(e, ENOTSUP, "--host: not yet");
}
