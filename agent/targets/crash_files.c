/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of the files of a saved crash: a row for each. */
#include "crash_files.h"
#include "base/bytes.h"

#include <stdio.h>
#include <string.h>

const struct crash_file_row crash_files[N_CRASH_FILES] = {
	[CRASH_DUMP]	 = { "vmcore", .has_pages = true, .must_be_free = true },
	[CRASH_EARLIER]	 = { "vmcore-earlier", .has_pages = true },
	[CRASH_DMESG]	 = { "vmcore-dmesg.txt", .must_be_free = true },
	[CRASH_KMSG]	 = { "kexec-dmesg.log" },
	[CRASH_REPORT]	 = { "report.txt" },
	[CRASH_REPORT_JSON] = { "report.json" },
	[CRASH_MANIFEST] = { "manifest.json", .must_be_free = true },
};

size_t crash_file_plain(const char *name, char *plain, size_t size)
{
	size_t len = strlen(name);

	if (has_ending(name, CRASH_SEALED))
		len -= strlen(CRASH_SEALED);
	snprintf(plain, size, "%.*s", (int)len, name);
	return len;
}
