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

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "pages/text_pages.h"

#define ARENA_LEN (128u << 20)

static bool dumpmem_read(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
			 struct err *e)
{
	struct dumpmem *m = (struct dumpmem *)pm;
	uint64_t page_size = m->reader->h.block_size;
	uint8_t *to = buf;

	while (len) {
		size_t n = min_u64(len, page_size - paddr % page_size);
		const uint8_t *page;

		if (!kdump_page(m->reader, paddr / page_size, &page, e))
			return false;
		memcpy(to, page + paddr % page_size, n);
		paddr += n;
		to += n;
		len -= n;
	}
	return true;
}

bool core_or_dump_open_dump(struct core_or_dump *v, const char *path, struct err *e)
{
	struct kdump_subheader *s = &v->reader.s;
	const struct arch *arch;
	struct kernel_source from = { .pm = &v->mem.pm };
	char machine[KDUMP_UTS_LEN];

	memset(v, 0, sizeof(*v));
	v->is_dump = true;
	v->crash.core = ELFCORE_CLOSED;
	if (!arena_init(&v->crash.arena, ARENA_LEN, e))
		return false;
	if (!kdump_open(&v->reader, path, &v->crash.arena, e)) {
		arena_deinit(&v->crash.arena);
		return false;
	}
	v->mem = (struct dumpmem){ .pm.read = dumpmem_read, .reader = &v->reader };
	from.vmcoreinfo = notes_vmcoreinfo(v->reader.notes, s->notes_len,
					   &from.vmcoreinfo_len);
	v->n_cpus = notes_n_cpus(v->reader.notes, s->notes_len);
	memcpy(machine, v->reader.h.uts[MACHINE], sizeof(machine));
	machine[sizeof(machine) - 1] = '\0';
	arch = arch_named(machine);
	from.e_machine = arch ? arch->e_machine : EM_NONE;
	kernel_open(&v->crash.kernel, &from);
	text_pages_check(&v->crash.kernel);
	return true;
}

bool core_or_dump_open(struct core_or_dump *v, const char *path, struct err *e)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char magic[SELFMAG];

	if (fd < 0)
		return fail(e, errno, "%s: cannot open: %s", path, strerror(errno));
	if (read(fd, magic, sizeof(magic)) != sizeof(magic) || memcmp(magic, ELFMAG, SELFMAG))
		return core_or_dump_open_dump(v, path, e);
	memset(v, 0, sizeof(*v));
	if (!crash_open(&v->crash, path, NULL, e))
		return false;
	v->n_cpus = notes_n_cpus(v->crash.core.notes, v->crash.core.notes_len);
	return true;
}

void core_or_dump_close(struct core_or_dump *v)
{
	if (v->is_dump)
		kdump_close(&v->reader);
	crash_close(&v->crash);
}
