/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel has built in. A kernel may carry its configuration between two marks
 * (Linux kernel/configs.c), inside of what its file has packed; else a distribution has
 * it beside the kernel or its modules.
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
static bool unpack_kernel(const struct bootimage *image, struct unpacking *u, struct err *e)
{
	const char *codec;

	u->from = (struct blob){ (uint8_t *)image->payload, image->payload_len };
	u->to = u->from;
	if (!image->kind->is_packed)
		return true;
	codec = unpack_codec(&u->from);
	if (strcmp(codec, "zstd") && strcmp(codec, "gzip"))
		return fail(e, ENOTSUP, "%s: packed in another way", u->path);
	u->to = (struct blob){ arena_take(u->scratch, KERNEL_MAX, 1, "kernel", e), KERNEL_MAX };
	return u->to.at && unpack_first(u, e);
}

/* Into `text`, of KCONFIG_MAX bytes. */
static bool find_config(const struct bootimage *image, struct unpacking *u, char *text,
			struct err *e)
{
	static const char start[] = "IKCFG_ST";
	const uint8_t *at, *end;

	if (!unpack_kernel(image, u, e))
		return false;
	at = memmem(u->to.at, u->to.len, start, sizeof(start) - 1);
	if (!at)
		return fail(e, ENOENT, "%s: CONFIG_IKCONFIG is off", u->path);
	end = u->to.at + u->to.len;
	u->from = (struct blob){ (uint8_t *)at + 8, end - at - 8 };
	u->to = (struct blob){ (uint8_t *)text, KCONFIG_MAX - 1 };
	return !strcmp(unpack_codec(&u->from), "gzip") && unpack(u, e);
}

/* Only the text stays in the arena. */
static void read_own_config(struct builtin *b, const struct bootimage *image,
			    const char *path)
{
	struct unpacking u = { .path = path, .scratch = b->arena };
	struct err ignored;
	char *text = arena_take(b->arena, KCONFIG_MAX, 1, "configuration of the kernel",
				&ignored);
	size_t mark = arena_mark(b->arena);

	if (text && find_config(image, &u, text, &ignored))
		b->kconfig = text;
	arena_release(b->arena, mark);
}

/* ---- files beside it -------------------------------------------------------- */

/* A distribution's file, whose name has the release in it. */
static const char *of_release(const struct builtin *b, const char *format)
{
	char name[HOST_PATH_MAX], path[HOST_PATH_MAX];
	struct blob text;
	struct err ignored;

	snprintf(name, sizeof(name), format, b->release);
	return b->release[0] && root_path(path, b->root, name, &ignored) &&
	       file_load(b->arena, path, &text, &ignored) ? (char *)text.at : NULL;
}

static void read_kconfig(struct builtin *b)
{
	static const char *const places[] = {
		"/boot/config-%s", "/lib/modules/%s/config", "/usr/lib/modules/%s/config",
	};

	for (size_t i = 0; !b->kconfig && i < sizeof(places) / sizeof(places[0]); i++)
		b->kconfig = of_release(b, places[i]);
}

/* The two lists, from one folder. */
static void read_lists(struct builtin *b, const char *dir, int dir_len)
{
	static const char behind[] = ".modinfo";
	char path[HOST_PATH_MAX + sizeof(behind)];
	int len = snprintf(path, HOST_PATH_MAX, "%.*s/modules.builtin", dir_len, dir);
	struct err ignored;
	struct blob text;

	if (len >= HOST_PATH_MAX || !file_load(b->arena, path, &text, &ignored))
		return;
	b->modules = (char *)text.at;
	memcpy(path + len, behind, sizeof(behind));
	if (!file_load(b->arena, path, &b->modinfo, &ignored))
		b->modinfo = (struct blob){ .at = NULL };
}

void builtin_of_modules(struct builtin *b, const char *dir)
{
	size_t len = strlen(dir);
	const char *name;

	while (len > 1 && dir[len - 1] == '/')
		len--;
	name = memrchr(dir, '/', len);
	name = name ? name + 1 : dir;
	snprintf(b->release, sizeof(b->release), "%.*s", (int)(dir + len - name), name);
	read_kconfig(b);
	read_lists(b, dir, len);
}

void builtin_of_kernel(struct builtin *b, const char *path)
{
	char dir[HOST_PATH_MAX];
	const char *slash = strrchr(path, '/');
	struct bootimage image;
	struct err ignored;

	if (!bootimage_open(&image, path, &ignored))
		return;
	snprintf(b->release, sizeof(b->release), "%s", image.version);
	read_own_config(b, &image, path);
	if (!b->kconfig)
		read_kconfig(b);
	bootimage_close(&image);
	/* Ours has its lists beside it, and no folder of modules. */
	if (slash)
		read_lists(b, path, slash - path);
	snprintf(dir, sizeof(dir), "%s/lib/modules/%s", b->root, b->release);
	if (!b->modules && b->release[0])
		read_lists(b, dir, strlen(dir));
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
