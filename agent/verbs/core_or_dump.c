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

#include "base/cleanup.h"
#include "base/err.h"
#include "foreign_file.h"
#include "host/lockdown.h"
#include "ram_copy.h"

#define FLATTENED "makedump"	/* the first bytes of "makedumpfile" */

static void opened(struct core_or_dump *v, const char *format)
{
	v->format = format;
	crash_search(&v->crash);
}

static bool open_dump(struct core_or_dump *v, const struct kdump_paths *files, struct err *e)
{
	if (!crash_open_dump(&v->crash, files, e))
		return false;
	v->is_dump = true;
	v->set = &v->crash.mem.set;
	opened(v, kdump_set_any(v->set)->file.is_flattened ? "kdump-compressed, flattened" :
		  "kdump-compressed");
	return true;
}

static bool open_core(struct core_or_dump *v, const char *path, struct err *e)
{
	if (!crash_open(&v->crash, path, NULL, e))
		return false;
	opened(v, v->crash.core.file.is_flattened ? "ELF core, flattened" : "ELF core");
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
	char magic[FOREIGN_HEAD] = "";
	const char *foreign;
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
	foreign = foreign_file(magic, sizeof(magic));
	if (foreign)
		return fail(e, EINVAL, "%s: %s", path, foreign);
	if (memcmp(magic, KDUMP_SIGNATURE, 8) && memcmp(magic, FLATTENED, 8) &&
	    files->n == 1 && S_ISREG(st.st_mode) &&
	    ram_copy_open(&v->crash, path, st.st_size, CRASH_SEARCH_S)) {
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
	crash_close(&v->crash);
}
