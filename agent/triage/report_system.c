/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine and its kernel, and the words it died with. */
#include "report_parts.h"

#include <inttypes.h>
#include <string.h>

#include "base/err.h"
#include "base/numbers.h"
#include "kernel/kernel.h"
#include "report_words.h"
#include "text_page.h"
#include "triage.h"

#define LOADER_KEXEC 0xdu

static unsigned bits_in(struct triage *m, int64_t mask, unsigned n_cpus)
{
	unsigned n = 0;
	struct err ignored;
	uint64_t word = 0;

	for (unsigned i = 0; has(mask) && i < n_cpus; i++) {
		if (!(i & 63) && !space_read_u64(m->space, mask + i / 8, &word, &ignored))
			return n;
		n += word >> (i & 63) & 1;
	}
	return n;
}

static unsigned cpu_ids(struct triage *m)
{
	struct err ignored;
	uint32_t n = 0;

	if (!has(m->facts.system.n_cpu_ids) ||
	    !space_read_u32(m->space, m->facts.system.n_cpu_ids, &n, &ignored) || n > 8192)
		return 0;
	return n;
}

/*
 * What kexec leaves behind: its number among loaders (Linux Documentation/arch/x86/boot.rst),
 * and what kernels hand on that keep track of it (CONFIG_KEXEC_HANDOVER).
 */
static void read_boot(struct triage *m)
{
	const struct system_facts *f = &m->facts.system;
	struct report_system *s = &m->r->system;
	struct err ignored;
	uint32_t loader;

	s->by_kexec = has(f->loader) &&
		      space_read_u32(m->space, f->loader, &loader, &ignored) &&
		      loader >> 4 == LOADER_KEXEC;
	if (!has(f->handed))
		return;
	if (has(f->handed_count))
		space_read_u32(m->space, f->handed + f->handed_count, &s->kexec_count,
			       &ignored);
	if (has(f->handed_release) && s->kexec_count)
		text_at(m->space, f->handed + f->handed_release, s->previous,
			sizeof(s->previous));
}

static void read_system(struct triage *m)
{
	const struct system_facts *f = &m->facts.system;
	struct report_system *s = &m->r->system;
	struct err ignored;
	uint64_t at;

	if (has(f->command_line) && space_read_u64(m->space, f->command_line, &at, &ignored))
		text_at(m->space, at, s->cmdline, sizeof(s->cmdline));
	if (has(f->hardware))
		text_at(m->space, f->hardware, s->hardware, sizeof(s->hardware));
	s->has_taint = has(f->taint) && space_read_u64(m->space, f->taint, &s->taint, &ignored);
	if (s->has_taint)
		taint_letters(s->taint, s->taint_letters);
	s->n_cpus = bits_in(m, f->possible_mask, cpu_ids(m));
	s->n_online = bits_in(m, f->online_mask, cpu_ids(m));
	read_boot(m);
}

static void put_times(const struct report_system *s, struct text_page *p)
{
	char text[40];

	format_utc(s->crash_time, text, sizeof(text));
	page_row(p, "time", "%s", text);
	if (s->uptime_s >= 0)
		page_row(p, "uptime", "%.0f s", s->uptime_s);
}

static void put_boot(const struct report_system *s, struct text_page *p)
{
	if (s->kexec_count)
		page_row(p, "boot", "by kexec, for the %u. time since power on%s%s",
			 s->kexec_count, s->previous[0] ? ", after " : "", s->previous);
	else if (s->by_kexec)
		page_row(p, "boot", "by kexec, out of a kernel before it");
}

static void put_text(struct report *r, struct text_page *p)
{
	const struct report_system *s = &r->system;

	page_section(p, "SYSTEM");
	page_row(p, "host", "%s", s->node);
	page_row(p, "kernel", "%s %s%s%s", s->release, s->version, s->machine[0] ? ", " : "",
		 s->machine);
	page_row(p, "build id", "%s", s->build_id);
	page_row(p, "hardware", "%s", s->hardware);
	put_times(s, p);
	put_boot(s, p);
	if (s->n_cpus)
		page_row(p, "cpus", "%u possible, %u online", s->n_cpus, s->n_online);
	if (s->has_taint)
		page_row(p, "taint", "%s%s%#" PRIx64, s->taint_letters,
			 s->taint_letters[0] ? ", " : "", s->taint);
	page_row(p, "cmdline", "%s", s->cmdline);
	if (r->log.has_panic)
		page_row(p, "panic", "%s", r->log.panic);
	if (r->log.death.line[0] && strncmp(r->log.death.line, "Kernel panic", 12))
		page_row(p, "oops", "%s", r->log.death.line);
}

static void put_taint_words(uint64_t taint, struct json *j)
{
	const char *word;

	json_open(j, "words", '[');
	for (unsigned bit = 0; (word = taint_word(bit)); bit++)
		if (taint >> bit & 1)
			json_string(j, NULL, word);
	json_close(j);
}

static void put_kernel(const struct report *r, struct json *j)
{
	const struct report_system *s = &r->system;
	const struct kernel *kernel = r->triage->want->kernel;

	json_open(j, "kernel", '{');
	json_string(j, "release", s->release);
	json_string(j, "version", s->version);
	json_string(j, "machine", s->machine);
	json_text_or_null(j, "build_id", s->build_id);
	json_text_or_null(j, "cmdline", s->cmdline);
	json_text_or_null(j, "hardware", s->hardware);
	if (s->has_taint) {
		json_open(j, "taint", '{');
		json_number(j, "mask", s->taint);
		json_string(j, "letters", s->taint_letters);
		put_taint_words(s->taint, j);
		json_close(j);
	} else {
		json_null(j, "taint");
	}
	if (kernel->has_space)
		json_number(j, "page_size", 1u << kernel->page_shift);
	else
		json_null(j, "page_size");
	json_bool(j, "by_kexec", s->by_kexec || s->kexec_count);
	json_number_or_null(j, "kexec_count", s->kexec_count ? (int)s->kexec_count : -1);
	json_text_or_null(j, "previous", s->previous);
	json_close(j);
}

static void put_panic(const struct report *r, struct json *j)
{
	static const char *const accesses[] = { "", "read", "write", "exec" };
	const struct oops *o = &r->log.death;

	json_open(j, "panic", '{');
	if (r->log.has_panic)
		json_string(j, "line", r->log.panic);
	else
		json_null(j, "line");
	json_text_or_null(j, "oops", o->line);
	json_string(j, "kind", crash_kinds[o->kind].token);
	if (o->has_address)
		json_hex(j, "fault_address", o->address);
	else
		json_null(j, "fault_address");
	json_text_or_null(j, "access", accesses[o->access]);
	if (o->has_error)
		json_hex(j, "error_code", o->error);
	else
		json_null(j, "error_code");
	json_close(j);
}

static void put_json(struct report *r, struct json *j)
{
	put_kernel(r, j);
	put_panic(r, j);
}

const struct report_part part_system = { "system", read_system, put_text, put_json };
