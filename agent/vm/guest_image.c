/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's first archive, and the capture image in it, both by the packer that makes
 * images of real machines. Neither is compressed: a guest unpacks slowly, and any kernel
 * takes it so.
 */
#include "guest_image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "guest_words.h"
#include "image/image.h"
#include "image/kernelfile.h"
#include "image/static_program.h"
#include "kexec/bootimage.h"

#define ARCHIVE_MAX (256u << 20)
#define WORK_LEN (2ul * IMAGE_WORK_LEN + ARCHIVE_MAX)
#define OWN "/proc/self/exe"

/* Both kernels have to see the disks. */
#define DISK_DRIVERS "virtio_pci virtio_blk ext4"
#define SHARE_DRIVERS "9p 9pnet_virtio overlay"

struct making {
	struct vm_want *want;
	struct arena arena;
	struct parts *parts;
};

/* ---- kernels ---------------------------------------------------------------- */

/* One that is only tested may be of a form that cannot capture: QEMU judges that. */
static bool check_kernel(const char *path, bool captures, struct err *e)
{
	unsigned own = static_program_machine(OWN, e);
	struct bootimage b;
	bool fits;

	if (!own)
		return within(e, "this program cannot go into a guest");
	if (access(path, R_OK))
		return fail(e, errno, "kernel %s: %s", path, strerror(errno));
	if (!bootimage_open(&b, path, e))
		return !captures;
	fits = b.kind->e_machine == own;
	bootimage_close(&b);
	return fits || fail(e, EINVAL, "kernel %s: for another CPU than this program", path);
}

/* The modules of a kernel, where this host has it installed; else they are built in. */
static void find_modules(struct making *m, const char *kernel, char dir[HOST_PATH_MAX])
{
	char release[RELEASE_LEN];
	struct err ignored;

	dir[0] = '\0';
	if (!kernelfile_release(kernel, &m->arena, release, &ignored))
		return;
	snprintf(dir, HOST_PATH_MAX, "/lib/modules/%s", release);
	if (access(dir, F_OK))
		dir[0] = '\0';
}

static void print_notes(const char *at, const char *kernel)
{
	for (size_t len; (len = strcspn(at, "\n")); at += len + 1)
		log_info("vm: %s: %.*s", kernel, (int)len, at);
}

/*
 * Is all of it there to see a folder of the host, built in or as modules? A kernel that does
 * not tell gets a copy.
 */
static bool can_share(struct making *m, const char *modules)
{
	static const char *const names[] = { "9p", "9pnet_virtio", "overlay" };
	static const char *const symbols[] = { "9P_FS", "NET_9P_VIRTIO", "OVERLAY_FS" };
	struct builtin b = { .root = "", .arena = &m->arena };
	size_t n = sizeof(names) / sizeof(names[0]), i = 0;
	struct err ignored;
	struct kmods *k;
	bool has;

	if (modules[0]) {
		k = arena_take(&m->arena, 1, sizeof(*k), modules, &ignored);
		if (!k || !kmod_open(k, &m->arena, modules, &ignored))
			return false;
		while (i < n && kmod_wish(k, names[i], &has, &ignored) && has)
			i++;
		return i == n;
	}
	builtin_of_kernel(&b, m->want->kernel);
	while (i < n && builtin_option(&b, symbols[i]) == OPTION_YES)
		i++;
	return i == n;
}

/* ---- parts ------------------------------------------------------------------ */

static bool add_text(struct making *m, const char *name, const void *bytes, size_t len,
		     struct err *e)
{
	const struct cpio_file file = { .name = name, .mode = S_IFREG | 0600,
					.data = { (uint8_t *)bytes, len } };

	return parts_add(m->parts, &file, e);
}

static bool add_command(struct making *m, struct err *e)
{
	char *text = arena_take(&m->arena, GUEST_COMMAND_MAX, 1, "the command", e);
	const struct vm_want *w = m->want;
	size_t len = 0;

	if (!text || !w->n_command)
		return text != NULL;
	if (w->n_command > GUEST_WORDS_MAX)
		return fail(e, E2BIG, "the command has more than %u words", GUEST_WORDS_MAX);
	for (unsigned i = 0; i < w->n_command; i++) {
		size_t n = strlen(w->command[i]) + 1;

		if (n > GUEST_COMMAND_MAX - len)
			return fail(e, E2BIG, "the command is longer than %u characters",
				    GUEST_COMMAND_MAX);
		memcpy(text + len, w->command[i], n);
		len += n;
	}
	return add_text(m, GUEST_COMMAND, text, len, e);
}

