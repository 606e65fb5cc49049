/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sections of the report say alike: sizes as people read them, JSON's null. */
#ifndef TRIAGE_REPORT_WORDS_H
#define TRIAGE_REPORT_WORDS_H

#include "base/jsonwrite.h"
#include "procs.h"

#define SIZE_TEXT 24

/* "38.2 MiB", of bytes; returns text. */
const char *size_text(uint64_t bytes, char text[SIZE_TEXT]);

/* Null is what is not known: an empty text, a number below 0. */
void json_text_or_null(struct json *j, const char *key, const char *text);
void json_number_or_null(struct json *j, const char *key, int value);
void json_real_or_null(struct json *j, const char *key, double value);

/* The keys of a task, in an object that is open. */
void json_proc(struct json *j, const struct proc *p);

#endif
