/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The herald's and the fence's children, and who of them brings up the network. */
#include "telling.h"

#include "attempt.h"
#include "base/io.h"
#include "base/log.h"
#include "base/logfmt.h"
#include "capture/crash.h"
#include "capture/reporter.h"
#include "last_line.h"
#include "occasion.h"
#include "target_state.h"
#include "targets/target_kinds.h"

/*
 * Of the first round; whoever died in it may have told already, which is no harm. It brings up
 * the network itself where no target will.
 */
static void start_herald(struct session *s, const struct reporter *reporter, bool brings_net)
{
	const struct kernel *kn = &s->crash->kernel;
	char without[REPORT_WIRE];
	struct logfmt l = logfmt_start(without, sizeof(without));
	const struct herald_words words = { s->host, s->when, reporter, without };

	if (s->attempt->round)
		return;
	logfmt_put(&l, "host", "%.64s", kn->uts[NODENAME]);
	logfmt_put(&l, "kernel", "%.64s", kn->uts[RELEASE]);
	logfmt_put(&l, "what", "unknown");
	herald_start(&s->herald, s->config, &words, brings_net);
}

void telling_start(struct session *s, const struct reporter *reporter)
{
	bool brings_net = true;
	uint32_t *flag;

	if (!s->attempt->occasion->brings_up)
		return;
	for (unsigned i = 0; i < s->config->n_targets; i++)
		brings_net &= target_state_is_out(s, i) ||
			      !target_needs(s->config->targets[i], NEEDS_NET);
	start_herald(s, reporter, brings_net);
	/* Of the two one brings it up. */
	flag = herald_net_flag(&s->herald);
	fence_start(&s->fence, s->config, flag, brings_net && !flag);
}

/* Sent by a second herald, as the first one's child has ended. */
static void tell_last_line(struct session *s)
{
	static const struct reporter nobody;
	double give_up = s->attempt->give_up;
	char line[REPORT_WIRE];
	const struct herald_words words = { s->host, s->when, &nobody, line };
	struct herald herald;

	last_line(s, line, sizeof(line));
	log_info("%s", line);
	if (herald_is_in_vain(&s->herald) || monotonic_seconds() >= give_up)
		return;
	herald_start(&herald, s->config, &words, false);
	herald_net_is_up(&herald);
	herald_wait(&herald, &s->progress->alive);
	herald_end(&herald, give_up, &s->progress->alive);
}

void telling_end(struct session *s)
{
	herald_end(&s->herald, s->attempt->give_up, &s->progress->alive);
	if (s->attempt->occasion->brings_up)
		tell_last_line(s);
	fence_end(&s->fence);
}
