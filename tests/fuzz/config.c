/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configuration: the input is a kernel command line and, line by line, a file. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void bad(const struct err *e)
{
	if (e->code == 0 || !e->text[0])
		abort();	/* an error that says nothing */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *save, *line;
	struct config c;
	struct err e;

	memcpy(text, data, size);
	text[size] = 0;
	config_init(&c);
	c.told = bad;
	config_cmdline(&c, text);
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (!config_line(&c, line, &e))
			bad(&e);
	config_check(&c, &e);
	if (c.level > 31 || c.n_targets > MAX_TARGETS)
		abort();
	free(text);
	return 0;
}
