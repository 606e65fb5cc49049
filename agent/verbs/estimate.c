/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verb estimate: advice on crashkernel=: what was measured for such a kernel and
 * target, what this machine's drivers add, and what earlier captures of this machine have
 * used.
 */
#include "verb.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/log.h"
#include "base/numbers.h"
#include "base/progress.h"
#include "dump_facts.h"
#include "dump_place.h"
#include "kexec/kexec.h"
#include "kexec/plan.h"
#include "machine/guard.h"
#include "ready/advice.h"
#include "ready/capture_cpus.h"
#include "ready/capture_time.h"
#include "ready/memory_need.h"
#include "targets/earlier_crashes.h"
#include "targets/folder_name.h"
#include "targets/past.h"

#define LATEST 16	/* earlier captures that are looked at */

struct estimate {
	struct plan plan;
	const char *root;
	struct dump_places places;
	struct memory_need need;
	bool no_earlier;
	struct pace paces[MAX_TARGETS];		/* of the last dump on each */
	unsigned nr;				/* of the target that is looked at */
	struct store_entry *entries;
	char *text;		/* for manifests */
};

static void line(const char *what, uint64_t len, const char *why)
{
	char text[32];

	format_bytes(len, text, sizeof(text));
	printf("%-10s %10s  %s\n", what, text, why);
}

static void look_at_pace(struct estimate *s, struct dump_place *at)
{
	const struct config *config = &s->places.config;
	char host[FOLDER_HOST_MAX];
	const struct crash_id id = { .host = host };
	const struct past past = { &at->store, &id, &s->places.arena, &s->places.steps };

	folder_name_here(config->host, config->machine_id, host);
	earlier_crashes_pace(&past, &s->paces[s->nr]);
}

/* What the newest captures in a place had in use at most, and how fast the last one was. */
static bool look(void *ctx, struct dump_place *at, struct err *e)
{
	struct estimate *s = ctx;
	struct store_entries all = { s->entries, MAX_DUMPS, 0, &s->places.steps };
	unsigned n_told = 0;
	uint64_t most = 0;
	char why[400];

	if (!store_list(&at->store, NULL, &all, e))
		return false;
	for (unsigned i = all.n > LATEST ? all.n - LATEST : 0; i < all.n; i++) {
		struct dump_facts facts;

		dump_facts_read(&facts, &at->store, &s->entries[i], s->text);
		s->places.steps++;
		if (!facts.has_manifest)
			continue;
		n_told++;
		most = max_u64(most, json_count(&facts.manifest, "peak_memory_bytes.system"));
	}
	snprintf(why, sizeof(why), "the most in use in %u captures on %s", n_told, at->words);
	if (n_told)
		line("earlier", most, why);
	look_at_pace(s, at);
	return true;
}

/* A floor, not an advice: the capture kernel itself is not in it. */
static void show_earlier(struct estimate *s)
{
	struct arena *a = &s->places.arena;
	struct err e;

	s->entries = arena_take(a, MAX_DUMPS, sizeof(s->entries[0]), "dumps", &e);
	s->text = arena_take(a, MANIFEST_READ, 1, "manifest", &e);
	for (unsigned i = 0; s->entries && s->text && i < s->places.config.n_targets; i++) {
		s->nr = i;
		if (!dump_place_visit(&s->places, s->places.config.targets[i], look, s, &e))
			log_info("earlier captures are not known: %s", e.text);
	}
}

/* How long a capture of this moment would take to each target. */
static void show_time(const struct estimate *s)
{
	const struct config *config = &s->places.config;
	struct capture_facts f = { .kept_len = capture_kept_len(s->root, config) };
	char kept[32], seconds[SECONDS_TEXT];
	struct capture_time t;

	format_bytes(f.kept_len, kept, sizeof(kept));
	for (unsigned i = 0; i < config->n_targets && f.kept_len; i++) {
		capture_pace(&f, &s->paces[i], s->root, config->targets[i]);
		capture_time(&t, &f);
		number_format_seconds(min_u64(t.now_s, UINT_MAX), seconds);
		printf("%-10s %10s  for the %s that a dump now has, to %s, %s%s%s\n",
		       "time", seconds, kept, config->targets[i],
		       f.origin == PACE_ASSUMED ? "at a pace " : "",
		       pace_origin_words(f.origin),
		       t.now_s > config->deadline_s ? ": more than the deadline" : "");
	}
}

