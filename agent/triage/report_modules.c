/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modules: those that are not the kernel's own with what they say of themselves. */
#include "report_parts.h"

#include "report_words.h"
#include "text_page.h"
#include "triage.h"

/* The modules themselves were read for their symbols. */
static void read_modules(struct triage *m)
{
	m->r->n_livepatches = livepatches_read(&m->r->symbols.modules, &m->facts.livepatches,
					       m->r->livepatches);
}

static void put_module(struct report *r, const struct module *mod, struct text_page *p)
{
	char version[64], source[64], size[SIZE_TEXT], letters[REPORT_LETTERS];

	module_version(&r->symbols.modules, mod, version, sizeof(version));
	module_srcversion(&r->symbols.modules, mod, source, sizeof(source));
	taint_letters(mod->taints, letters);
	page_row(p, mod->name, "%s, taints %s%s%s%s%s%s", size_text(module_len(mod), size),
		 letters, module_state_words(mod), version[0] ? ", version " : "", version,
		 source[0] ? ", srcversion " : "", source);
}

static void put_text(struct report *r, struct text_page *p)
{
	const struct modules *m = &r->symbols.modules;

	if (!m->n)
		return;
	page_section(p, "MODULES  (%u loaded%s%s)", m->n,
		     m->last_unloaded[0] ? "; last unloaded: " : "", m->last_unloaded);
	for (unsigned i = 0; i < m->n; i++)
		if (m->list[i].taints)
			put_module(r, &m->list[i], p);
	for (unsigned i = 0; i < r->n_livepatches; i++)
		page_row(p, i ? "" : "livepatch", "%s, %s", r->livepatches[i].name,
			 r->livepatches[i].is_enabled ? "enabled" : "not enabled");
	page_end_line(p);
	for (unsigned i = 0; i < m->n; i++)
		if (!m->list[i].taints)
			page_item(p, "%s", m->list[i].name);
}

static void put_json(struct report *r, struct json *j)
{
	static const char *const states[] = { "live", "coming", "going", "unformed" };
	const struct modules *m = &r->symbols.modules;
	char version[64], source[64], letters[REPORT_LETTERS];

	json_open(j, "modules", '[');
	for (unsigned i = 0; i < m->n; i++) {
		const struct module *mod = &m->list[i];

		module_version(m, mod, version, sizeof(version));
		module_srcversion(m, mod, source, sizeof(source));
		taint_letters(mod->taints, letters);
		json_open(j, NULL, '{');
		json_string(j, "name", mod->name);
		json_number(j, "size", module_len(mod));
		json_text_or_null(j, "state", mod->state < 4 ? states[mod->state] : "");
		json_string(j, "taints", letters);
		json_text_or_null(j, "version", version);
		json_text_or_null(j, "srcversion", source);
		json_close(j);
	}
	json_close(j);
	json_text_or_null(j, "last_unloaded", m->last_unloaded);
	json_open(j, "livepatches", '[');
	for (unsigned i = 0; i < r->n_livepatches; i++) {
		json_open(j, NULL, '{');
		json_string(j, "name", r->livepatches[i].name);
		json_bool(j, "enabled", r->livepatches[i].is_enabled);
		json_close(j);
	}
	json_close(j);
}

const struct report_part part_modules = { "modules", read_modules, put_text, put_json };
