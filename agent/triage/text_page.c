/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A buffer that is never written over its end, and lines that are never too long. */
#include "text_page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define CUT "(the report was longer than its room)\n"
#define WORD_MAX 1200

void page_init(struct text_page *p, char *text, size_t size)
{
	*p = (struct text_page){ .text = text, .size = size - sizeof(CUT) - 1 };
	text[0] = '\0';
}

static void put(struct text_page *p, const char *text, size_t len)
{
	if (p->cut || len > p->size - p->len) {
		p->cut = true;
		return;
	}
	memcpy(p->text + p->len, text, len);
	p->len += len;
	p->column += len;
}

static void blanks(struct text_page *p, size_t n)
{
	while (n--)
		put(p, " ", 1);
}

void page_end_line(struct text_page *p)
{
	if (!p->column)
		return;
	put(p, "\n", 1);
	p->column = 0;
}

void page_section(struct text_page *p, const char *fmt, ...)
{
	char word[WORD_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(word, sizeof(word), fmt, args);
	va_end(args);
	page_end_line(p);
	if (p->len)
		put(p, "\n", 1);
	put(p, word, strlen(word));
	page_end_line(p);
}

/* A line that is too long goes on under the column it began in, from a blank on. */
static void put_wrapped(struct text_page *p, const char *word)
{
	size_t left = strlen(word), from;

	/* What stands in front may be as long as a line. */
	if (p->column > PAGE_COLUMNS / 2) {
		page_end_line(p);
		blanks(p, PAGE_KEY + 2);
	}
	from = p->column;
	while (left > PAGE_COLUMNS - from) {
		size_t n = PAGE_COLUMNS - from;

		while (n && word[n] != ' ')
			n--;
		if (!n)
			n = PAGE_COLUMNS - from;
		put(p, word, n);
		page_end_line(p);
		word += n;
		left -= n;
		while (left && *word == ' ') {
			word++;
			left--;
		}
		if (left)
			blanks(p, from);
	}
	put(p, word, left);
}

void page_row(struct text_page *p, const char *key, const char *fmt, ...)
{
	char word[WORD_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(word, sizeof(word), fmt, args);
	va_end(args);
	if (!word[0])
		return;
	page_end_line(p);
	blanks(p, 2);
	put(p, key, strlen(key));
	if (p->column <= PAGE_COLUMNS / 2)	/* else the value begins a line */
		blanks(p, p->column < PAGE_KEY + 1 ? PAGE_KEY + 2 - p->column : 1);
	put_wrapped(p, word);
}

void page_line(struct text_page *p, const char *fmt, ...)
{
	char word[WORD_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(word, sizeof(word), fmt, args);
	va_end(args);
	page_end_line(p);
	blanks(p, 2);
	put_wrapped(p, word);
}

void page_item(struct text_page *p, const char *fmt, ...)
{
	char word[WORD_MAX];
	va_list args;
	size_t len;

	va_start(args, fmt);
	vsnprintf(word, sizeof(word), fmt, args);
	va_end(args);
	len = strlen(word);
	if (p->column + 3 + len > PAGE_COLUMNS) {
		page_end_line(p);
		blanks(p, PAGE_KEY + 2);
	} else {
		blanks(p, p->column ? 3 : PAGE_KEY + 2);
	}
	put(p, word, len);
}

size_t page_end(struct text_page *p)
{
	page_end_line(p);
	if (p->cut) {
		if (p->len && p->text[p->len - 1] != '\n')
			p->text[p->len++] = '\n';
		memcpy(p->text + p->len, CUT, sizeof(CUT) - 1);
		p->len += sizeof(CUT) - 1;
	}
	p->text[p->len] = '\0';
	return p->len;
}
