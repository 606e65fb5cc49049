/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening a core or a dump. Tells the two apart by their first bytes; dumps are read
 * through kdumpread.
 */
#include "core_or_dump.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "host/lockdown.h"
#include "kernel/kernel_search.h"
#include "pages/text_pages.h"
#include "ram_copy.h"

#define SEARCH_S 60.0
#define FLATTENED "makedump"	/* the first bytes of "makedumpfile" */
#define ARENA_LEN (512u << 20)	/* only what is touched is taken */

static bool dumpmem_read(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
			 struct err *e)
{
	struct dumpmem *m = (struct dumpmem *)pm;
	uint64_t page_size = kdump_set_any(m->set)->h.block_size;
	uint8_t *to = buf;

	while (len) {
		size_t n = min_u64(len, page_size - paddr % page_size);
		const uint8_t *page;

		if (!kdump_set_page(m->set, paddr / page_size, &page, e))
			return false;
		memcpy(to, page + paddr % page_size, n);
		paddr += n;
		to += n;
		len -= n;
	}
	return true;
}

/* QEMU's dumps may have no VMCOREINFO. It is in the guest's memory. */
static void open_kernel(struct core_or_dump *v, const struct kernel_source *from,
			const struct ram_range *ranges, size_t n_ranges)
{
	if (from->vmcoreinfo)
		kernel_open(&v->crash.kernel, from);
	else
		kernel_search(&v->crash.kernel, from, ranges, n_ranges, SEARCH_S);
	text_pages_check(&v->crash.kernel);
}

static void take_notes(struct core_or_dump *v, const uint8_t *notes, size_t len)
{
	v->notes = notes;
	v->notes_len = len;
	v->n_cpus = notes_n_cpus(notes, len);
}

static bool open_dump(struct core_or_dump *v, const struct kdump_paths *files, struct err *e)
{
	const struct kdump_reader *r;
	const struct arch *arch;
	struct kernel_source from = { .pm = &v->mem.pm };
	char machine[KDUMP_UTS_LEN];
	struct ram_range all;

	v->crash.core = ELFCORE_CLOSED;
	if (!arena_init(&v->crash.arena, ARENA_LEN, e))
		return false;
	if (!kdump_set_open(&v->set, files, &v->crash.arena, e)) {
		arena_deinit(&v->crash.arena);
		return false;
	}
	v->is_dump = true;
	r = kdump_set_any(&v->set);
	v->mem = (struct dumpmem){ .pm.read = dumpmem_read, .set = &v->set };
	from.vmcoreinfo = notes_vmcoreinfo(r->notes, r->s.notes_len, &from.vmcoreinfo_len);
	v->format = r->file.is_flattened ? "kdump-compressed, flattened" : "kdump-compressed";
	take_notes(v, r->notes, r->s.notes_len);
	memcpy(machine, r->h.uts[MACHINE], sizeof(machine));
	machine[sizeof(machine) - 1] = '\0';
	arch = arch_named(machine);
	from.e_machine = arch ? arch->e_machine : EM_NONE;
	all = (struct ram_range){ 0, r->max_pfn * r->h.block_size, 0 };
	open_kernel(v, &from, &all, 1);
	return true;
}

static bool open_core(struct core_or_dump *v, const char *path, struct err *e)
{
	struct crash *c = &v->crash;

	if (!crash_open(c, path, NULL, e))
		return false;
	v->format = c->core.file.is_flattened ? "ELF core, flattened" : "ELF core";
	take_notes(v, c->core.notes, c->core.notes_len);
	if (!c->vmcoreinfo)
		open_kernel(v, &(struct kernel_source){ .pm = &c->reader.pm,
							.e_machine = c->core.e_machine },
			    c->core.ranges, c->core.n_ranges);
	return true;
}

/* Of this machine's own memory the reason is known better. */
static bool cannot_open(const char *path, int code, struct err *e)
{
	struct lockdown l;

	if (strcmp(path, CRASH_LIVE))
		return fail(e, code, "%s: cannot open: %s", path, strerror(code));
	lockdown_read(&l, "");
	if (code == ENOENT)
		return fail(e, code, "%s: this kernel has none (CONFIG_PROC_KCORE), so the "
			    "memory of the machine as it is cannot be looked at", path);
	if (!strcmp(l.mode, "confidentiality"))
		return fail(e, code, "%s: this kernel is locked down (%s) and shows nobody its "
			    "memory: boot it without, or look at a dump", path, l.mode);
	return fail(e, code, "%s: cannot open: %s%s", path, strerror(code),
		    geteuid() ? "; only root may" : "");
}

bool core_or_dump_open(struct core_or_dump *v, const struct kdump_paths *files,
		       struct err *e)
{
	const char *path = files->paths[0];
	cleanup_fd int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char magic[8] = "";
	struct stat st;

	memset(v, 0, sizeof(*v));
	if (fd < 0)
		return cannot_open(path, errno, e);
	if (fstat(fd, &st))
		return fail(e, errno, "%s: cannot be looked at: %s", path, strerror(errno));
	if (S_ISREG(st.st_mode) && read(fd, magic, sizeof(magic)) < 0)
		return fail(e, errno, "%s: cannot be read: %s", path, strerror(errno));
	if (!memcmp(magic, ELFMAG, SELFMAG) && files->n > 1)
		return fail(e, EINVAL, "%s: a core, which is one file: name no other with it",
			    path);
	if (!memcmp(magic, ELFMAG, SELFMAG))
		return open_core(v, path, e);
	if (memcmp(magic, KDUMP_SIGNATURE, sizeof(magic)) && memcmp(magic, FLATTENED, 8) &&
	    files->n == 1 && S_ISREG(st.st_mode) &&
	    ram_copy_open(&v->crash, path, st.st_size, SEARCH_S)) {
		v->format = "copy of RAM";
		v->is_ram_copy = true;
		return true;
	}
	if (open_dump(v, files, e))
		return true;
	/* Only whoever has put a flattened one together knows what it is. */
	return e->code == EMEDIUMTYPE && files->n == 1 && open_core(v, path, e);
}

void core_or_dump_close(struct core_or_dump *v)
{
	if (v->is_dump)
		kdump_set_close(&v->set);
	crash_close(&v->crash);
}
