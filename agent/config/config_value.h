/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands behind a key on its line, up to a comment. */
#ifndef CONFIG_CONFIG_VALUE_H
#define CONFIG_CONFIG_VALUE_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/*
 * Cuts `text` to the value: without the blanks around it, a '#' behind a blank and what
 * follows that. A value in double quotes may have both in it; the quotes go.
 */
bool config_value_cut(char *text, char **value_ret, struct err *e);

/* A name that a folder may have in it: letters, digits, '.', '-', '_'. */
bool config_value_host(char *to, size_t size, const char *value, struct err *e);

/* As many hexadecimal digits as there is room for, in small letters. */
bool config_value_id(char *to, size_t size, const char *value, struct err *e);

/* Would it be cut without quotes? */
bool config_value_needs_quotes(const char *value);

#endif
