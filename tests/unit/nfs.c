/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * targets/nfs and machine/portmap: targets and their mistakes, the words for mount(2),
 * and what may come back from a server's rpcbind.
 */
#include <arpa/inet.h>
#include <errno.h>

#include "base/bytes.h"
#include "base/err.h"
#include "machine/netaddr.h"
#include "machine/portmap.h"
#include "machine/reach.h"
#include "t.h"
#include "targets/nfs.h"

static const struct {
	const char *row, *text;
	const char *host, *path;	/* NULL: refused */
	unsigned port, versions;
} targets[] = {
	{ "an address", "nfs:192.0.2.1:/srv", "192.0.2.1", "/srv", 2049, 7 },
	{ "a name", "nfs:filer.example:/srv/a b", "filer.example", "/srv/a b", 2049, 7 },
	{ "IPv6", "nfs:[2001:db8::1]:/", "2001:db8::1", "/", 2049, 7 },
	{ "a port", "nfs:filer:12049:/srv", "filer", "/srv", 12049, 7 },
	{ "a port behind IPv6", "nfs:[::1]:20490:/srv", "::1", "/srv", 20490, 7 },
	{ "version 4", "nfs4:filer:/srv", "filer", "/srv", 2049, 3 },
	{ "version 3", "nfs3:filer:/srv:x", "filer", "/srv:x", 2049, 4 },
	{ "version 2", "nfs2:filer:/srv", NULL, NULL, 0, 0 },
	{ "no server", "nfs::/srv", NULL, NULL, 0, 0 },
	{ "nothing", "nfs:", NULL, NULL, 0, 0 },
	{ "no path", "nfs:filer", NULL, NULL, 0, 0 },
	{ "an empty path", "nfs:filer:", NULL, NULL, 0, 0 },
	{ "a relative path", "nfs:filer:srv", NULL, NULL, 0, 0 },
	{ "a path that climbs", "nfs:filer:/srv/../etc", NULL, NULL, 0, 0 },
	{ "a path that ends above", "nfs:filer:/srv/..", NULL, NULL, 0, 0 },
	{ "a path with an option", "nfs:filer:/srv,hard", NULL, NULL, 0, 0 },
	{ "a name with an option", "nfs:filer,hard:/srv", NULL, NULL, 0, 0 },
	{ "a name that is an option", "nfs:-o:/srv", NULL, NULL, 0, 0 },
	{ "IPv6 without brackets", "nfs:2001:db8::1:/srv", NULL, NULL, 0, 0 },
	{ "a bracket too few", "nfs:[::1:/srv", NULL, NULL, 0, 0 },
	{ "IPv4 in brackets", "nfs:[192.0.2.1]:/srv", NULL, NULL, 0, 0 },
	{ "port 0", "nfs:filer:0:/srv", NULL, NULL, 0, 0 },
	{ "a port too high", "nfs:filer:65536:/srv", NULL, NULL, 0, 0 },
	{ "a port that wraps", "nfs:filer:18446744073709551617:/srv", NULL, NULL, 0, 0 },
	{ "a negative port", "nfs:filer:-1:/srv", NULL, NULL, 0, 0 },
};

static void test_targets(void)
{
	for (size_t i = 0; i < T_SIZE(targets); i++) {
		const char *row = targets[i].row;
		struct nfs_spec spec;
		struct err e = { .code = 0 };

		T_EQUAL(row, targets[i].host != NULL,
			nfs_parse(&spec, targets[i].text, &e));
		if (!targets[i].host) {
			T_EQUAL(row, EINVAL, e.code);
			continue;
		}
		T_TEXT(row, targets[i].host, spec.remote.host);
		T_TEXT(row, targets[i].path, spec.remote.path);
		T_EQUAL(row, targets[i].port, spec.remote.port);
		T_EQUAL(row, targets[i].versions, spec.versions);
	}
	T_CHECK("kinds", nfs_is("nfs:x") && nfs_is("nfs3:x") && nfs_is("nfs4:x"));
	T_CHECK("other kinds", !nfs_is("disk:x") && !nfs_is("nfs") && !nfs_is(""));
}

static const struct {
	const char *row, *target, *ip;
	enum nfs_version version;
	const char *type, *source, *options;
} words[] = {
	{ "4.2", "nfs:x:/a", "192.0.2.1", NFS_4_2, "nfs4", "192.0.2.1:/a",
	  "addr=192.0.2.1,vers=4.2,proto=tcp,port=2049,soft,timeo=50,retrans=2" },
	{ "4.1, IPv6, a port", "nfs:x:99:/", "2001:db8::1", NFS_4_1, "nfs4",
	  "[2001:db8::1]:/",
	  "addr=2001:db8::1,vers=4.1,proto=tcp6,port=99,soft,timeo=50,retrans=2" },
	{ "3", "nfs:x:/a/b", "192.0.2.1", NFS_3, "nfs", "192.0.2.1:/a/b",
	  "addr=192.0.2.1,vers=3,proto=tcp,port=2049,soft,timeo=50,retrans=2,"
	  "nolock,mountproto=tcp,mountport=777,mountvers=3" },
	{ "3, IPv6", "nfs:x:/a", "::1", NFS_3, "nfs", "[::1]:/a",
	  "addr=::1,vers=3,proto=tcp6,port=2049,soft,timeo=50,retrans=2,"
	  "nolock,mountproto=tcp6,mountport=777,mountvers=3" },
};

