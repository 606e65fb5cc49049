/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening a core. Puts the parts of vmcore/, kernel/ and pages/ together. */
#include "crash.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "pages/text_pages.h"

/*
 * Room for tables of any size we accept; only what is touched is ever taken from the
 * machine, a few MiB in practice.
 */
#define ARENA_LEN (512u << 20)

/* Whatever way leads to it. */
static bool is_live(const char *path)
{
	struct stat st, live;

	return !stat(path, &st) && !stat(CRASH_LIVE, &live) && st.st_dev == live.st_dev &&
	       st.st_ino == live.st_ino;
}

double crash_live_s(const struct crash *c)
{
	/* As the scheduler's and the log's clock it stands still while the machine sleeps. */
	return c->is_live ? monotonic_seconds() : 0;
}

bool crash_open(struct crash *c, const char *path, const char *distrust, struct err *e)
{
	memset(c, 0, sizeof(*c));
	c->core = ELFCORE_CLOSED;
	corereader_catch_sigbus();
	if (!arena_init(&c->arena, ARENA_LEN, e))
		return false;
	if (!elfcore_open(&c->core, path, &c->arena, e)) {
		crash_close(c);
		return false;
	}
	corereader_init(&c->reader, &c->core);
	if (c->core.damage[0])
		log_warn("%s: %s", path, c->core.damage);
	c->vmcoreinfo = notes_vmcoreinfo(c->core.notes, c->core.notes_len,
					 &c->vmcoreinfo_len);
	kernel_open(&c->kernel, &(struct kernel_source){
		.pm = &c->reader.pm, .e_machine = c->core.e_machine,
		.vmcoreinfo = distrust ? NULL : c->vmcoreinfo,
		.vmcoreinfo_len = c->vmcoreinfo_len, .text_vaddr = c->core.text_vaddr,
		.text_paddr = c->core.text_start,
	});
	text_pages_check(&c->kernel);
	c->is_live = is_live(path);
	if (distrust)
		snprintf(c->kernel.doubt, sizeof(c->kernel.doubt), "%s", distrust);
	return true;
}

size_t crash_mark(const struct crash *c)
{
	return arena_mark(&c->arena);
}

void crash_release(struct crash *c, size_t mark)
{
	space_forget(&c->kernel.space);
	corereader_leave(&c->reader);
	arena_release(&c->arena, mark);
}

void crash_close(struct crash *c)
{
	corereader_deinit(&c->reader);
	elfcore_close(&c->core);
	arena_deinit(&c->arena);
}
