/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long a capture takes: what there is to copy, at the pace of an earlier one. */
#include "capture_time.h"

#include "base/err.h"
#include "base/meminfo.h"
#include "config/config.h"
#include "host/root.h"
#include "test_paces.h"

/* Of a level. */
#define LEAVES_CACHE (2 | 4)
#define LEAVES_USER 8
#define LEAVES_FREE 16

#define PAGES_OF_MAP 64		/* a frame's struct page is a 64th of it */

/*
 * A slow disk, and what one CPU packs; a dump is about a third of the memory that is in it.
 */
static const struct pace assumed = { 50000000, 150000000, 1000 };

const char *pace_origin_words(enum pace_origin origin)
{
	static const char *const words[] = {
		[PACE_ASSUMED] = "which is assumed", [PACE_OF_TEST] = "as the last test",
		[PACE_OF_LAST_DUMP] = "as the last dump",
	};

	return words[origin];
}

void capture_pace(struct capture_facts *f, const struct pace *last_dump, const char *root,
		  const char *target)
{
	f->pace = *last_dump;
	f->origin = pace_is_known(&f->pace) ? PACE_OF_LAST_DUMP
		    : test_pace_read(&f->pace, root, target) ? PACE_OF_TEST : PACE_ASSUMED;
}

void capture_time(struct capture_time *t, const struct capture_facts *f)
{
	const struct pace *p = f->origin == PACE_ASSUMED ? &assumed : &f->pace;

	*t = (struct capture_time){ .memory_rate = pace_of_memory(p),
				    .dump_rate = pace_of_dump(p) };
	if (t->dump_rate)
		t->most_s = CAPTURE_START_S + f->dump_len / t->dump_rate;
	if (t->memory_rate && f->kept_len)
		t->now_s = CAPTURE_START_S + f->kept_len / t->memory_rate;
}

uint64_t capture_kept_len(const char *root, const struct config *config)
{
	static const struct left_out {
		unsigned level;	/* all of these bits */
		const char *line;
	} left_out[] = {
		{ LEAVES_FREE, "MemFree" },
		{ LEAVES_CACHE, "Buffers" },
		{ LEAVES_CACHE, "Cached" },
		{ LEAVES_CACHE, "SwapCached" },
		{ LEAVES_USER, "AnonPages" },
		{ LEAVES_USER, "Hugetlb" },
	};
	char text[8192];
	struct err ignored;
	uint64_t kept, total, left = 0;

	if (!root_read(root, "/proc/meminfo", text, sizeof(text), &ignored))
		return 0;
	total = meminfo_len(text, "MemTotal");
	for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++)
		if ((config->level & left_out[i].level) == left_out[i].level)
			left += meminfo_len(text, left_out[i].line);
	/* The map of pages is of what the kernel took before it counted its total. */
	kept = total / PAGES_OF_MAP;
	return left < total ? kept + total - left : kept;
}
