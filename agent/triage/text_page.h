/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that grows to a bound: sections with titles, keys in a column, lists that wrap. */
#ifndef TRIAGE_TEXT_PAGE_H
#define TRIAGE_TEXT_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#define PAGE_COLUMNS 100u
#define PAGE_KEY 11u		/* columns of a key, its blanks in front left out */

struct text_page {
	char *text;
	size_t size, len;
	size_t column;		/* of the line that is open */
	bool cut;
};

void page_init(struct text_page *p, char *text, size_t size);

/* A title with an empty line in front of it. */
void page_section(struct text_page *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* "  key        value": no line without a value. */
void page_row(struct text_page *p, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A line that is no row, wrapped. */
void page_line(struct text_page *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A word of a list that goes on under the value's column, with blanks between. */
void page_item(struct text_page *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Ends the line that is open, if one is. */
void page_end_line(struct text_page *p);

/* The end of the text: a NUL, and a line that says so if something was cut. Its length. */
size_t page_end(struct text_page *p);

#endif
