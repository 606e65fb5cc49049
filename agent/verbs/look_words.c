/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line for whatever is wrong with a command. */
#include "look_words.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/log.h"

bool look_wrong(const char *fmt, ...)
{
	char text[200];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	log_info("look: %s", text);
	return false;
}
