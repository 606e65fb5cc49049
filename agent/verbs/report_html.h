/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A report for people as one self-contained page of HTML. */
#ifndef VERBS_REPORT_HTML_H
#define VERBS_REPORT_HTML_H

/*
 * The lines of report_text() to standard output, a section each that can be folded; no
 * script, nothing from elsewhere. `title` stands in the page's head. Either may hold
 * anything: it is shown, never a tag.
 */
void report_html(const char *title, const char *text);

#endif
