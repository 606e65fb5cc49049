/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GRUB's choice: which entry of grub.cfg a boot takes if nobody chooses, by its variables
 * and by grubenv. Text in, text out.
 */
#ifndef KEXEC_GRUB_MENU_H
#define KEXEC_GRUB_MENU_H

#include <stdbool.h>
#include <stddef.h>

#define GRUB_VALUE_MAX 2048

/* A variable of grubenv, "" where there is none. */
bool grub_variable(const char *root, const char *name, char value[GRUB_VALUE_MAX]);

/* What `default` would be: a number, a title, an id, or several of them behind ">". */
void grub_default(const char *root, const char *text, char wanted[GRUB_VALUE_MAX]);

/* Where that entry begins; the text itself, of which the first one counts, if there is none. */
const char *grub_entry(const char *text, const char *wanted);

#endif
