/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line for a monitor that shows the beginning of it. */
#include "plugin.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/bytes.h"

#define LINE_LEN 200	/* initramfs/install/kubernetes has the same for its plugins */

int plugin_say(enum plugin_status status, const char *fmt, ...)
{
	char line[LINE_LEN];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	for (char *c = line; *c; c++)
		*c = printable(*c);
	puts(line);
	return status;
}
