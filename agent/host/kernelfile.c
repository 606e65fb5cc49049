/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bzImage points at its version (Linux Documentation/arch/x86/boot.rst, kernel_version);
 * in an arm64 Image the banner "Linux version RELEASE (" stands somewhere.
 */
#include "kernelfile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "file.h"
#include "pack.h"

#define X86_MAGIC_AT 0x202
#define X86_VERSION_AT 0x20e
#define X86_SETUP 0x200		/* what kernel_version does not count */
#define ARM64_MAGIC_AT 56	/* Linux Documentation/arch/arm64/booting.rst */
#define ARM64_MAX (128u << 20)
#define BANNER "Linux version "

/* Text up to a blank. */
static bool take_release(const uint8_t *at, const uint8_t *end, char release[RELEASE_LEN])
{
	size_t len = 0;

	while (at + len < end && at[len] > ' ' && at[len] < 127)
		len++;
	if (!len || len >= RELEASE_LEN)
		return false;
	memcpy(release, at, len);
	release[len] = '\0';
	return true;
}

static bool of_bzimage(const struct blob *k, char release[RELEASE_LEN])
{
	size_t at;

	if (k->len < X86_VERSION_AT + 2 || memcmp(k->at + X86_MAGIC_AT, "HdrS", 4))
		return false;
	at = get_u16(k->at + X86_VERSION_AT);
	return at && at + X86_SETUP < k->len &&
	       take_release(k->at + at + X86_SETUP, k->at + k->len, release);
}

static bool of_image(const struct blob *k, char release[RELEASE_LEN])
{
	const uint8_t *end = k->at + k->len, *at = k->at;

	if (k->len < ARM64_MAGIC_AT + 4 || memcmp(k->at + ARM64_MAGIC_AT, "ARMd", 4))
		return false;
	while ((at = memmem(at, end - at, BANNER, strlen(BANNER)))) {
		at += strlen(BANNER);
		/* Elsewhere a format string, "Linux version %s", stands. */
		if (at < end && *at >= '0' && *at <= '9')
			return take_release(at, end, release);
	}
	return false;
}

static bool of_gzipped(const char *path, const struct blob *k, struct arena *scratch,
		       char release[RELEASE_LEN])
{
	struct blob plain;
	struct err ignored;

	if (strcmp(unpack_codec(k), "gzip"))
		return false;
	plain.at = arena_take(scratch, ARM64_MAX, 1, path, &ignored);
	return plain.at &&
	       unpack(path, k, plain.at, ARM64_MAX, &plain.len, scratch, &ignored) &&
	       of_image(&plain, release);
}

bool kernelfile_release(const char *path, struct arena *scratch, char release[RELEASE_LEN],
			struct err *e)
{
	size_t mark = arena_mark(scratch);
	struct blob k;
	bool ok = file_load(scratch, path, &k, e);

	if (ok && !of_bzimage(&k, release) && !of_image(&k, release) &&
	    !of_gzipped(path, &k, scratch, release))
		ok = fail(e, EINVAL, "%s: not a kernel whose release can be read: name the "
			  "folder with --modules", path);
	arena_release(scratch, mark);
	return ok;
}
