/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes manifest.json. Each line is a key of the manifest; crashbox-manifest(5) says what
 * it means.
 */
#include "manifest.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/jsonwrite.h"
#include "base/log.h"
#include "base/meminfo.h"
#include "base/numbers.h"
#include "base/version.h"
#include "crash.h"
#include "dump/codec.h"
#include "job.h"
#include "reporter.h"
#include "targets/crash_files.h"
#include "targets/sink.h"
#include "triage/report_words.h"

#define MANIFEST_MAX (64u << 10)

uint64_t system_memory_available(void)
{
	char text[4096];
	struct err ignored;

	return read_text("/proc/meminfo", text, sizeof(text), &ignored)
	       ? meminfo_len(text, "MemAvailable") : 0;
}

uint64_t system_memory_used(void)
{
	char text[4096];
	struct err ignored;

	return read_text("/proc/meminfo", text, sizeof(text), &ignored)
	       ? meminfo_len(text, "MemTotal") - meminfo_len(text, "MemAvailable") : 0;
}

static void put_fact(struct json *j, const char *key, bool value, const struct totals *t,
		     bool with_reasons)
{
	json_open(j, key, '{');
	json_bool(j, "value", value);
	json_open(j, "reasons", '[');
	for (unsigned i = 0; with_reasons && i < t->n_reasons; i++)
		json_string(j, NULL, t->reasons[i]);
	json_close(j);
	json_close(j);
}

static void put_pages(struct json *j, const struct totals *t)
{
	json_open(j, "pages", '{');
	json_number(j, "present", t->n_present);
	json_number(j, "in_dump", t->n_kept);
	for (int v = 0; v < N_VERDICTS; v++)
		json_number(j, verdict_name(v), t->n_verdict[v]);
	json_number(j, "zero", t->n_zero);
	json_number(j, "unreadable", t->n_unreadable);
	json_number(j, "written", t->n_written);
	json_number(j, "shared", t->n_shared);
	json_close(j);
}

static void put_kernel(struct json *j, const struct kernel *kn)
{
	char when[32];

	json_string(j, "kernel", kn->uts[RELEASE]);
	json_string(j, "build_id", kn->k.build_id);
	json_string(j, "machine", kn->uts[MACHINE]);
	format_utc(has(kn->k.crash_time) ? kn->k.crash_time : 0, when, sizeof(when));
	json_string(j, "crash_time", when);
}

static void put_bytes(struct json *j, const struct crash *crash, const struct totals *t)
{
	json_open(j, "bytes", '{');
	json_number(j, "memory", elfcore_ram_len(&crash->core));
	json_number(j, "dump", t->dump_len);
	json_number(j, "dump_holes", t->holes_len);
	json_number(j, "head", t->head_len);
	json_number(j, "page_data", t->data_len);
	json_number(j, "dmesg", t->dmesg_len);
	json_number(j, "device_dumps_left_out", crash->core.device_dumps_len);
	json_number(j, "missing_from_core", crash->core.missing_len);
	json_close(j);
}

static void put_stages(struct json *j, const char *key, const double *seconds)
{
	json_open(j, key, '{');
	for (int s = STAGE_DMESG; s < STAGE_FINISH; s++)
		json_real(j, stage_name(s), seconds[s]);
	json_close(j);
}

static void put_costs(struct json *j, const struct totals *t)
{
	put_stages(j, "seconds", t->seconds);
	put_stages(j, "cpu_seconds", t->cpu_seconds);
	json_number(j, "rate_bytes_per_second", t->copy_rate);
	json_number(j, "workers", t->n_workers);
	json_open(j, "peak_memory_bytes", '{');
	json_number(j, "agent", memory_peak_len());
	json_number(j, "system", t->system_peak);
	json_close(j);
}

/* What the report makes of the crash; null where there is none. */
static void put_report(struct json *j, const struct capture *c)
{
	const struct reported *r = c->reported;

	if (!r) {
		json_null(j, "signature");
		json_null(j, "signature_coarse");
		json_null(j, "signature_sure");
		json_null(j, "title");
		json_null(j, "known");
		json_null(j, "report");
		return;
	}
	json_string(j, "signature", r->id);
	json_string(j, "signature_coarse", r->coarse);
	json_bool(j, "signature_sure", r->is_sure);
	json_string(j, "title", r->title);
	json_text_or_null(j, "known", r->known);
	json_open(j, "report", '{');
	json_bool(j, "saved", c->t->report_saved);
	json_string(j, "level", r->level);
	json_real(j, "seconds", r->seconds);
	json_real(j, "cpu_seconds", r->cpu_s);
	json_real(j, "waited_seconds", r->waited_s);
	json_number(j, "peak_memory_bytes", r->peak_len);
	json_string(j, "missing", r->missing);
	json_close(j);
}

/* 0 stands for what is not known. */
static void put_known(struct json *j, const char *key, uint64_t n)
{
	if (n)
		json_number(j, key, n);
	else
		json_null(j, key);
}

