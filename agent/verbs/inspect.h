/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs that look at a core or a dump. Each returns an exit status. */
#ifndef VERBS_INSPECT_H
#define VERBS_INSPECT_H

#include <stdbool.h>

struct log_choice;

int inspect_dmesg(const char *path, const struct log_choice *choice);

enum report_form { REPORT_AS_TEXT, REPORT_AS_JSON, REPORT_AS_LINE };

int inspect_report(const char *path, enum report_form form);

/* Does one command, or with "" those that are read from standard input. 1: one went wrong. */
int inspect_look(const char *path, char *command);

int inspect_info(const char *path, bool as_json);

/* 0 whole, 1 damaged or not a dump, 2 incomplete. */
int inspect_check(const char *path);

#endif
