/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes reports of a core whose memory lies: pokereport CORE ROUNDS. In each round another
 * share of the words that are read is replaced, from some read on: by noise, by small
 * numbers, by other words that were read before, which are good pointers to the wrong thing.
 * A report must come of it each time, within its time. Prints what became of them; exit 1 if
 * one took too long.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/jsonwrite.h"
#include "triage/report_json.h"
#include "triage/report_make.h"
#include "triage/report_text.h"
#include "verbs/core_or_dump.h"

/* What a report looks at must outlive who made it. */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "detect_stack_use_after_return=1";
}

#define SEEN 4096
#define BUDGET_S 5.0
#define LATE_S 2.0
#define TEXT_LEN (256u << 10)
#define JSON_LEN (16u << 20)

struct liar {
	struct physmem pm;	/* first, so that it is one */
	struct physmem *source;
	uint64_t seed;
	unsigned share;		/* one in so many words, 0 none */
	uint64_t seen[SEEN];	/* words that were read */
	uint64_t n_lies, n_reads;
	uint64_t truth;		/* reads before the first lie */
};

static uint64_t draw(struct liar *l, uint64_t below)
{
	l->seed ^= l->seed << 13;
	l->seed ^= l->seed >> 7;
	l->seed ^= l->seed << 17;
	return l->seed % below;
}

static uint64_t lie(struct liar *l)
{
	l->n_lies++;
	switch (draw(l, 4)) {
	case 0:
		return draw(l, UINT64_MAX);
	case 1:
		return draw(l, 1 << 16);
	case 2:
		return UINT64_MAX - draw(l, 1 << 16);
	default:
		return l->seen[draw(l, SEEN)];
	}
}

static bool read_some(struct physmem *pm, paddr_t paddr, void *buf, size_t len, struct err *e)
{
	struct liar *l = (struct liar *)pm;
	uint8_t *at = buf;
	bool lies = l->n_reads++ >= l->truth;

	if (!physmem_read(l->source, paddr, buf, len, e))
		return false;
	for (size_t off = 0; off + 8 <= len; off += 8) {
		uint64_t word;

		memcpy(&word, at + off, 8);
		if (word >> 47 == 0x1ffff)
			l->seen[draw(l, SEEN)] = word;
		if (lies && !draw(l, l->share)) {
			word = lie(l);
			memcpy(at + off, &word, 8);
		}
	}
	/* Bytes of tables, too. */
	if (lies && len && !draw(l, l->share))
		at[draw(l, len)] ^= 1 << draw(l, 8);
	return true;
}

struct round {
	struct core_or_dump *v;
	char *text, *json;
	unsigned n_levels[3];
	double longest_s;
};

static void make_one(struct round *round, struct liar *l)
{
	struct arena *arena = &round->v->crash.arena;
	struct kernel *kernel = &round->v->crash.kernel;
	double begun = monotonic_seconds(), took;
	uint64_t alive = 0;
	const struct bounds bounds = { .until = begun + BUDGET_S, .mem_len = arena->len,
				       .alive = &alive };
	const struct report_want want = { .kernel = kernel, .arena = arena, .bounds = &bounds,
					  .notes = round->v->crash.core.notes,
					  .notes_len = round->v->crash.core.notes_len };
	size_t mark = arena_mark(arena);
	struct report *r;
	struct json j;
	struct err e;

	r = arena_take(arena, 1, sizeof(*r), "report", &e);
	kernel->space.pm = &l->pm;
	kernel->space.last = (struct leaf){ .len = 0 };	/* what it learnt from lies */
	tables_init(&kernel->tables, &kernel->space);
	if (!r || !report_begin(r, &want, &e)) {
		fprintf(stderr, "pokereport: %s\n", e.text);
		exit(2);
	}
	report_read_memory(r);
	report_text(r, round->text, TEXT_LEN);
	json_init(&j, round->json, JSON_LEN);
	report_json(r, &j);
	json_end(&j, &e);
	round->n_levels[r->level]++;
	took = monotonic_seconds() - begun;
	if (took > round->longest_s)
		round->longest_s = took;
	arena_release(arena, mark);
}

int main(int argc, char **argv)
{
	static const unsigned shares[] = { 0, 100000, 10000, 2000, 500, 100, 20 };
	struct core_or_dump v;
	struct round round = { .v = &v };
	struct liar *l = calloc(1, sizeof(*l));
	uint64_t n_reads = 1;
	unsigned n = argc == 3 ? (unsigned)atoi(argv[2]) : 0;
	struct err e;

	if (!n || !core_or_dump_open(&v, &(struct kdump_paths){ argv + 1, 1 }, &e)) {
		fprintf(stderr, "pokereport: %s\n",
			n ? e.text : "usage: pokereport CORE ROUNDS");
		return 2;
	}
	round.text = malloc(TEXT_LEN);
	round.json = malloc(JSON_LEN);
	*l = (struct liar){ .pm.read = read_some, .source = v.crash.kernel.space.pm };
	for (unsigned i = 0; i < n; i++) {
		l->seed = 88172645463325252ULL + 7919 * i;
		l->share = shares[i % (sizeof(shares) / sizeof(shares[0]))];
		l->truth = l->share ? draw(l, n_reads) : UINT64_MAX;
		l->n_reads = 0;
		make_one(&round, l);
		/* The first tells only the truth. */
		if (!i)
			n_reads = l->n_reads;
	}
	printf("%u reports: %u by types, %u by symbols, %u by the log; %llu lies; the longest "
	       "took %.2f s\n", n, round.n_levels[LEVEL_TYPES], round.n_levels[LEVEL_SYMBOLS],
	       round.n_levels[LEVEL_LOG], (unsigned long long)l->n_lies, round.longest_s);
	core_or_dump_close(&v);
	free(round.text);
	free(round.json);
	free(l);
	return round.longest_s > BUDGET_S + LATE_S;
}
