/* SPDX-License-Identifier: GPL-2.0-or-later */
/* targets/target_kinds: which words are of which kind, and what each of them needs. */
#include <errno.h>

#include "base/err.h"
#include "t.h"
#include "targets/remote.h"
#include "targets/target_kinds.h"

static const struct {
	const char *words;
	int nr;			/* N_TARGET_KINDS: of none */
	bool is_good;
	const char *host;	/* NULL: it has none */
	const char *modules;	/* of a file system that no device tells */
	const char *rest;
} rows[] = {
	{ "disk:LABEL=crash:/", TARGET_DISK, true, NULL, "", "LABEL=crash:/" },
	{ "disk:crash", TARGET_DISK, false, NULL, "", "crash" },
	{ "disk:", TARGET_DISK, false, NULL, "", "" },
	{ "nfs:filer:/srv", TARGET_NFS, true, "filer", "nfs nfsv4 nfsv3 ", "filer:/srv" },
	{ "nfs4:[::1]:/srv", TARGET_NFS, true, "::1", "nfs nfsv4 ", "[::1]:/srv" },
	{ "nfs3:filer:/srv", TARGET_NFS, true, "filer", "nfs nfsv3 ", "filer:/srv" },
	{ "nfs3:filer", TARGET_NFS, false, NULL, "", "filer" },
	{ "sftp:me@vault:22:/a", TARGET_SFTP, true, "vault", "", "me@vault:22:/a" },
	{ "sftp:vault:/a", TARGET_SFTP, false, NULL, "", "vault:/a" },
	{ "nfs2:filer:/srv", N_TARGET_KINDS, false, NULL, "", "filer:/srv" },
	{ "diskette:/", N_TARGET_KINDS, false, NULL, "", "/" },
	{ "DISK:LABEL=a:/", N_TARGET_KINDS, false, NULL, "", "LABEL=a:/" },
	{ "disk", N_TARGET_KINDS, false, NULL, "", "disk" },
	{ "/var/crash", N_TARGET_KINDS, false, NULL, "", "/var/crash" },
	{ "", N_TARGET_KINDS, false, NULL, "", "" },
};

static void join_modules(const struct target_kind *kind, const char *words, char *text,
			 size_t size)
{
	const char *names[TARGET_MODULES_MAX] = { NULL };
	struct err e;

	text[0] = '\0';
	if (!kind || !kind->modules || !kind->modules(names, words, &e))
		return;
	for (size_t i = 0; i < TARGET_MODULES_MAX && names[i]; i++)
		snprintf(text + strlen(text), size - strlen(text), "%s ", names[i]);
}

static void test_words(void)
{
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		const char *words = rows[i].words;
		const struct target_kind *kind = target_kind_of(words);
		struct remote remote;
		struct err e = { .code = 0 };
		char modules[100];

		T_EQUAL(words, rows[i].nr, kind ? target_kind_nr(kind) : N_TARGET_KINDS);
		T_EQUAL(words, rows[i].is_good, target_check(words, &e));
		T_EQUAL(words, rows[i].is_good ? 0 : EINVAL, e.code);
		T_TEXT(words, rows[i].rest, target_rest(words));
		if (T_EQUAL(words, rows[i].host != NULL, target_host_of(words, &remote)) &&
		    rows[i].host)
			T_TEXT(words, rows[i].host, remote.host);
		join_modules(kind, words, modules, sizeof(modules));
		T_TEXT(words, rows[i].modules, modules);
	}
}

static void test_needs(void)
{
	static const struct { const char *words; unsigned needs; } needs[] = {
		{ "disk:LABEL=a:/", NEEDS_DEVICE | NEEDS_MOUNT },
		{ "nfs4:filer:/srv", NEEDS_NET | NEEDS_MOUNT | NEEDS_INSECURE },
		{ "sftp:me@vault:/a", NEEDS_NET | NEEDS_CLIENT },
		{ "/var/crash", 0 },
	};

	for (size_t i = 0; i < T_SIZE(needs); i++)
		for (unsigned bit = NEEDS_NET; bit <= NEEDS_INSECURE; bit <<= 1)
			T_EQUAL(needs[i].words, (needs[i].needs & bit) != 0,
				target_needs(needs[i].words, bit));
}

/* A row that is not whole would be called through NULL, in a crash. */
static void test_rows_are_whole(void)
{
	static const char *const words[N_TARGET_KINDS] = {
		[TARGET_DISK] = "disk:", [TARGET_NFS] = "nfs:", [TARGET_SFTP] = "sftp:",
	};

	for (size_t i = 0; i < N_TARGET_KINDS; i++) {
		const struct target_kind *kind = words[i] ? target_kind_of(words[i]) : NULL;

		if (!T_CHECK("a kind has words", kind))
			continue;
		T_EQUAL(words[i], i, target_kind_nr(kind));
		T_CHECK(words[i], kind->name && kind->needs && kind->check);
		T_EQUAL("over a network there is a server", !!(kind->needs & NEEDS_NET),
			kind->host_of != NULL);
		T_CHECK("what is insecure is so by its server",
			!(kind->needs & NEEDS_INSECURE) || kind->host_of);
	}
}

int main(void)
{
	test_words();
	test_needs();
	test_rows_are_whole();
	return t_done();
}
