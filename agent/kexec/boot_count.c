/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The count of boots. One line, "NUMBER BOOT-ID", of the last boot that loaded. */
#include "boot_count.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "host/root.h"
#include "host/whole_file.h"

#define BOOTS_FILE STATE_DIR "/boots"
#define ID_MAX 40
#define MOST_BOOTS 100000000u

/* The number, and this boot's id; a file that says nothing is none. */
static unsigned number(const char *root, char id[ID_MAX])
{
	char text[80], last_id[ID_MAX] = "";
	unsigned last = 0;
	struct err ignored;

	if (!root_read(root, BOOT_ID, id, ID_MAX, &ignored) || !id[0])
		return 0;
	if (root_read(root, BOOTS_FILE, text, sizeof(text), &ignored) &&
	    (sscanf(text, "%9u %39s", &last, last_id) != 2 || last >= MOST_BOOTS))
		last = 0;
	return last && !strcmp(last_id, id) ? last : last + 1;
}

unsigned boot_count(const char *root)
{
	char id[ID_MAX];

	return number(root, id);
}

bool boot_count_remember(const char *root, struct err *e)
{
	char id[ID_MAX], text[80], path[HOST_PATH_MAX];
	unsigned n = number(root, id);
	struct blob line = { (uint8_t *)text, 0 };

	if (!n || !root_path(path, root, BOOTS_FILE, e))
		return !n;
	if (!root_make_state(root, e))
		return false;
	line.len = snprintf(text, sizeof(text), "%u %s\n", n, id);
	return file_replace(path, &line, e);
}
