/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading known_hosts. Lines of "NAMES TYPE KEY", NAMES a list with commas; patterns and
 * marks are not for us.
 */
#include "knownhosts.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool has_name(const char *names, const char *wanted)
{
	char list[512], *save, *name;

	snprintf(list, sizeof(list), "%s", names);
	for (name = strtok_r(list, ",", &save); name; name = strtok_r(NULL, ",", &save))
		if (!strcasecmp(name, wanted))
			return true;
	return false;
}

bool known_hosts_find(const char *text, struct known_host *host)
{
	char wanted[160], line[1024], names[512], type[32], blob[256];

	snprintf(wanted, sizeof(wanted), host->port == 22 ? "%s" : "[%s]:%u", host->name,
		 host->port);
	while (*text) {
		size_t len = strcspn(text, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)(len < 1023 ? len : 1023), text);
		text += len + (text[len] == '\n');
		if (sscanf(line, "%511s %31s %255s", names, type, blob) != 3 ||
		    strchr("#@", names[0]) || strcmp(type, "ssh-ed25519"))
			continue;
		if (names[0] == '|')
			host->n_hashed++;
		else if (has_name(names, wanted))
			return snprintf(host->key, sizeof(host->key), "%s %s", type, blob) <
			       (int)sizeof(host->key);
	}
	return false;
}
