/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel may carry its configuration between two marks (Linux kernel/configs.c), inside of
 * what its file has packed; else a distribution has it beside the kernel or its modules.
 */
#include "builtin.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "host/root.h"
#include "kexec/bootimage.h"
#include "kmod.h"
#include "pack.h"

#define KERNEL_MAX (160u << 20)
#define KCONFIG_MAX (1u << 20)

/* ---- the kernel's file ------------------------------------------------------ */

/* Behind a packed kernel stands its length, but for gzip, which has it anyway. */
static bool unpack_kernel(const struct bootimage *b, const char *path, struct arena *a,
			  struct blob *out, struct err *e)
{
	struct blob packed = { (uint8_t *)b->payload, b->payload_len };
	const char *codec = unpack_codec(&packed);

	*out = packed;
	if (!b->kind->is_packed)
		return true;
	if (strcmp(codec, "zstd") && strcmp(codec, "gzip"))
		return fail(e, ENOTSUP, "%s: packed in another way", path);
	out->at = arena_take(a, KERNEL_MAX, 1, "kernel", e);
	return out->at && unpack_first(path, &packed, out->at, KERNEL_MAX, &out->len, a, e);
}

/* Into `text`, of KCONFIG_MAX bytes. */
static bool find_config(const struct bootimage *b, const char *path, char *text,
			struct arena *a, struct err *e)
{
	static const char start[] = "IKCFG_ST";
	struct blob kernel, gz;
	const uint8_t *at;
	size_t len;

	if (!unpack_kernel(b, path, a, &kernel, e))
		return false;
	at = memmem(kernel.at, kernel.len, start, sizeof(start) - 1);
	if (!at)
		return fail(e, ENOENT, "%s: CONFIG_IKCONFIG is off", path);
	gz = (struct blob){ (uint8_t *)at + 8, kernel.at + kernel.len - at - 8 };
	return !strcmp(unpack_codec(&gz), "gzip") &&
	       unpack(path, &gz, (uint8_t *)text, KCONFIG_MAX - 1, &len, a, e);
}

/* Only the text stays in the arena. */
static void read_own_config(struct builtin *to, const struct bootimage *b, const char *path,
			    struct arena *a)
{
	struct err ignored;
	char *text = arena_take(a, KCONFIG_MAX, 1, "configuration of the kernel", &ignored);
	size_t mark = arena_mark(a);

	if (text && find_config(b, path, text, a, &ignored))
		to->kconfig = text;
	arena_release(a, mark);
}

/* ---- files beside it -------------------------------------------------------- */

/* A distribution's file, whose name has the release in it. */
static const char *of_release(const char *root, const char *format, const char *release,
			      struct arena *a)
{
	char name[HOST_PATH_MAX], path[HOST_PATH_MAX];
	struct blob text;
	struct err ignored;

	snprintf(name, sizeof(name), format, release);
	return release[0] && root_path(path, root, name, &ignored) &&
	       file_load(a, path, &text, &ignored) ? (char *)text.at : NULL;
}

static bool in_folder(const char *dir, int dir_len, const char *name, struct arena *a,
		      struct blob *out)
{
	char path[HOST_PATH_MAX];
	struct err ignored;

	return snprintf(path, sizeof(path), "%.*s/%s", dir_len, dir, name) <
	       (int)sizeof(path) && file_load(a, path, out, &ignored);
}

/* The two lists, from one folder. */
static void read_lists(struct builtin *b, const char *dir, int dir_len, struct arena *a)
{
	struct blob text;

	if (!in_folder(dir, dir_len, "modules.builtin", a, &text))
		return;
	b->modules = (char *)text.at;
	if (!in_folder(dir, dir_len, "modules.builtin.modinfo", a, &b->modinfo))
		b->modinfo = (struct blob){ .at = NULL };
}

static void read_kconfig(struct builtin *b, const char *root, struct arena *a)
{
	static const char *const places[] = {
		"/boot/config-%s", "/lib/modules/%s/config", "/usr/lib/modules/%s/config",
	};

	for (size_t i = 0; !b->kconfig && i < sizeof(places) / sizeof(places[0]); i++)
		b->kconfig = of_release(root, places[i], b->release, a);
}

void builtin_of_modules(struct builtin *b, const char *root, const char *dir,
			struct arena *a)
{
	size_t len = strlen(dir);
	const char *name;

	*b = (struct builtin){ .kconfig = NULL };
	while (len > 1 && dir[len - 1] == '/')
		len--;
	name = memrchr(dir, '/', len);
	name = name ? name + 1 : dir;
	snprintf(b->release, sizeof(b->release), "%.*s", (int)(dir + len - name), name);
	read_kconfig(b, root, a);
	read_lists(b, dir, len, a);
}

void builtin_of_kernel(struct builtin *b, const char *root, const char *path,
		       struct arena *a)
{
	char dir[HOST_PATH_MAX];
	const char *slash = strrchr(path, '/');
	struct bootimage image;
	struct err ignored;

	*b = (struct builtin){ .kconfig = NULL };
	if (!bootimage_open(&image, path, &ignored))
		return;
	snprintf(b->release, sizeof(b->release), "%s", image.version);
	read_own_config(b, &image, path, a);
	if (!b->kconfig)
		read_kconfig(b, root, a);
	bootimage_close(&image);
	/* Ours has its lists beside it, and no folder of modules. */
	if (slash)
		read_lists(b, path, slash - path, a);
	snprintf(dir, sizeof(dir), "%s/lib/modules/%s", root, b->release);
	if (!b->modules && b->release[0])
		read_lists(b, dir, strlen(dir), a);
}

/* ---- answers ---------------------------------------------------------------- */

enum option_state builtin_option(const struct builtin *b, const char *symbol)
{
	char line[80];
	const char *at;

	if (!b->kconfig)
		return OPTION_UNKNOWN;
	snprintf(line, sizeof(line), "\nCONFIG_%s=", symbol);
	at = strstr(b->kconfig, line);
	if (at)
		return at[strlen(line)] == 'm' ? OPTION_MODULE : OPTION_YES;
	snprintf(line, sizeof(line), "\n# CONFIG_%s is not set", symbol);
	return strstr(b->kconfig, line) ? OPTION_NO : OPTION_NOT_NAMED;
}

bool builtin_has(const struct builtin *b, const char *module)
{
	return b->modules && kmod_list_has((struct blob){ (uint8_t *)b->modules,
							  strlen(b->modules) }, module);
}
