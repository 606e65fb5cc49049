/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verb estimate: advice on crashkernel=: what was measured for such a kernel and
 * target, what this machine's drivers add, and what earlier captures of this machine have
 * used.
 */
#include "verb.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/log.h"
#include "base/progress.h"
#include "dump_facts.h"
#include "dump_place.h"
#include "image/drivers.h"
#include "image/module_memory.h"
#include "image/net_drivers.h"
#include "kexec/bootimage.h"
#include "kexec/kexec.h"
#include "kexec/plan.h"
#include "machine/guard.h"
#include "ready/advice.h"
#include "ready/memory_table.h"
#include "targets/target_kinds.h"

#define MIB (1u << 20)
#define WORK_MIB 64	/* the agent, its buffers, the kernel's own tables: seen to be less */
#define LATEST 16	/* earlier captures that are looked at */

struct estimate {
	struct plan plan;
	const char *root;
	struct dump_places places;
	uint64_t needed;	/* bytes */
	bool no_earlier;
	struct store_entry *entries;
	char *text;		/* for manifests */
};

static void line(const char *what, uint64_t len, const char *why)
{
	char text[32];

	format_bytes(len, text, sizeof(text));
	printf("%-10s %10s  %s\n", what, text, why);
}

/* Where nobody has measured: the copies that lie in memory at the same time. */
static bool reckon(struct estimate *s, struct err *e)
{
	struct bootimage b;
	struct stat image = { 0 };

	if (!bootimage_open(&b, s->plan.kernel, e))
		return false;
	line("kernel", b.len + b.run_len, "the file, and what it takes to start; not measured");
	s->needed += b.len + b.run_len;
	bootimage_close(&b);
	if (!stat(s->plan.initrd, &image))
		line("image", image.st_size * 3, "as it is, and unpacked");
	s->needed += image.st_size * 3 + WORK_MIB * (uint64_t)MIB;
	line("work", WORK_MIB * (uint64_t)MIB, "for the agent and the kernel's tables");
	return true;
}

/* Another kernel is a larger one than that which was measured, as a rule. */
static bool add_larger(struct estimate *s, const struct memory_row *m)
{
	uint64_t had = m->run_mib * (uint64_t)MIB;
	struct bootimage b;
	struct err ignored;

	if (!bootimage_open(&b, s->plan.kernel, &ignored))
		return false;
	if (b.run_len > had) {
		line("kernel", b.run_len - had, "that it takes more to start than the one "
		     "that was measured");
		s->needed += b.run_len - had;
	}
	bootimage_close(&b);
	return true;
}

static bool add_measured(struct estimate *s, const char *kernel, unsigned ram_gib)
{
	const struct config *config = &s->places.config;
	const struct memory_row *most = NULL;
	char why[120];

	for (unsigned i = 0; i < config->n_targets; i++) {
		const struct memory_row *m =
			advice_row(kernel, target_kind_of(config->targets[i])->name,
				   ram_gib);

		if (!m)
			return false;
		if (!most || m->mib > most->mib)
			most = m;
	}
	if (!most || !add_larger(s, most))
		return false;
	snprintf(why, sizeof(why), "the least that was seen to do: kernel %s, target %s, %u "
		 "GiB", most->kernel, most->target, most->ram_gib);
	line("measured", most->mib * (uint64_t)MIB, why);
	s->needed += most->mib * (uint64_t)MIB;
	return true;
}

/* Of the interfaces that a net line names, or of those that are up where none is. */
static void add_net_drivers(const struct config *c, struct drivers *d)
{
	bool is_wanted = config_needs(c, NEEDS_NET);
	struct err e;

	for (unsigned i = 0; is_wanted && i < c->n_nets; i++)
		if (!net_drivers_add_spec(d, &c->nets[i], true, &e))
			log_info("%s", e.text);
	if (is_wanted && !c->n_nets && !net_drivers_add_up(d, &e))
		log_info("%s", e.text);
}

/* Those of our kernel are built in, and were measured with it. */
static void add_drivers(struct estimate *s)
{
	struct drivers d = { .root = s->root };
	char names[400] = "";
	struct err e;
	uint64_t len;

	for (unsigned i = 0; i < s->places.config.n_targets; i++)
		if (!drivers_target(&d, s->places.config.targets[i], &e))
			log_info("%s", e.text);
	add_net_drivers(&s->places.config, &d);
	if (!drivers_watchdogs(&d, &e))
		log_info("%s", e.text);
	len = module_memory_sum(&d);
	for (unsigned i = 0; i < d.n; i++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
			 i ? " " : "", d.names[i]);
	if (!d.n)
		return;
	line("drivers", len, names);
	s->needed += len;
}

/* What the newest captures in a place had in use at most. */
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
	return true;
}

/* A floor, not an advice: the capture kernel itself is not in it. */
static void show_earlier(struct estimate *s)
{
	struct arena *a = &s->places.arena;
	struct err e;

	s->entries = arena_take(a, MAX_DUMPS, sizeof(s->entries[0]), "dumps", &e);
	s->text = arena_take(a, MANIFEST_READ, 1, "manifest", &e);
	for (unsigned i = 0; s->entries && s->text && i < s->places.config.n_targets; i++)
		if (!dump_place_visit(&s->places, s->places.config.targets[i], look, s, &e))
			log_info("earlier captures are not known: %s", e.text);
}

static int advise(struct estimate *s)
{
	bool is_own = plan_is_own(s->root, s->plan.kernel);
	const char *as = advice_kernel(is_own, s->plan.kernel);
	unsigned ram_gib = advice_ram_gib(s->root);
	struct kexec_state state;
	struct err e;

	printf("kernel     %s (%s), machine of %u GiB\n", s->plan.kernel, s->plan.why, ram_gib);
	if (!add_measured(s, as, ram_gib) && !reckon(s, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	if (!is_own)
		add_drivers(s);
	if (!s->no_earlier)
		show_earlier(s);
	kexec_state(&state, s->root);
	if (state.reserved)
		line("reserved", state.reserved, "now");
	printf("crashkernel=%uM\n", advice_with_margin(s->needed));
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
	struct arming standing;
	struct estimate_words w = { .want = { .root = "", .standing = &standing } };
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
	plan_standing(&standing, s->places.config_file);
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
"this machine; and a quarter on top. What earlier captures on the targets had in use is\n"
"shown beside it, but for --no-earlier, which asks no server.\n",
	.more =
"Exit status: 0, or 1 when there is no configuration or no kernel to go by.\n",
	.run = run,
};
