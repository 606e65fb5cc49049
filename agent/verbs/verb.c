/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all verbs share: a mistake on the command line, their options. */
#include "verb.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/err.h"
#include "base/log.h"

int usage(const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	log_info("%s; see crashbox --help", what);
	return 1;
}

bool verb_options(const struct verb *verb, void *into, int argc, char **argv,
		  struct operands *out)
{
	struct err e;

	return options_parse(verb->options, into, argc, argv, out, &e) ||
	       !usage("%s: %s", verb->name, e.text);
}
