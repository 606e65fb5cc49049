/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines about progress: counters to words. Another process is writing them meanwhile: two
 * of them may be from different moments, each is whole.
 */
#include "progress.h"

#include <stdio.h>
#include <string.h>

#include "bytes.h"
#include "io.h"

static const char *const names[N_STAGES] = {
	[STAGE_START] = "start",
	[STAGE_OPEN] = "open",
	[STAGE_TARGET] = "target",
	[STAGE_PAST] = "old dumps",
	[STAGE_DMESG] = "dmesg",
	[STAGE_SCAN] = "scan",
	[STAGE_COPY] = "copy",
	[STAGE_SYNC] = "sync",
	[STAGE_VERIFY] = "verify",
	[STAGE_FINISH] = "finish",
};

/* What is going on in a stage that has no number of things to do. */
static const char *const doings[N_STAGES] = {
	[STAGE_START] = "loading drivers",
	[STAGE_OPEN] = "opening the core",
	[STAGE_TARGET] = "waiting for the target",
	[STAGE_PAST] = "looking at old dumps",
	[STAGE_DMESG] = "saving dmesg",
	[STAGE_SCAN] = "choosing pages",
	[STAGE_COPY] = "copying",
	[STAGE_SYNC] = "waiting for the storage",
	[STAGE_VERIFY] = "verifying",
	[STAGE_FINISH] = "finishing",
};

const char *stage_name(enum stage s)
{
	return (unsigned)s < N_STAGES ? names[s] : "?";
}

void progress_enter(struct progress *p, enum stage s, uint64_t total)
{
	progress_set(&p->done, 0);
	progress_set(&p->settled, 0);
	progress_set(&p->total, total);
	__atomic_store_n(&p->stage, s, __ATOMIC_RELEASE);
	__atomic_fetch_add(&p->alive, 1, __ATOMIC_RELAXED);
}

void format_bytes(uint64_t n, char *text, size_t size)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB" };
	unsigned u = 0;
	double v = n;

	for (; v >= 1024 && u < 5; u++)
		v /= 1024;
	snprintf(text, size, u ? "%.1f %s" : "%.0f %s", v, units[u]);
}

/* Frames and bytes of the stage, rate since it began, and what is left at that rate. */
static void describe(const struct meter *m, const struct progress *p, enum stage stage,
		     double now, char *line, size_t size)
{
	uint64_t unit = stage == STAGE_VERIFY ? 1 : m->page_size;
	uint64_t total = progress_get(&p->total), done = min_u64(progress_get(&p->done), total);
	double elapsed = now - m->stage_began, rate = elapsed > 0 ? done / elapsed : 0;
	char have[32], all[32], speed[32], eta[32] = "", safe[32] = "";

	if (!total) {
		snprintf(line, size, "%s, %.0f s", doings[stage], elapsed);
		return;
	}
	format_bytes(done * unit, have, sizeof(have));
	format_bytes(total * unit, all, sizeof(all));
	format_bytes(rate * unit, speed, sizeof(speed));
	if (rate > 0 && done < total)
		snprintf(eta, sizeof(eta), ", %.0f s left", (total - done) / rate + 0.5);
	if (stage == STAGE_COPY)
		snprintf(safe, sizeof(safe), " (%u%% durable)",
			 (unsigned)(min_u64(progress_get(&p->settled), done) * 100 / total));
	snprintf(line, size, "%-6s %3u%%%s  %s of %s, %s/s%s", names[stage],
		 (unsigned)(done * 100 / total), safe, have, all, speed, eta);
}

bool meter_line(struct meter *m, const struct progress *p, double now, char *line,
		size_t size)
{
	uint32_t stage = __atomic_load_n(&p->stage, __ATOMIC_ACQUIRE);

	if (stage >= N_STAGES)
		return false;
	if (stage != m->stage) {
		m->stage = stage;
		m->stage_began = m->shown = now;
		return false;
	}
	if (now - m->shown < m->every_s)
		return false;
	m->shown = now;
	describe(m, p, stage, now, line, size);
	return true;
}
