/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QEMU's options. It runs in the folder of its files, so that their names are short. */
#include "qemu.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "guest_words.h"
#include "machine/child.h"
#include "tool.h"

#define SLACK_MIB 128		/* of the target, beside a dump of all memory */
#define ROOT_SIZE "64G"		/* of a disk with holes: the most that a folder may hold */

/* ---- disks ------------------------------------------------------------------ */

/* Without a journal all that was synced is where it belongs, and debugfs sees it. */
static bool make_disk(const struct vm_folders *at, const char *name, const char *size,
		      const char *from, struct err *e)
{
	char path[HOST_PATH_MAX];
	const char *const argv[] = {
		"mke2fs", "-q", "-F", "-t", "ext4", "-O", "^has_journal", "-m", "0",
		"-E", "root_owner=0:0", "-L", from ? "root" : GUEST_TARGET_LABEL,
		path, size, from ? "-d" : NULL, from, NULL,
	};

	vm_path(path, at->work, name);
	return tool_run(argv, at, NULL, e) || within(e, "disk %s", name);
}

bool qemu_make_disks(const struct vm_want *w, const struct vm_folders *at, struct err *e)
{
	char size[16];

	snprintf(size, sizeof(size), "%uM", w->memory_mib + SLACK_MIB);
	return make_disk(at, VM_TARGET, size, NULL, e) &&
	       (!w->root || w->shares_root || make_disk(at, VM_ROOT, ROOT_SIZE, w->root, e));
}

/* ---- the command line ------------------------------------------------------- */

struct line {
	char text[8192];
	size_t len;
	const char *argv[64];
	unsigned n;
	bool over;
};

__attribute__((format(printf, 2, 3)))
static void word(struct line *l, const char *fmt, ...)
{
	size_t room = sizeof(l->text) - l->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(l->text + l->len, room, fmt, ap);
	va_end(ap);
	l->over |= n >= (int)room || l->n + 1 == sizeof(l->argv) / sizeof(l->argv[0]);
	if (l->over)
		return;
	l->argv[l->n++] = l->text + l->len;
	l->len += n + 1;
}

/* Words that need nothing filled in, with blanks between them. */
static void words(struct line *l, const char *text)
{
	for (size_t len; *text; text += len + (text[len] == ' ')) {
		len = strcspn(text, " ");
		word(l, "%.*s", (int)len, text);
	}
}

static void add_disk(struct line *l, const char *name)
{
	word(l, "-drive");
	word(l, "if=none,id=%s,file=%s,format=raw,cache=unsafe", name, name);
	word(l, "-device");
	word(l, "virtio-blk-pci,drive=%s", name);
}

/* The user's folder as it is; the guest cannot change it. QEMU wants a comma twice. */
static bool add_share(struct line *l, const char *folder)
{
	char path[PATH_MAX], twice[2 * PATH_MAX];
	size_t n = 0;

	if (!realpath(folder, path))
		return false;
	for (const char *at = path; *at; at++) {
		twice[n++] = *at;
		if (*at == ',')
			twice[n++] = ',';
	}
	twice[n] = '\0';
	word(l, "-fsdev");
	word(l, "local,id=root,path=%s,security_model=none,readonly=on,multidevs=remap", twice);
	word(l, "-device");
	word(l, "virtio-9p-pci,fsdev=root,mount_tag=" GUEST_SHARE_TAG);
	return true;
}

/*
 * A panic that nobody captures resets the machine, which is the end for QEMU, too. An oops
 * is worth a panic: this kernel is here to be tested. The user's words may say otherwise.
 */
static void add_kernel(struct line *l, const struct vm_want *w)
{
	char kernel[PATH_MAX], reserve[40] = "";

	if (!w->unarmed)
		snprintf(reserve, sizeof(reserve), "crashkernel=%uM ", w->reserve_mib);
	word(l, "-kernel");
	word(l, "%s", realpath(w->kernel, kernel) ? kernel : w->kernel);
	words(l, "-initrd " VM_INITRD " -append");
	word(l, "console=ttyS0 no_timer_check panic=-1 oops=panic %srdinit=/" GUEST_INIT "%s%s",
	     reserve, w->append ? " " : "", w->append ? w->append : "");
}

static bool make_line(struct line *l, const struct vm_want *w, int ram_fd, struct err *e)
{
	char here[PATH_MAX];

	/* It is started in another folder than the one that the user is in. */
	if (w->qemu[0] != '/' && strchr(w->qemu, '/') && getcwd(here, sizeof(here)))
		word(l, "%s/%s", here, w->qemu);
	else
		word(l, "%s", w->qemu);
	words(l, "-nodefaults -no-user-config -display none -no-reboot -no-shutdown");
	words(l, w->kvm ? "-accel kvm -cpu host" : "-accel tcg -cpu max");
	word(l, "-smp");
	word(l, "%u", w->cpus);
	word(l, "-m");
	word(l, "%uM", w->memory_mib);
	word(l, "-object");
	word(l, "memory-backend-file,id=ram,size=%uM,mem-path=/proc/self/fd/%d,share=on",
	     w->memory_mib, ram_fd);
	words(l, "-machine memory-backend=ram");
	words(l, "-serial file:../" VM_CONSOLE " -serial file:" VM_CHANNEL);
	words(l, "-qmp unix:" VM_QMP ",server=on,wait=off");
	add_disk(l, VM_TARGET);
	if (w->root && !w->shares_root)
		add_disk(l, VM_ROOT);
	if (w->shares_root && !add_share(l, w->root))
		return fail(e, errno, "--root %s: %s", w->root, strerror(errno));
	add_kernel(l, w);
	return !l->over || fail(e, E2BIG, "QEMU's command line would be too long: shorten "
				"--append");
}

/* ---- starting it ------------------------------------------------------------ */

static bool make_ram(struct qemu *q, unsigned mib, struct err *e)
{
	q->ram_fd = memfd_create("crashbox-vm", 0);
	return (q->ram_fd >= 0 && !ftruncate(q->ram_fd, (off_t)mib << 20)) ||
	       fail(e, errno, "no memory of %u MiB for the guest: %s", mib, strerror(errno));
}

static void become(const struct line *l, const struct vm_folders *at)
{
	int log, none = open("/dev/null", O_RDONLY);

	if (chdir(at->work))
		_exit(126);
	log = open(VM_QEMU_LOG, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (log >= 0) {
		dup2(log, STDOUT_FILENO);
		dup2(log, STDERR_FILENO);
	}
	if (none >= 0)
		dup2(none, STDIN_FILENO);
	tool_exec(l->argv);
	dprintf(STDERR_FILENO, "%s: %s\n", l->argv[0], strerror(errno));
	_exit(127);
}

bool qemu_start(struct qemu *q, const struct vm_want *w, const struct vm_folders *at,
		struct err *e)
{
	struct line l = { .n = 0 };

	if (!make_ram(q, w->memory_mib, e) || !make_line(&l, w, q->ram_fd, e))
		return false;
	q->pid = child_start_bound();
	if (!q->pid)
		become(&l, at);
	return q->pid > 0 || fail(e, errno, "no process for QEMU: %s", strerror(errno));
}
