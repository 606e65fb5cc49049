/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of the kinds of targets, and the few questions that are asked of it. */
#include "target_kinds.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "disk.h"
#include "nfs.h"
#include "remote.h"

static bool check_disk(const char *words, struct err *e)
{
	struct disk_spec spec;

	return disk_parse(&spec, target_rest(words), e);
}

static bool nfs_host_of(struct remote *remote, const char *words, struct err *e)
{
	struct nfs_spec spec;
	bool ok = nfs_parse(&spec, words, e);

	if (ok)
		*remote = spec.remote;
	return ok;
}

static bool check_nfs(const char *words, struct err *e)
{
	struct remote remote;

	return nfs_host_of(&remote, words, e);
}

static bool sftp_host_of(struct remote *remote, const char *words, struct err *e)
{
	return remote_parse_sftp(remote, target_rest(words), e);
}

static bool check_sftp(const char *words, struct err *e)
{
	struct remote remote;

	return sftp_host_of(&remote, words, e);
}

static const struct target_kind kinds[] = {
	[TARGET_DISK] = {
		.name = "disk",
		.needs = NEEDS_DEVICE | NEEDS_MOUNT,
		.check = check_disk,
	},
	[TARGET_NFS] = {
		.name = "nfs",
		.needs = NEEDS_NET | NEEDS_MOUNT | NEEDS_INSECURE,
		.is_brisk = true,
		.is = nfs_is,
		.check = check_nfs,
		.host_of = nfs_host_of,
		.modules = nfs_modules,
	},
	[TARGET_SFTP] = {
		.name = "sftp",
		.needs = NEEDS_NET | NEEDS_CLIENT,
		.is_brisk = true,
		.check = check_sftp,
		.host_of = sftp_host_of,
	},
};

_Static_assert(sizeof(kinds) / sizeof(kinds[0]) == N_TARGET_KINDS, "a row for each kind");

enum target_kind_nr target_kind_nr(const struct target_kind *kind)
{
	return kind - kinds;
}

static bool is_of(const struct target_kind *kind, const char *words)
{
	size_t len = strlen(kind->name);

	return kind->is ? kind->is(words)
			: !strncmp(words, kind->name, len) && words[len] == ':';
}

const struct target_kind *target_kind_of(const char *words)
{
	for (size_t i = 0; i < N_TARGET_KINDS; i++)
		if (is_of(&kinds[i], words))
			return &kinds[i];
	return NULL;
}

bool target_needs(const char *words, unsigned needs)
{
	const struct target_kind *kind = target_kind_of(words);

	return kind && (kind->needs & needs);
}

const char *target_rest(const char *words)
{
	const char *colon = strchr(words, ':');

	return colon ? colon + 1 : words;
}

bool target_check(const char *words, struct err *e)
{
	const struct target_kind *kind = target_kind_of(words);

	return kind ? kind->check(words, e)
		    : fail(e, EINVAL, "'%s' does not begin with disk:, nfs: or sftp:", words);
}

bool target_host_of(const char *words, struct remote *remote)
{
	const struct target_kind *kind = target_kind_of(words);
	struct err ignored;

	return kind && kind->host_of && kind->host_of(remote, words, &ignored);
}
