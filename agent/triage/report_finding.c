/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The finding with its evidence, and the signature. */
#include "report_parts.h"

#include "report.h"
#include "report_words.h"
#include "text_page.h"

static void put_text(struct report *r, struct text_page *p)
{
	const struct finding *f = &r->finding;

	page_section(p, "FINDING");
	if (r->known[0])
		page_line(p, "known: %s", r->known);
	page_line(p, "%s", f->text);
	for (unsigned i = 0; i < f->n_evidence; i++)
		page_line(p, "  %s", f->evidence[i]);
	for (unsigned i = 0; i < r->n_also; i++)
		page_line(p, "also: %s", r->also[i].text);
	page_section(p, "SIGNATURE");
	page_line(p, "%s", r->signature.title);
	page_line(p, "%s  (coarse %s, frames: %s)", r->signature.id, r->signature.coarse,
		 signature_confidence_text(r->signature.confidence));
}

static void put_signature(const struct signature *s, const char *known, struct json *j)
{
	json_open(j, "signature", '{');
	json_number(j, "version", SIGNATURE_VERSION);
	json_string(j, "id", s->id);
	json_string(j, "coarse", s->coarse);
	json_string(j, "title", s->title);
	json_string(j, "kind", s->kind_text);
	json_text_or_null(j, "where", s->n_frames ? s->frames[0].text : "");
	json_open(j, "frames", '[');
	for (unsigned i = 0; i < s->n_frames; i++)
		json_string(j, NULL, s->frames[i].text);
	json_close(j);
	json_string(j, "stack", signature_stack_text(s->whose));
	json_string(j, "confidence", signature_confidence_text(s->confidence));
	json_text_or_null(j, "known", known);
	json_close(j);
}

static void put_finding(const struct report *r, struct json *j)
{
	json_open(j, "finding", '{');
	json_string(j, "rule", r->finding.rule);
	json_string(j, "text", r->finding.text);
	json_open(j, "evidence", '[');
	for (unsigned i = 0; i < r->finding.n_evidence; i++)
		json_string(j, NULL, r->finding.evidence[i]);
	json_close(j);
	json_open(j, "also", '[');
	for (unsigned i = 0; i < r->n_also; i++) {
		json_open(j, NULL, '{');
		json_string(j, "rule", r->also[i].rule);
		json_string(j, "text", r->also[i].text);
		json_close(j);
	}
	json_close(j);
	json_close(j);
}

static void put_json(struct report *r, struct json *j)
{
	put_signature(&r->signature, r->known, j);
	put_finding(r, j);
}

const struct report_part part_finding = { "finding", NULL, put_text, put_json };
