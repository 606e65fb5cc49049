/* SPDX-License-Identifier: GPL-2.0-or-later */
/* targets/remote: what a server may be called, which keys are keys, and what is said else. */
#include <errno.h>

#include "base/err.h"
#include "t.h"
#include "targets/remote.h"

#define NAME_128 "a2345678901234567890123456789012345678901234567890123456789012345" \
		 "b234567890123456789012345678901234567890123456789012345678901234"
#define KEY "AAAAC3NzaC1lZDI1NTE5AAAAIDd9xmVmyJ3LNUUwLNvYeV8qlzJsHCyqOM1dMYdPKzAu"

static const struct {
	const char *row, *text;
	const char *user, *host;	/* user NULL: refused, and `host` is in the message */
	unsigned port;
	const char *path;
} servers[] = {
	{ "a name", "kdump@dumps.example.org:/srv", "kdump", "dumps.example.org", 22, "/srv" },
	{ "a port", "k@h:2222:/srv/a", "k", "h", 2222, "/srv/a" },
	{ "IPv4", "k@192.0.2.7:/x", "k", "192.0.2.7", 22, "/x" },
	{ "IPv6", "k@[2001:db8::1]:/x", "k", "2001:db8::1", 22, "/x" },
	{ "IPv6 and a port", "k@[::1]:99:/x/", "k", "::1", 99, "/x" },
	{ "IPv6 of a link", "k@[fe80::1%eth0]:/x", "k", "fe80::1%eth0", 22, "/x" },
	{ "the root", "k@h:/", "k", "h", 22, "/" },
	{ "slashes at the end", "k@h:///", "k", "h", 22, "/" },
	{ "a colon in the path", "k@h:/a:b", "k", "h", 22, "/a:b" },
	{ "an @ in the path", "k@h:/a@b", "k", "h", 22, "/a@b" },
	{ "two dots in a name", "k@h:/a..b/..c", "k", "h", 22, "/a..b/..c" },
	{ "no user", "h:/x", NULL, "does not begin with USER@", 0, NULL },
	{ "an empty user", "@h:/x", NULL, "no user", 0, NULL },
	{ "a user that is an option", "-oProxyCommand=x@h:/x", NULL, "'='", 0, NULL },
	{ "a user that begins like one", "-l@h:/x", NULL, "begins with '-'", 0, NULL },
	{ "a user that runs something", "a;b@h:/x", NULL, "';'", 0, NULL },
	{ "no host", "k@:/x", NULL, "no host", 0, NULL },
	{ "a host that is an option", "k@-v:/x", NULL, "begins with '-'", 0, NULL },
	{ "a host with a blank", "k@a b:/x", NULL, "' '", 0, NULL },
	{ "a host too long", "k@" NAME_128 ":/x", NULL, "longer than 127", 0, NULL },
	{ "IPv6 without brackets", "k@2001:db8::1:/x", NULL, "in brackets", 0, NULL },
	{ "an open bracket", "k@[::1:/x", NULL, "']'", 0, NULL },
	{ "brackets around a name", "k@[host]:/x", NULL, "not an IPv6 address", 0, NULL },
	{ "brackets around nothing", "k@[]:/x", NULL, "no IPv6 address", 0, NULL },
	{ "three numbers", "k@10.0.1:/x", NULL, "not an IPv4 address", 0, NULL },
	{ "a number too big", "k@10.0.0.256:/x", NULL, "not an IPv4 address", 0, NULL },
	{ "no path", "k@h", NULL, "no ':/path'", 0, NULL },
	{ "an empty path", "k@h:", NULL, "neither a port nor a path", 0, NULL },
	{ "a path from home", "k@h:dumps", NULL, "neither a port nor a path", 0, NULL },
	{ "a path from home and a port", "k@h:22:dumps", NULL, "not a path from '/'", 0, NULL },
	{ "a port and no path", "k@h:22", NULL, "no ':' between port 22", 0, NULL },
	{ "a port and a path at once", "k@h:22/x", NULL, "no ':' between port 22", 0, NULL },
	{ "port 0", "k@h:0:/x", NULL, "neither a port", 0, NULL },
	{ "a port too big", "k@h:65536:/x", NULL, "neither a port", 0, NULL },
	{ "a port far too big", "k@h:4294967318:/x", NULL, "neither a port", 0, NULL },
	{ "a negative port", "k@h:-1:/x", NULL, "neither a port", 0, NULL },
	{ "a path that climbs", "k@h:/a/../b", NULL, "'..'", 0, NULL },
	{ "a path that ends up there", "k@h:/a/..", NULL, "'..'", 0, NULL },
	{ "a control character", "k@h:/a\nb", NULL, "control character", 0, NULL },
	{ "nothing", "", NULL, "USER@", 0, NULL },
};

