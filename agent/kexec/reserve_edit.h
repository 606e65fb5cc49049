/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crashkernel= in the texts that command lines of kernels come from: boot loaders' own files,
 * and those out of which they are made. Text in, text out.
 */
#ifndef KEXEC_RESERVE_EDIT_H
#define KEXEC_RESERVE_EDIT_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* Where in a file the words are. */
enum reserve_shape {
	RESERVE_WHOLE,		/* the file is the line */
	RESERVE_BEHIND,		/* lines that begin with the key, in any case, and a blank */
	RESERVE_QUOTED,		/* KEY="...", as a shell reads it */
};

struct reserve_row {
	const char *path;	/* a file; with `end`, each of a folder that ends so */
	const char *end;
	enum reserve_shape shape;
	const char *key;	/* quoted: where the word goes if it is nowhere yet */
	const char *beside;	/* quoted: another that may have it, or NULL */
	/* Programs that make the boot loader's files of it; the first that is there is run. */
	const char *const *const *makers;
};

/* NULL behind the last. Rows of what is made by others from others come first. */
const struct reserve_row *reserve_row_at(size_t nr);

#define RESERVE_WORDS 256

/* "64M", "512M-2G:64M,2G-:192M@16M", "1G,high": what crashkernel= may be. */
bool reserve_size_is_good(const char *size);

struct reserve_edited {
	char *out;		/* the new text */
	size_t size;
	char old[RESERVE_WORDS];	/* the words that were there */
};

/*
 * `text` with these words in place of its crashkernel= ones ("": without any). False: it would
 * not fit, or the text is none of that shape, which ENOENT is.
 */
bool reserve_edit(const struct reserve_row *row, const char *text, const char *words,
		  struct reserve_edited *to, struct err *e);

#endif
