/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verbs that look at a core or a dump, which may be several files. Each returns an exit
 * status.
 */
#ifndef VERBS_INSPECT_H
#define VERBS_INSPECT_H

#include <stdbool.h>

struct kdump_paths;
struct log_choice;

/* What a DUMP may be, for the help of each of them. */
#define INSPECT_FILES \
"CORE is /proc/vmcore, a copy of it, makedumpfile's ELF, QEMU's, a copy of a machine's\n" \
"RAM, or /proc/kcore, this machine as it lives. DUMP is what crashbox, makedumpfile (zlib,\n" \
"LZO, snappy, zstd) or QEMU wrote, flattened or not. Of a split one all files are named.\n"

int inspect_dmesg(const struct kdump_paths *files, const struct log_choice *choice);

enum report_form { REPORT_AS_TEXT, REPORT_AS_JSON, REPORT_AS_LINE, REPORT_AS_HTML };

/* known_file: a list of base/known.h; NULL: none. */
int inspect_report(const struct kdump_paths *files, const char *known_file,
		   enum report_form form);

/* Does one command, or with "" those that are read from standard input. 1: one went wrong. */
int inspect_look(const struct kdump_paths *files, const char *known_file, char *command);

#define OPTION_KNOWN(type, member) OPTION_TEXT("known", "FILE", type, member, .help = \
	"a list of known faults, lines of SIGNATURE TEXT, see known_file in crashbox.conf(5)")

int inspect_info(const struct kdump_paths *files, bool as_json);

/* 0 whole, 1 damaged or not to be read, 2 incomplete, 3 of a kind that is not read. */
int inspect_check(const struct kdump_paths *files);

#endif
