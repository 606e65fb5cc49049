/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening a core. Puts the parts of vmcore/, kernel/ and pages/ together. */
#include "crash.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "kernel/kernel_search.h"
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

static void open_kernel(struct crash *c, const char *distrust)
{
	c->vmcoreinfo = notes_vmcoreinfo(c->core.notes, c->core.notes_len,
					 &c->vmcoreinfo_len);
	kernel_open(&c->kernel, &(struct kernel_source){
		.pm = c->pm, .e_machine = c->core.e_machine,
		.vmcoreinfo = distrust ? NULL : c->vmcoreinfo,
		.vmcoreinfo_len = c->vmcoreinfo_len, .text_vaddr = c->core.text_vaddr,
		.text_paddr = c->core.text_start,
	});
	text_pages_check(&c->kernel);
}

static bool begin(struct crash *c, struct err *e)
{
	memset(c, 0, sizeof(*c));
	c->core = ELFCORE_CLOSED;
	corereader_catch_sigbus();
	return arena_init(&c->arena, ARENA_LEN, e);
}

bool crash_open(struct crash *c, const char *path, const char *distrust, struct err *e)
{
	if (!begin(c, e))
		return false;
	if (!elfcore_open(&c->core, path, &c->arena, e)) {
		crash_close(c);
		return false;
	}
	corereader_init(&c->reader, &c->core);
	c->pm = &c->reader.pm;
	if (c->core.damage[0])
		log_warn("%s: %s", path, c->core.damage);
	open_kernel(c, distrust);
	c->is_live = is_live(path);
	if (distrust)
		snprintf(c->kernel.doubt, sizeof(c->kernel.doubt), "%s", distrust);
	return true;
}

bool crash_open_dump(struct crash *c, const struct kdump_paths *files, struct err *e)
{
	if (!begin(c, e))
		return false;
	if (!dumpmem_open(&c->mem, files, &c->arena, e) ||
	    !dumpmem_core(&c->mem, &c->core, &c->arena, e)) {
		crash_close(c);
		return false;
	}
	c->dump = files;
	c->pm = &c->mem.pm;
	open_kernel(c, NULL);
	return true;
}

bool crash_find_ranges(struct crash *c, struct err *e)
{
	return !c->dump || dumpmem_ranges(&c->mem, &c->core, &c->arena, e) ||
	       within(e, "%s", c->dump->paths[0]);
}

/* ---- a kernel that nothing is told of ----------------------------------------- */

/* Notes as they were, and one more, whose text is `text`. */
static bool add_note(struct crash *c, const struct vmcoreinfo_text *found, struct err *e)
{
	static const char name[12] = "VMCOREINFO";
	const uint32_t head[3] = { sizeof("VMCOREINFO"), found->len, 0 };
	size_t len = round_up(c->core.notes_len, 4);
	uint8_t *notes = arena_take(&c->arena, len + sizeof(head) + sizeof(name) +
				    round_up(found->len, 4), 1, "notes", e);

	if (!notes)
		return false;
	if (c->core.notes_len)
		memcpy(notes, c->core.notes, c->core.notes_len);
	memcpy(notes + len, head, sizeof(head));
	memcpy(notes + len + sizeof(head), name, sizeof(name));
	c->vmcoreinfo = (char *)notes + len + sizeof(head) + sizeof(name);
	c->vmcoreinfo_len = found->len;
	memcpy(notes + len + sizeof(head) + sizeof(name), found->text, found->len);
	c->core.notes = notes;
	c->core.notes_len = len + sizeof(head) + sizeof(name) + round_up(found->len, 4);
	return true;
}

static bool search(struct crash *c, double seconds)
{
	struct kernel_source from = { .pm = c->pm, .e_machine = c->core.e_machine };
	struct vmcoreinfo_text found;
	struct err ignored;

	if (!kernel_search(&c->kernel, &from, &c->core, seconds, &found))
		return false;
	text_pages_check(&c->kernel);
	return add_note(c, &found, &ignored);
}

void crash_search(struct crash *c)
{
	if (!c->vmcoreinfo && !search(c, CRASH_SEARCH_S))
		text_pages_check(&c->kernel);
}

bool crash_open_ram(struct crash *c, const char *path, const struct ram_layout *layout,
		    double seconds, struct err *e)
{
	if (!begin(c, e))
		return false;
	if (!elfcore_open_ram(&c->core, path, layout, &c->arena, e)) {
		crash_close(c);
		return false;
	}
	corereader_init(&c->reader, &c->core);
	c->pm = &c->reader.pm;
	if (search(c, seconds))
		return true;
	crash_close(c);
	return fail(e, ENOENT, "no kernel is found in it");
}

/* ---- threads ------------------------------------------------------------------ */

bool crash_view_open(struct crash_view *v, struct crash *c, struct err *e)
{
	if (c->dump) {
		v->pm = &v->dump.pm;
		return dumpmem_open(&v->dump, c->dump, &c->arena, e);
	}
	corereader_init(&v->core, &c->core);
	v->pm = &v->core.pm;
	return true;
}

void crash_view_close(struct crash_view *v)
{
	if (v->pm == &v->dump.pm)
		dumpmem_close(&v->dump);
	else
		corereader_deinit(&v->core);
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
	dumpmem_close(&c->mem);
	elfcore_close(&c->core);
	arena_deinit(&c->arena);
}
