/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All sections or one. */
#include "report_text.h"

#include "report.h"
#include "report_parts.h"
#include "text_page.h"

size_t report_text(struct report *r, char *text, size_t size)
{
	struct text_page p;

	page_init(&p, text, size);
	for (const struct report_part *const *part = parts_in_text; *part; part++)
		(*part)->text(r, &p);
	return page_end(&p);
}

size_t report_part_text(struct report *r, const struct report_part *part, char *text,
			size_t size)
{
	struct text_page p;

	page_init(&p, text, size);
	part->text(r, &p);
	return page_end(&p);
}
