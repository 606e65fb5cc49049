/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads machine-id(5). */
#include "machine_id.h"

#include <string.h>

#include "base/err.h"
#include "host/root.h"

void machine_id_read(const char *root, char id[MACHINE_ID_SIZE])
{
	char text[64];
	struct err ignored;

	if (!id[0] && root_read(root, "/etc/machine-id", text, sizeof(text), &ignored) &&
	    strlen(text) == MACHINE_ID_SIZE - 1 &&
	    strspn(text, "0123456789abcdef") == MACHINE_ID_SIZE - 1)
		strcpy(id, text);
}