static void test_servers(void)
{
	for (size_t i = 0; i < T_SIZE(servers); i++) {
		const char *row = servers[i].row;
		struct err e = { .text = "" };
		struct remote r;
		bool ok = remote_parse_sftp(&r, servers[i].text, &e);

		T_EQUAL(row, servers[i].user != NULL, ok);
		if (!ok) {
			T_EQUAL(row, EINVAL, e.code);
			if (!T_CHECK(row, servers[i].host && strstr(e.text, servers[i].host)))
				printf("%s\n", e.text);
		} else if (servers[i].user) {
			T_TEXT(row, servers[i].user, r.user);
			T_TEXT(row, servers[i].host, r.host);
			T_EQUAL(row, servers[i].port, r.port);
			T_TEXT(row, servers[i].path, r.path);
			T_EQUAL(row, strchr(r.host, ':') != NULL, r.is_ipv6);
		}
	}
}

/* As an NFS target would be read: no user, no port. */
static void test_plain(void)
{
	struct remote r = { .port = 2049 };
	struct err e;

	T_CHECK("a server and a path", remote_parse(&r, "10.0.0.1:/export/a", 0, &e));
	T_TEXT("no user", "", r.user);
	T_EQUAL("the port stays", 2049, r.port);
	T_TEXT("its path", "/export/a", r.path);
	T_CHECK("IPv6", remote_parse(&r, "[2001:db8::2]:/", 0, &e) && r.is_ipv6);
	T_CHECK("a port is none", !remote_parse(&r, "h:22:/x", 0, &e));
	T_CHECK("a user is none", !remote_parse(&r, "k@h:/x", 0, &e));
}

static const struct {
	const char *row, *value;
	const char *kept;	/* NULL: refused, and `said` is in the message */
	const char *said;
} keys[] = {
	{ "a key", "ssh-ed25519 " KEY, "ssh-ed25519 " KEY, NULL },
	{ "a comment behind it", "ssh-ed25519\t " KEY " root@h", "ssh-ed25519 " KEY, NULL },
	{ "RSA", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ", NULL, "must be ssh-ed25519" },
	{ "no type", KEY, NULL, "must be ssh-ed25519" },
	{ "no key", "ssh-ed25519", NULL, "not an Ed25519 key" },
	{ "cut off", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDd9", NULL, "not an Ed25519" },
	{ "another type inside", "ssh-ed25519 AAAAB3NzaC1yc2EAAAADAQABAAABgQDd9xmVmyJ3LNUUwLNvY"
	  "eV8qlzJsHCyqOM", NULL, "not an Ed25519" },
	{ "a star", "*", NULL, "must be ssh-ed25519" },
	{ "no", "no", NULL, "must be ssh-ed25519" },
	{ "a line of known_hosts", "h ssh-ed25519 " KEY, NULL, "must be ssh-ed25519" },
};

static void test_keys(void)
{
	struct ssh_keys k = { .n_host_keys = 0 };
	struct err e = { .text = "" };

	T_CHECK("nothing is enough", !ssh_check(&k, &e));
	T_CHECK("nothing is enough", strstr(e.text, "ssh_host_key"));
	for (size_t i = 0; i < T_SIZE(keys); i++) {
		unsigned n = k.n_host_keys;
		bool ok = ssh_add_host_key(&k, keys[i].value, &e);

		T_EQUAL(keys[i].row, keys[i].kept != NULL, ok);
		T_EQUAL(keys[i].row, n + ok, k.n_host_keys);
		if (ok && keys[i].kept)
			T_TEXT(keys[i].row, keys[i].kept, k.host_keys[n]);
		else if (!ok && !T_CHECK(keys[i].row, strstr(e.text, keys[i].said)))
			printf("%s\n", e.text);
	}
	T_CHECK("a host key alone", !ssh_check(&k, &e) && strstr(e.text, "ssh_key"));
	T_CHECK("a relative file", !ssh_set_key(&k, "id_ed25519", &e));
	T_CHECK("a file", ssh_set_key(&k, "/etc/key", &e) && ssh_check(&k, &e));
	while (k.n_host_keys < SSH_N_HOST_KEYS)
		T_CHECK("several", ssh_add_host_key(&k, "ssh-ed25519 " KEY, &e));
	T_CHECK("one too many", !ssh_add_host_key(&k, "ssh-ed25519 " KEY, &e));
}

int main(void)
{
	test_servers();
	test_plain();
	test_keys();
	return t_done();
}