static void put_reread(struct json *j, const struct totals *t)
{
	json_open(j, "read_back", '{');
	json_number(j, "bytes", t->reread_len);
	json_number(j, "while_copying", t->reread_early_len);
	json_bool(j, "past_cache", t->reread_len && t->reread_past_cache);
	json_bool(j, "sampled", t->sampled);
	json_close(j);
	json_text_or_null(j, "sha256", t->sha256);
	json_text_or_null(j, "sha256_head", t->sha256_head);
	json_text_or_null(j, "sha256_pages", t->sha256_pages);
}

/* The manifest as JSON text; returns its length. */
static size_t format(const struct capture *c, char *text)
{
	const struct crash *crash = c->crash;
	const struct job *job = c->job;
	const struct totals *t = c->t;
	struct json j;
	struct err e;

	json_init(&j, text, MANIFEST_MAX);
	json_open(&j, NULL, '{');
	json_number(&j, "schema", MANIFEST_SCHEMA);
	put_fact(&j, "valid", t->valid, t, !t->valid);
	json_bool(&j, "verified", t->verified);
	put_fact(&j, "complete", t->complete, t, !t->complete);
	json_string(&j, "host", job->host);
	put_kernel(&j, &crash->kernel);
	put_known(&j, "boot", job->boot);
	put_known(&j, "uptime_seconds", t->uptime_s);
	json_string(&j, "panic", panic_reason_line(&t->why));
	put_report(&j, c);
	json_string(&j, "agent_version", CRASHBOX_VERSION);
	json_string(&j, "target", job->target);
	json_string(&j, "folder", c->sink->where);
	json_open(&j, "level", '{');
	json_number(&j, "asked", job->level);
	json_number(&j, "used", t->level_used);
	json_close(&j);
	json_string(&j, "codec", job->codec->name);
	json_bool(&j, "filter_trusted", crash->kernel.trusted);
	json_bool(&j, "dmesg_saved", t->dmesg_saved);
	json_bool(&j, "dmesg_salvaged", t->dmesg_salvaged);
	json_number(&j, "dmesg_records", t->dmesg_records);
	json_number(&j, "dmesg_records_skipped", t->dmesg_skipped);
	put_pages(&j, t);
	put_bytes(&j, crash, t);
	put_costs(&j, t);
	json_open(&j, "errors", '[');
	for (size_t i = 0; log_warning(i); i++)
		json_string(&j, NULL, log_warning(i));
	json_close(&j);
	json_number(&j, "n_errors", log_n_warnings());
	put_reread(&j, t);
	json_close(&j);
	if (!json_end(&j, &e))
		log_warn("manifest: %s", e.text);
	return j.len;
}

/* What may be known of a sealed crash without a key: nothing that its memory said. */
static size_t format_clear(const struct capture *c, char *text)
{
	const struct totals *t = c->t;
	struct json j;
	struct err ignored;

	json_init(&j, text, MANIFEST_MAX);
	json_open(&j, NULL, '{');
	json_number(&j, "schema", MANIFEST_SCHEMA);
	json_bool(&j, "encrypted", true);
	put_fact(&j, "valid", t->valid, t, false);
	json_bool(&j, "verified", t->verified);
	put_fact(&j, "complete", t->complete, t, false);
	json_string(&j, "host", c->job->host);
	put_kernel(&j, &c->crash->kernel);
	put_known(&j, "boot", c->job->boot);
	put_known(&j, "uptime_seconds", t->uptime_s);
	json_text_or_null(&j, "signature", c->reported ? c->reported->id : "");
	json_text_or_null(&j, "signature_coarse", c->reported ? c->reported->coarse : "");
	json_bool(&j, "signature_sure", c->reported && c->reported->is_sure);
	json_string(&j, "agent_version", CRASHBOX_VERSION);
	json_bool(&j, "dmesg_saved", t->dmesg_saved);
	put_bytes(&j, c->crash, t);
	json_close(&j);
	json_end(&j, &ignored);
	return j.len;
}

static bool save_clear(struct capture *c, char *text, struct err *e)
{
	return !c->sink->clear || c->job->seals_manifest ||
	       sink_put(c->sink->clear, crash_files[CRASH_MANIFEST].name, text,
			format_clear(c, text), e);
}

bool manifest_save(struct capture *c, struct err *e)
{
	struct arena *arena = &c->crash->arena;
	size_t mark = arena_mark(arena);
	char *text = arena_take(arena, MANIFEST_MAX, 1, "manifest", e);
	bool ok = text && sink_put(c->sink, crash_files[CRASH_MANIFEST].name, text,
				   format(c, text), e) && save_clear(c, text, e);

	arena_release(arena, mark);
	return ok;
}

void manifest_hold_space(struct sink *sink)
{
	struct sink_file f;
	struct err ignored;

	/* On what only grows space is not to be had in advance. */
	if (sink->only_grows ||
	    !sink->ops->create(sink, crash_files[CRASH_MANIFEST].name, &f, &ignored))
		return;
	f.out.ops->reserve(&f.out, 0, MANIFEST_MAX, &ignored);
	sink->ops->abandon(&f, true);
}