static void test_words(void)
{
	for (size_t i = 0; i < T_SIZE(words); i++) {
		struct nfs_mount_words w;
		struct nfs_spec spec;
		struct ipaddr ip;
		struct err e;

		T_CHECK(words[i].row, nfs_parse(&spec, words[i].target, &e) &&
				      ip_parse(&ip, words[i].ip));
		nfs_words(&w, &(struct nfs_mounting){ .spec = &spec, .server = &ip },
			  words[i].version, 777);
		T_TEXT(words[i].row, words[i].type, w.type);
		T_TEXT(words[i].row, words[i].source, w.source);
		T_TEXT(words[i].row, words[i].options, w.options);
	}
}

/* An answer of rpcbind: six words, the length of the text, the text. */
static const struct {
	const char *row;
	uint32_t head[6];
	uint32_t len;		/* as it claims */
	const char *text;
	size_t cut;		/* bytes that are missing at the end */
	int code;		/* 0: port is right */
	unsigned port;
} answers[] = {
	{ "IPv4", { 7, 1 }, 13, "0.0.0.0.78.80", 0, 0, 20048 },
	{ "IPv6", { 7, 1 }, 8, "::.8.001", 0, 0, 2049 },
	{ "the highest", { 7, 1 }, 9, "1.255.255", 0, 0, 65535 },
	{ "no such program", { 7, 1 }, 0, "", 0, ENOENT, 0 },
	{ "an answer to somebody else", { 8, 1 }, 13, "0.0.0.0.78.80", 0, EPROTO, 0 },
	{ "a question", { 7, 0 }, 13, "0.0.0.0.78.80", 0, EPROTO, 0 },
	{ "denied", { 7, 1, 1 }, 13, "0.0.0.0.78.80", 0, EPROTO, 0 },
	{ "a verifier", { 7, 1, 0, 1, 8 }, 13, "0.0.0.0.78.80", 0, EPROTO, 0 },
	{ "no such version", { 7, 1, 0, 0, 0, 2 }, 13, "0.0.0.0.78.80", 0, EPROTO, 0 },
	{ "longer than it is", { 7, 1 }, 14, "0.0.0.0.78.80", 0, EPROTO, 0 },
	{ "longer than anything", { 7, 1 }, 0xffffffff, "0.0.0.0.78.80", 0, EPROTO, 0 },
	{ "an address too long", { 7, 1 }, 70, "0000000000000000000000000000000000000000"
	  "0000000000000000000000.78.80", 0, EPROTO, 0 },
	{ "port 0", { 7, 1 }, 7, "1.0.0.0", 0, EPROTO, 0 },
	{ "half a port", { 7, 1 }, 3, ".80", 0, EPROTO, 0 },
	{ "no dot", { 7, 1 }, 5, "20048", 0, EPROTO, 0 },
	{ "a number too high", { 7, 1 }, 9, "::.256.80", 0, EPROTO, 0 },
	{ "a negative number", { 7, 1 }, 8, "::.-1.80", 0, EPROTO, 0 },
	{ "something behind", { 7, 1 }, 8, "::.8.1xx", 0, EPROTO, 0 },
	{ "without its text", { 7, 1 }, 13, "", 0, EPROTO, 0 },
	{ "without its length", { 7, 1 }, 13, "", 4, EPROTO, 0 },
	{ "half a word", { 7, 1 }, 13, "", 9, EPROTO, 0 },
	{ "nothing", { 7, 1 }, 13, "", 28, EPROTO, 0 },
};

static void test_answers(void)
{
	for (size_t i = 0; i < T_SIZE(answers); i++) {
		size_t len = 28 + strlen(answers[i].text) - answers[i].cut;
		const char *row = answers[i].row;
		uint32_t reply[64];
		struct err e = { .code = 0 };
		unsigned port = 0;
		uint8_t *at;

		for (int j = 0; j < 6; j++)
			reply[j] = htonl(answers[i].head[j]);
		reply[6] = htonl(answers[i].len);
		memcpy(reply + 7, answers[i].text, strlen(answers[i].text));
		at = t_guard(reply, len);
		T_EQUAL(row, !answers[i].code, portmap_parse((struct cursor){ at, at + len }, 7,
							   &port, &e));
		T_EQUAL(row, answers[i].code, e.code);
		T_EQUAL(row, answers[i].port, port);
		t_unguard(at, len);
	}
}

/* Nobody listens on port 1 of this host. */
static void test_reach(void)
{
	uint64_t alive = 0;
	const struct patience patience = { 5, &alive };
	struct ipaddr ip;
	struct err e;

	T_CHECK("refused", ip_parse(&ip, "127.0.0.1") &&
			   !reach_tcp(&ip, 1, &patience, NULL, &e));
	T_EQUAL("refused", ECONNREFUSED, e.code);
	T_CHECK("refused", strstr(e.text, "127.0.0.1 port 1: "));
}

int main(void)
{
	test_targets();
	test_words();
	test_answers();
	test_reach();
	return t_done();
}
