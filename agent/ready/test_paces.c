/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of tests' paces: "DUMP-BYTES MEMORY-BYTES MILLISECONDS TARGET", a line each. */
#include "test_paces.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "config/config.h"
#include "host/root.h"
#include "host/whole_file.h"
#include "targets/pace.h"

#define PACES STATE_DIR "/test-paces"
#define LINE_MAX_LEN (TARGET_MAX + 80)
#define FILE_MAX_LEN (MAX_TARGETS * LINE_MAX_LEN)

bool test_pace_read(struct pace *p, const char *root, const char *target)
{
	char text[FILE_MAX_LEN], *save = NULL;
	struct err ignored;

	if (!root_read(root, PACES, text, sizeof(text), &ignored))
		return false;
	for (char *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		int at = 0;

		*p = (struct pace){ 0 };
		if (sscanf(line, "%" SCNu64 " %" SCNu64 " %" SCNu64 " %n", &p->dump_len,
			   &p->kept_len, &p->ms, &at) == 3 && at &&
		    !strcmp(line + at, target))
			return pace_is_known(p);
	}
	return false;
}

bool test_paces_write(const char *root, const struct test_pace *paces, unsigned n,
		      struct err *e)
{
	char path[HOST_PATH_MAX], text[FILE_MAX_LEN];
	struct blob data = { (uint8_t *)text, 0 };

	for (unsigned i = 0; i < n && data.len < sizeof(text); i++)
		data.len += snprintf(text + data.len, sizeof(text) - data.len,
				     "%" PRIu64 " %" PRIu64 " %" PRIu64 " %s\n",
				     paces[i].pace->dump_len, paces[i].pace->kept_len,
				     paces[i].pace->ms, paces[i].target);
	if (data.len >= sizeof(text))
		return fail(e, 0, "%s: too many targets", PACES);
	return root_make_state(root, e) && root_path(path, root, PACES, e) &&
	       file_replace(path, &data, e);
}
