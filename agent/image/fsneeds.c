/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a superblock asks of a kernel. ext4's words stand behind 1024 (Linux
 * fs/ext4/ext4.h; ext4_feature_set_ok() in super.c says what it refuses), XFS' at 0
 * (fs/xfs/libxfs/xfs_format.h). Not here: metadata_csum and crc32c, which are
 * dependencies that modules.dep knows; encrypt and verity, without whose options a file
 * system mounts.
 */
#include "fsneeds.h"

#include <string.h>

#include "base/bytes.h"
#include "builtin.h"

#define EXT4(off) (1024 + (off))
#define COMPAT EXT4(0x5c)
#define INCOMPAT EXT4(0x60)
#define RO_COMPAT EXT4(0x64)
#define BIT(off, bit) { off, 4, bit, bit, false }

#define CIPHER(name, module, symbol) { "dm_crypt", name, module, symbol, .is_old = false }

static const struct fs_need needs_known[] = {
	{ "ext4", "quota", "quota_v2", "QFMT_V2",
	  .test = { BIT(RO_COMPAT, 0x100) } },
	{ "ext4", "project", "quota_v2", "QFMT_V2",
	  .test = { BIT(RO_COMPAT, 0x2000) } },
	{ "ext4", "casefold", "utf8data", "UNICODE",
	  .test = { BIT(INCOMPAT, 0x20000) } },
	{ "ext4", "read-only", .never = "it can be mounted read-only alone",
	  .test = { BIT(RO_COMPAT, 0x1000) } },
	{ "ext4", "journal_dev", .never = "it is the journal of another file system",
	  .test = { BIT(INCOMPAT, 0x8) } },
	{ "ext4", "has_journal", .never = "its journal is on another device",
	  .test = { BIT(COMPAT, 0x4), { EXT4(0xe0), 4, ~0u, 0, false } } },
	CIPHER("aes", "aes_generic", "CRYPTO_AES"),
	CIPHER("serpent", "serpent_generic", "CRYPTO_SERPENT"),
	CIPHER("twofish", "twofish_generic", "CRYPTO_TWOFISH"),
	CIPHER("xts", "xts", "CRYPTO_XTS"),
	CIPHER("cbc", "cbc", "CRYPTO_CBC"),
	CIPHER("essiv", "essiv", "CRYPTO_ESSIV"),
	CIPHER("sha256", "sha256_generic", "CRYPTO_SHA256"),
	{ "xfs", "the old format (V4)", NULL, "XFS_SUPPORT_V4", .is_old = true,
	  .test = { { 100, 2, 0xf, 5, true } } },
	{ "xfs", "names without case (ascii-ci)", NULL, "XFS_SUPPORT_ASCII_CI",
	  .is_old = true, .test = { { 100, 2, 0x4000, 0x4000, false } } },
	{ "btrfs", "checksums by xxhash64", "xxhash_generic", "CRYPTO_XXHASH",
	  .test = { { 0xc4, 2, ~0ull, 1, false } } },
	{ "btrfs", "checksums by sha256", "sha256_generic", "CRYPTO_SHA256",
	  .test = { { 0xc4, 2, ~0ull, 2, false } } },
	{ "btrfs", "checksums by blake2", "blake2b_generic", "CRYPTO_BLAKE2B",
	  .test = { { 0xc4, 2, ~0ull, 3, false } } },
	{ "btrfs", "zoned", .never = "dumps are written by offset",
	  .test = { { 0xbc, 8, 0x1000, 0x1000, false } } },
	{ "xfs", "needsrepair", .never = "xfs_repair has not come to an end on it",
	  .test = { { 100, 2, 0xf, 5, false }, BIT(216, 0x10) } },
	{ "xfs", "realtime", .never = "a part of it is on another device",
	  .test = { { 16, 8, ~0ull, 0, true } } },
	{ "xfs", "external log", .never = "its log is on another device",
	  .test = { { 48, 8, ~0ull, 0, false } } },
};

#define N_NEEDS (sizeof(needs_known) / sizeof(needs_known[0]))

static uint64_t number(const uint8_t *at, unsigned len, bool big_endian)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < len; i++)
		v = v << 8 | at[big_endian ? i : len - 1 - i];
	return v;
}

static bool passes(const struct fs_test *t, const uint8_t *sb, bool big_endian)
{
	return !t->len ||
	       ((number(sb + t->off, t->len, big_endian) & t->mask) == t->value) != t->is_not;
}

unsigned fsneeds_look(const uint8_t sb[SUPERBLOCK_LEN], const char *fs,
		      const struct fs_need *needs[MAX_FS_NEEDS])
{
	unsigned n = 0;

	for (size_t i = 0; i < N_NEEDS && n < MAX_FS_NEEDS; i++) {
		const struct fs_need *row = &needs_known[i];

		if (!strcmp(row->fs, fs) && passes(&row->test[0], sb, !strcmp(fs, "xfs")) &&
		    passes(&row->test[1], sb, !strcmp(fs, "xfs")))
			needs[n++] = row;
	}
	return n;
}

const struct fs_need *fsneeds_of(const char *fs, unsigned n)
{
	for (size_t i = 0; i < N_NEEDS; i++)
		if (!strcmp(needs_known[i].fs, fs) && !n--)
			return &needs_known[i];
	return NULL;
}

enum need_answer fsneeds_built_in(const struct fs_need *need, const struct builtin *b)
{
	if (need->module && builtin_has(b, need->module))
		return NEED_MET;
	switch (builtin_option(b, need->symbol)) {
	case OPTION_YES: return NEED_MET;
	case OPTION_NOT_NAMED: return need->is_old ? NEED_MET : NEED_NOT_MET;
	case OPTION_UNKNOWN: return NEED_UNKNOWN;
	default: return NEED_NOT_MET;
	}
}
