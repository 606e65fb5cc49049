/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs load and show find. Where the words lead, and what would be loaded. */
#include "load_plan.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/progress.h"
#include "kexec/bootimage.h"
#include "kexec/kexec.h"
#include "kexec/loaded.h"
#include "ready/capture_cpus.h"

bool load_plan(struct plan *p, struct load_words *w, const struct verb *verb, int argc,
	       char **argv)
{
	struct operands words;
	struct config config;
	struct err e;

	if (!verb_options(verb, w, argc, argv, &words))
		return false;
	if (words.n)
		return !usage("%s: what is '%s'? It takes options only", verb->name,
			      words.words[0]);
	if (w->no_checks && !w->tools)
		return !usage("%s: --no-checks is for --kexec-tools", verb->name);
	if (root_choose(w->config_path, w->want.root, w->config, DEFAULT_CONFIG, &e)) {
		config_take(&config, w->config_path);
		w->standing = config.arming;
		w->want.standing = &w->standing;
		if (plan_make(p, &w->want, &e) &&
		    capture_cpus_plan(p, w->want.root, &config, &e))
			return true;
	}
	log_info("%s", e.text);
	return false;
}

/* "kernel     FACTS"; a kernel that is not there is not shown as if it were. */
static bool show_kernel(const struct plan *p)
{
	struct bootimage b;
	struct err e;
	char len[32], run[32];

	printf("kernel    %s\n", p->kernel);
	if (!bootimage_open(&b, p->kernel, &e)) {
		log_info("%s", e.text);
		return false;
	}
	format_bytes(b.len, len, sizeof(len));
	format_bytes(b.run_len, run, sizeof(run));
	printf("          Linux %s, %s, takes %s to start; %s\n",
	       b.version[0] ? b.version : "of an unknown version", len, run, p->why);
	bootimage_close(&b);
	return true;
}

static bool show_image(const struct plan *p)
{
	struct file_fact f;
	struct err e;
	char len[32];

	printf("image     %s\n", p->initrd);
	if (!file_fact(&f, p->initrd, &e)) {
		log_info("image %s (crashbox image makes it)", e.text);
		return false;
	}
	format_bytes(f.size, len, sizeof(len));
	printf("          %s, sha256 %.16s...\n", len, f.sha256);
	return true;
}

static void show_words(const struct plan *p)
{
	const char *at = p->running, *word;
	char one[256];
	size_t len;

	printf("command   %s\n", p->cmdline);
	while (cmdline_word(&at, &word, &len)) {
		const char *why;

		snprintf(one, sizeof(one), "%.*s", (int)(len < 255 ? len : 255), word);
		why = cmdline_dropped(one, p->remove);
		if (why)
			printf("left out  %s: %s\n", one, why);
	}
}

static bool show_targets(const char *path)
{
	struct config config;
	struct err e;

	config_init(&config);
	if (!config_file(&config, path, &e)) {
		log_info("%s", e.text);
		return false;
	}
	for (unsigned i = 0; i < config.n_targets; i++)
		printf("target %u  %s\n", i + 1, config.targets[i]);
	return true;
}

int load_plan_show(const struct plan *p, const struct load_words *w)
{
	struct kexec_state state;
	char size[32];
	bool ok = true;

	if (w->only_cmdline) {
		puts(p->cmdline);
		return 0;
	}
	ok &= show_kernel(p);
	ok &= show_image(p);
	show_words(p);
	ok &= show_targets(w->config_path);
	kexec_state(&state, w->want.root);
	format_bytes(state.reserved, size, sizeof(size));
	printf("reserved  %s%s\n",
	       state.reserved ? size : "nothing: boot with crashkernel=SIZE",
	       state.loaded ? ", something is loaded" : "");
	return ok ? 0 : 1;
}
