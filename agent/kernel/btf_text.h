/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Types as C writes them. */
#ifndef KERNEL_BTF_TEXT_H
#define KERNEL_BTF_TEXT_H

#include "btf_find.h"

#define BTF_TEXT_LEN 256u

struct btf_text {
	char s[BTF_TEXT_LEN];	/* printable; ends with "..." if it was cut */
};

/* "ssize_t vfs_read(struct file *file, char *buf, size_t count, loff_t *pos)" */
bool btf_func(struct btf *b, const char *name, struct btf_text *text);

/* The same, of the function that a want "vfs_read()" has found: field.id. */
bool btf_func_text(struct btf *b, uint32_t id, struct btf_text *text);

/* A variable or member of type id: "char comm[16]", "int (*fn)(void *)" */
bool btf_type_text(struct btf *b, uint32_t id, const char *name, struct btf_text *text);

#endif
