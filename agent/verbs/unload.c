/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verb unload: disarming this machine. */
#include "verb.h"

#include "base/err.h"
#include "base/log.h"
#include "kexec/kexec.h"
#include "kexec/loaded.h"
#include "kexec/trace_signals.h"

static const struct option_row options[] = { OPTION_END };

static int run(int argc, char **argv)
{
	struct operands words;
	struct err e;

	if (!verb_options(&verb_unload, NULL, argc, argv, &words))
		return 1;
	if (words.n)
		return usage("unload takes nothing, not '%s'", words.words[0]);
	if (!kexec_unload(&e)) {
		log_info("%s", e.text);
		return 1;
	}
	loaded_forget("");
	if (!trace_signals_disarm("", &e))
		log_warn("%s; who sends signals is noted still", e.text);
	log_info("nothing is loaded now, the next panic is not captured");
	return 0;
}

const struct verb verb_unload = {
	.name = "unload",
	.operands = "",
	.summary = "disarm this machine",
	.options = options,
	.about = "",
	.more = "Exit status: 0 nothing is loaded any more, 1 it could not be taken out.\n",
	.run = run,
};
