/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kexec/trace_signals on a made-up tracefs: what is written to it, and what is in the way. */
#include "kexec/trace_signals.h"

#include "base/err.h"
#include "folder.h"
#include "t.h"

#define RING "sys/kernel/tracing/instances/crashbox"
#define EVENT RING "/events/signal/signal_generate"
#define TAKEN RING "/events/signal/signal_deliver"

static void make_folder(const char *path)
{
	char command[500];

	snprintf(command, sizeof(command), "mkdir -p %s", at(path));
	if (system(command))
		abort();
}

/* What the kernel makes when the ring is made; a made-up one has to have it before. */
static void make_ring(void)
{
	make_folder(EVENT);
	make_folder(TAKEN);
	put_file(RING "/buffer_size_kb", "1408\n");
	put_file(RING "/tracing_on", "0\n");
	put_file(EVENT "/filter", "none\n");
	put_file(EVENT "/enable", "0\n");
	put_file(TAKEN "/filter", "none\n");
	put_file(TAKEN "/enable", "0\n");
}

int main(void)
{
	char command[64];
	struct err e;

	if (!mkdtemp(root))
		abort();
	T_CHECK("there is no tracefs", !trace_signals_arm(root, &e));
	T_CHECK("which it says", strstr(e.text, "tracefs cannot be mounted"));
	T_CHECK("nothing is there", !trace_signals_is_there(root));
	T_CHECK("taking away what is not there", trace_signals_disarm(root, &e));
	make_ring();
	T_CHECK("there, and not armed", trace_signals_is_there(root) &&
					!trace_signals_is_armed(root));
	T_CHECK("arming", trace_signals_arm(root, &e));
	T_CHECK("is armed", trace_signals_is_armed(root));
	T_CHECK("a small ring", !strncmp(text_of(RING "/buffer_size_kb"), "64", 2));
	T_CHECK("the four signals", strstr(text_of(EVENT "/filter"),
					   "sig == 9 || sig == 15 || sig == 6 || sig == 11"));
	T_CHECK("of init alone, that it took one", strstr(text_of(TAKEN "/filter"),
							  "common_pid == 1 && (sig == 9"));
	T_CHECK("armed, too", !strncmp(text_of(TAKEN "/enable"), "1", 1));
	T_CHECK("once more", trace_signals_arm(root, &e));
	put_file(RING "/tracing_on", "0\n");
	T_CHECK("somebody has stopped the ring", !trace_signals_is_armed(root));
	/* Unlike the kernel's, this folder cannot be removed as a whole. */
	T_CHECK("a ring that is in use", !trace_signals_disarm(root, &e));
	T_CHECK("which it says", strstr(e.text, "nobody may have a file of it open"));
	T_CHECK("is not armed any more", !strncmp(text_of(EVENT "/enable"), "0", 1));
	T_CHECK("nor is the other", !strncmp(text_of(TAKEN "/enable"), "0", 1));
	if (unlink(at(EVENT "/filter")))
		abort();
	T_CHECK("a kernel without filters", !trace_signals_arm(root, &e));
	T_CHECK("names the file", strstr(e.text, "signal_generate/filter"));
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) || t_done();
}
