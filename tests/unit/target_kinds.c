/* SPDX-License-Identifier: GPL-2.0-or-later */
/* targets/target_kinds: which words are of which kind, and what each of them needs. */
#include <errno.h>

#include "base/err.h"
#include "t.h"
#include "targets/remote.h"
#include "targets/target_kinds.h"

static const struct {
	const char *words;
	const char *kind;	/* NULL: of none */
	bool is_good;
	const char *host;	/* NULL: it has none */
	const char *modules;	/* of a file system that no device tells */
	const char *rest;
} rows[] = {
	{ "disk:LABEL=crash:/", "disk", true, NULL, "", "LABEL=crash:/" },
	{ "disk:crash", "disk", false, NULL, "", "crash" },
	{ "disk:", "disk", false, NULL, "", "" },
	{ "nfs:filer:/srv", "nfs", true, "filer", "nfs nfsv4 nfsv3 ", "filer:/srv" },
	{ "nfs4:[::1]:/srv", "nfs", true, "::1", "nfs nfsv4 ", "[::1]:/srv" },
	{ "nfs3:filer:/srv", "nfs", true, "filer", "nfs nfsv3 ", "filer:/srv" },
	{ "nfs3:filer", "nfs", false, NULL, "", "filer" },
	{ "sftp:me@vault:22:/a", "sftp", true, "vault", "", "me@vault:22:/a" },
	{ "sftp:vault:/a", "sftp", false, NULL, "", "vault:/a" },
	{ "virtiofs:host", "virtiofs", true, NULL, "virtio_pci virtiofs ", "host" },
	{ "virtiofs:host/a:b/c", "virtiofs", true, NULL, "virtio_pci virtiofs ", "host/a:b/c" },
	{ "virtiofs:", "virtiofs", false, NULL, "", "" },
	{ "virtiofs:/crash", "virtiofs", false, NULL, "", "/crash" },
	{ "virtiofs:host/../x", "virtiofs", false, NULL, "", "host/../x" },
	{ "9p:host/crash", "9p", true, NULL, "virtio_pci 9pnet_virtio 9p ", "host/crash" },
	{ "9p:a,trans=fd", "9p", false, NULL, "", "a,trans=fd" },
	{ "9p:a-tag-of-more-than-thirty-one-letters", "9p", false, NULL, "",
	  "a-tag-of-more-than-thirty-one-letters" },
	{ "nvme:array/nqn.2014-08.org.a:b/UUID=1-2:/c", "nvme", true, "array",
	  "nvme_tcp ext4 xfs ", "array/nqn.2014-08.org.a:b/UUID=1-2:/c" },
	{ "nvme:[::1]:8009/nqn.a/UUID=1-2", "nvme", true, "::1", "nvme_tcp ext4 xfs ",
	  "[::1]:8009/nqn.a/UUID=1-2" },
	/* Nothing but what is on the disk tells whether it is ours. */
	{ "nvme:array/nqn.a/LABEL=x:/", "nvme", false, NULL, "", "array/nqn.a/LABEL=x:/" },
	{ "nvme:array/nqn.a//dev/nvme0n1:/", "nvme", false, NULL, "",
	  "array/nqn.a//dev/nvme0n1:/" },
	{ "nvme:array/nqn.a", "nvme", false, NULL, "", "array/nqn.a" },
	{ "nvme:array/iqn.a/UUID=1-2:/", "nvme", false, NULL, "", "array/iqn.a/UUID=1-2:/" },
	{ "nvme:array/nqn.a,hostnqn=b/UUID=1-2:/", "nvme", false, NULL, "",
	  "array/nqn.a,hostnqn=b/UUID=1-2:/" },
	{ "nvme:array:0/nqn.a/UUID=1-2:/", "nvme", false, NULL, "",
	  "array:0/nqn.a/UUID=1-2:/" },
	{ "nvme:/nqn.a/UUID=1-2:/", "nvme", false, NULL, "", "/nqn.a/UUID=1-2:/" },
	{ "nvme:", "nvme", false, NULL, "", "" },
	{ "nfs2:filer:/srv", NULL, false, NULL, "", "filer:/srv" },
	{ "diskette:/", NULL, false, NULL, "", "/" },
	{ "DISK:LABEL=a:/", NULL, false, NULL, "", "LABEL=a:/" },
	{ "disk", NULL, false, NULL, "", "disk" },
	{ "/var/crash", NULL, false, NULL, "", "/var/crash" },
	{ "", NULL, false, NULL, "", "" },
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

		T_TEXT(words, rows[i].kind ? rows[i].kind : "none", kind ? kind->name : "none");
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
		{ "nfs4:filer:/srv", NEEDS_NET | NEEDS_MOUNT },
		{ "sftp:me@vault:/a", NEEDS_NET | NEEDS_CLIENT },
		{ "virtiofs:host", NEEDS_MOUNT },
		{ "nvme:array/nqn.a/UUID=1-2:/", NEEDS_NET | NEEDS_MOUNT },
		{ "9p:host/a", NEEDS_MOUNT },
		{ "/var/crash", 0 },
	};

	for (size_t i = 0; i < T_SIZE(needs); i++)
		for (unsigned bit = NEEDS_NET; bit <= NEEDS_CLIENT; bit <<= 1)
			T_EQUAL(needs[i].words, (needs[i].needs & bit) != 0,
				target_needs(needs[i].words, bit));
}

/* A row that is not whole would be called through NULL, in a crash. */
static void test_rows_are_whole(void)
{
	const struct target_kind *kind;
	char words[32];
	size_t n = 0;

	for (; (kind = target_kind_at(n)); n++) {
		snprintf(words, sizeof(words), "%s:", kind->name);
		T_CHECK("its name begins its words", target_kind_of(words) == kind);
		T_CHECK(words, kind->can && kind->check && kind->reach &&
			       kind->probe && kind->sink && kind->leave);
		T_EQUAL("folders are listed and removed", !!(kind->can & CAN_FOLDERS),
			kind->store && kind->unmake);
		T_EQUAL("over a network there is a server", !!(kind->needs & NEEDS_NET),
			kind->host_of != NULL);
		T_EQUAL("on a device it is known which", !!(kind->needs & NEEDS_DEVICE),
			kind->device_of != NULL);
	}
	T_CHECK("there are kinds", n);
	T_CHECK("a folder is of none", !target_kind_of("/var/crash"));
}

int main(void)
{
	test_words();
	test_needs();
	test_rows_are_whole();
	return t_done();
}