static void not_found(const struct err *e)
{
	log_info("%s", e->text);
}

/* All but the first one, with room for as many as are worth it; returns what they take. */
static uint64_t show_cpus(const struct estimate *s, const struct memory_want *want,
			  const struct memory_need *need)
{
	struct cpus_choice is, c;
	struct cpus_facts f;
	char text[CPUS_TEXT];
	uint64_t len;

	capture_cpus_facts(&f, want, need, &s->plan);
	is = capture_cpus(&f);
	capture_cpus_tell(text, &f, &is);
	f.reserved_len = UINT64_MAX;
	c = capture_cpus(&f);
	len = capture_cpus_len(&f, c.n);
	line("CPUs", len, text);
	return len;
}

static int advise(struct estimate *s)
{
	const struct memory_want want = {
		.root = s->root, .kernel = s->plan.kernel, .initrd = s->plan.initrd,
		.config = &s->places.config, .told = not_found,
	};
	struct memory_need *need = &s->need;
	struct kexec_state state;
	uint64_t cpus_len;
	struct err e;

	printf("kernel     %s (%s), machine of %u GiB\n", s->plan.kernel, s->plan.why,
	       advice_ram_gib(s->root));
	if (!memory_need(need, &want, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	for (unsigned i = 0; i < need->n; i++)
		line(need->parts[i].what, need->parts[i].len, need->parts[i].why);
	cpus_len = show_cpus(s, &want, need);
	if (!s->no_earlier)
		show_earlier(s);
	show_time(s);
	kexec_state(&state, s->root);
	if (state.reserved)
		line("reserved", state.reserved, "now");
	printf("crashkernel=%uM\n", advice_with_margin(need->len + cpus_len));
	return 0;
}

struct estimate_words {
	struct plan_want want;
	const char *config, *ssh;
	bool no_earlier;
};

static const struct option_row options[] = {
	OPTION_TEXT("config", "FILE", struct estimate_words, config, .help = ""),
	OPTION_TEXT("kernel", "K", struct estimate_words, want.kernel, .help = ""),
	OPTION_TEXT("initrd", "I", struct estimate_words, want.initrd, .help = ""),
	OPTION_TEXT("ssh", "PROGRAM", struct estimate_words, ssh, .help = ""),
	OPTION_FLAG("no-earlier", struct estimate_words, no_earlier, .help = ""),
	OPTION_ROOT(struct estimate_words, want.root),
	OPTION_END
};

static int run(int argc, char **argv)
{
	struct config standing;
	struct estimate_words w = { .want = { .root = "",
					      .standing = &standing.arming } };
	struct operands words;
	struct estimate *s;
	char config[HOST_PATH_MAX];
	struct err e;
	int status;

	if (!verb_options(&verb_estimate, &w, argc, argv, &words))
		return 1;
	if (words.n)
		return usage("estimate: what is '%s'? It takes options only", words.words[0]);
	s = guard_share(sizeof(*s), &e);
	if (!s)
		return log_info("%s", e.text), 1;
	s->root = w.want.root;
	s->no_earlier = w.no_earlier;
	s->places.ssh = w.ssh;
	s->places.config_file = w.config;
	if (root_choose(config, s->root, w.config, DEFAULT_CONFIG, &e))
		s->places.config_file = config;
	config_take(&standing, s->places.config_file);
	if (!plan_make(&s->plan, &w.want, &e) || !dump_places_init(&s->places, true, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	status = advise(s);
	dump_places_deinit(&s->places);
	return status;
}

const struct verb verb_estimate = {
	.name = "estimate",
	.operands = "",
	.summary = "how much memory to reserve with crashkernel=",
	.options = options,
	.about =
"Prints what it is made of, and the words for the kernel's command line last: the least\n"
"that was seen to do for such a kernel and such targets, or, where nobody has measured, what\n"
"the files say; the modules that the targets' disks, file systems and network cards take on\n"
"this machine; CPUs that are worth it (cpus in crashbox.conf(5)); and a quarter on top. What\n"
"earlier captures on the targets had in use is shown beside it, but for --no-earlier, which\n"
"asks no server. And how long a capture of this moment would take to each target: as fast as\n"
"the last dump of this machine there, else as the last `crashbox test`.\n",
	.more =
"Exit status: 0, or 1 when there is no configuration or no kernel to go by.\n",
	.run = run,
};
