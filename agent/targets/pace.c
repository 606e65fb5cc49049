/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How fast a dump went. Manifests lie where others can write: each number is held to bounds. */
#include "pace.h"

#include <stddef.h>

#include "base/jsonread.h"

#define LEAST_LEN (8u << 20)	/* of a dump that is worth measuring */
#define MOST_LEN (UINT64_C(1) << 50)
#define MOST_MS (7u * 86400 * 1000)

bool pace_is_known(const struct pace *p)
{
	return p->ms && p->ms <= 3 * (uint64_t)MOST_MS && p->dump_len >= LEAST_LEN &&
	       p->dump_len <= MOST_LEN && p->kept_len <= MOST_LEN;
}

bool pace_of_manifest(struct pace *p, const struct json_value *manifest)
{
	static const char *const stages[] = { "seconds.copy", "seconds.sync",
					      "seconds.verify" };
	uint64_t len = json_count(manifest, "bytes.dump");
	uint64_t holes = json_count(manifest, "bytes.dump_holes");
	uint64_t present = json_count(manifest, "pages.present");
	uint64_t memory = json_count(manifest, "bytes.memory");
	uint64_t page = present ? memory / present : 0;

	*p = (struct pace){ .dump_len = holes <= len ? len - holes : 0 };
	/* A page has 64 KiB at most. */
	if (page && page <= 65536 && json_count(manifest, "pages.in_dump") <= MOST_LEN / page)
		p->kept_len = json_count(manifest, "pages.in_dump") * page;
	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
		uint64_t more = json_millis(manifest, stages[i]);

		p->ms += more < MOST_MS ? more : MOST_MS;
	}
	return json_is_true(manifest, "complete.value") && pace_is_known(p);
}

uint64_t pace_of_dump(const struct pace *p)
{
	return p->dump_len * 1000 / p->ms;
}

uint64_t pace_of_memory(const struct pace *p)
{
	return p->kept_len * 1000 / p->ms;
}
