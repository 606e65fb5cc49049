/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The frames of a stack, in words and in JSON. */
#ifndef TRIAGE_REPORT_STACK_H
#define TRIAGE_REPORT_STACK_H

#include "base/jsonwrite.h"
#include "report.h"
#include "text_page.h"

/* A line for each frame. */
void stack_lines(struct report *r, const struct stack *stack, struct text_page *p);

/* A list under the key "stack". */
void json_stack(struct json *j, struct report *r, const struct stack *stack);

/* The lines alone; their length. */
size_t report_stack_text(struct report *r, const struct stack *stack, char *text, size_t size);

#endif