/* The image of a machine that nothing is known of but its disk, which is the guest. */
static bool add_capture(struct making *m, const char *modules, struct err *e)
{
	const struct vm_want *w = m->want;
	const char *kernel = w->capture_kernel ? w->capture_kernel : w->kernel;
	const struct image_request r = {
		.root = "", .agent = OWN, .kernel = kernel, .generic = true,
		.modules = modules[0] ? modules : NULL, .drivers = DISK_DRIVERS,
	};
	const struct cpio_file file = { .name = GUEST_KERNEL, .mode = S_IFREG | 0600 };
	struct image *im;

	if (w->unarmed)
		return true;
	im = image_make(&r, &m->arena, e);
	if (!im)
		return within(e, "the capture image");
	print_notes(im->equipment.notes, kernel);
	return add_text(m, GUEST_IMAGE, im->archive.at, im->archive.len, e) &&
	       parts_file(m->parts, &file, kernel, e);
}

static bool add_drivers(struct making *m, const char *modules, struct err *e)
{
	struct config *config = arena_take(&m->arena, 1, sizeof(*config), "drivers", e);
	struct equipment *q = arena_take(&m->arena, 1, sizeof(*q), "drivers", e);
	const struct image_request r = {
		.root = "", .agent = OWN, .kernel = m->want->kernel, .generic = true,
		.modules = modules[0] ? modules : NULL,
		.drivers = m->want->shares_root ? DISK_DRIVERS " " SHARE_DRIVERS : DISK_DRIVERS,
	};
	const struct outfit outfit = { q, &r, config, m->parts, &m->arena };

	if (!config || !q || !equip(&outfit, e))
		return false;
	print_notes(q->notes, m->want->kernel);
	return true;
}

static bool add_parts(struct making *m, struct err *e)
{
	static const char *const folders[] = { "dev", "proc", "sys", "modules", GUEST_FOLDER };
	static const struct cpio_file console = {
		.name = "dev/console", .mode = S_IFCHR | 0600, .major = 5, .minor = 1,
	};
	static const struct cpio_file init = { .name = GUEST_INIT, .mode = S_IFREG | 0700 };
	struct vm_want *w = m->want;
	char modules[HOST_PATH_MAX], capture[HOST_PATH_MAX];

	if (w->modules)
		snprintf(modules, sizeof(modules), "%s", w->modules);
	else
		find_modules(m, w->kernel, modules);
	if (w->capture_kernel)
		find_modules(m, w->capture_kernel, capture);
	else
		snprintf(capture, sizeof(capture), "%s", modules);
	w->shares_root = w->root && can_share(m, modules);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (!parts_dir(m->parts, folders[i], e))
			return false;
	if (w->root && !add_text(m, w->shares_root ? GUEST_HAS_SHARE : GUEST_HAS_ROOT, "", 0,
				 e))
		return false;
	return parts_add(m->parts, &console, e) && parts_file(m->parts, &init, OWN, e) &&
	       add_command(m, e) && add_drivers(m, modules, e) && add_capture(m, capture, e);
}

/* ---- the file --------------------------------------------------------------- */

/* The kernel unpacks one archive behind the other, each packed in its own way. */
static bool append_file(int to, const char *path, struct err *e)
{
	cleanup_fd int from = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 1;

	if (from < 0)
		return fail(e, errno, "%s: %s", path, strerror(errno));
	while (n > 0)
		n = sendfile(to, from, NULL, 1 << 20);
	return !n || fail(e, errno, "%s: cannot be copied: %s", path, strerror(errno));
}

static bool write_out(struct making *m, const char *path, struct err *e)
{
	void *mem = arena_take(&m->arena, ARCHIVE_MAX, 1, "the guest's archive", e);
	cleanup_fd int fd = -1;
	struct cpio c;

	if (!mem)
		return false;
	cpio_init(&c, mem, ARCHIVE_MAX);
	if (!parts_write(m->parts, &c, e))
		return false;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(e, errno, "%s: %s", path, strerror(errno));
	return write_all(fd, c.at, c.len, path, e) &&
	       (!m->want->initrd || append_file(fd, m->want->initrd, e));
}

bool guest_image_write(struct vm_want *w, const char *path, struct err *e)
{
	struct making m = { .want = w };
	bool ok;

	if (!check_kernel(w->kernel, !w->unarmed && !w->capture_kernel, e) ||
	    (w->capture_kernel && !check_kernel(w->capture_kernel, true, e)) ||
	    !arena_init(&m.arena, WORK_LEN, e))
		return false;
	m.parts = arena_take(&m.arena, 1, sizeof(*m.parts), "the guest's files", e);
	if (m.parts)
		m.parts->arena = &m.arena;
	ok = m.parts && add_parts(&m, e) && write_out(&m, path, e);
	arena_deinit(&m.arena);
	return ok;
}
