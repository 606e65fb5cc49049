/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folders on servers, as other tools name them, with the keys and addresses they need. */
#include "import.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "config/resolve.h"
#include "knownhosts.h"
#include "machine/netaddr.h"
#include "targets/remote.h"
#include "targets/target_kinds.h"

#define OWN_KEY "/var/lib/crashbox/key"
#define KNOWN_HOSTS_TEXT (128u << 10)

/* In a crash there is no DNS: what a name stands for now is written down. */
static bool put_addresses(struct import *m, const char *host)
{
	char line[NAMES_LINE], words[NAMES_LINE + 16];
	struct ipaddr ip;

	if (ip_parse(&ip, host))
		return true;
	if (!resolve_line(host, line)) {
		import_note(m, NOTE_TODO, "%s has no address here, and in a crash "
			    "there is no DNS: add a line 'resolve %s ADDRESS'", host,
			    host);
		return false;
	}
	snprintf(words, sizeof(words), "resolve %s", line);
	if (!strstr(m->text, words))
		import_put(m, "%s", words);
	return true;
}

static void note_network(struct import *m)
{
	if (m->has_network || strstr(m->text, "\nnet ") || !strncmp(m->text, "net ", 4))
		return;
	m->has_network = true;
	import_note(m, NOTE_TODO, "how to reach it stands in no such file: add a "
		    "line such as 'net MAC dhcp', or have this machine's present "
		    "addresses put into the image");
}

static void join(const char *a, const char *b, char *to, size_t size)
{
	size_t len = strlen(a);

	while (len && a[len - 1] == '/')
		len--;
	b += strspn(b, "/");
	snprintf(to, size, "%.*s%s%s", (int)len, a, *b ? "/" : "", b);
}

/* In place of what the tool did not ask for. */
static void accept_risk(struct import *m, const struct target_kind *kind)
{
	if (!kind->risk)
		return;
	if (!strstr(m->text, "insecure yes\n"))
		import_put(m, "insecure yes");
	import_note(m, NOTE_CHANGED, "%s; 'insecure yes' says that this is accepted, as it was "
		    "before", kind->risk);
}

/* An export, or whatever else has a server or none, and a path. */
static void put_export(struct import *m, const struct target_kind *kind,
		       const struct import_place *place)
{
	char target[400];
	struct remote remote = { .path = "" };
	size_t len = snprintf(target, sizeof(target), "%s:", kind->name);
	struct err e;

	join(place->at, place->path, target + len, sizeof(target) - len);
	if (kind->host_of && strstr(target, ":/") == NULL)
		strncat(target, "/", sizeof(target) - strlen(target) - 1);
	if (!kind->check(target, &e) ||
	    (kind->host_of && !kind->host_of(&remote, target, &e))) {
		import_note(m, NOTE_LOST, "%s", e.text);
		return;
	}
	if (kind->host_of && !put_addresses(m, remote.host)) {
		import_put(m, "# target %s", target);
		return;
	}
	import_put_target(m, target);
	accept_risk(m, kind);
	if (kind->host_of && *place->path && strcmp(place->path, "/") &&
	    kind->needs & NEEDS_MOUNT)
		import_note(m, NOTE_TODO, "%s must be there on the server, for it "
			    "is what is mounted", remote.path);
	if (kind->needs & NEEDS_NET)
		note_network(m);
}

static bool find_host_key(const struct import *m, struct known_host *host)
{
	char text[KNOWN_HOSTS_TEXT];
	struct err ignored;

	for (const char *const *file = m->known_hosts; *file; file++)
		if (read_text(*file, text, sizeof(text), &ignored) &&
		    known_hosts_find(text, host))
			return true;
	return false;
}

/* The client in the image knows Ed25519 and nothing else; FILE.pub says what FILE is. */
static void put_own_key(struct import *m, const char *key)
{
	char name[300], text[1024];
	struct err ignored;

	if (strstr(m->text, "ssh_key "))
		return;
	snprintf(name, sizeof(name), "%s.pub", key);
	if (*key == '/' && read_text(name, text, sizeof(text), &ignored) &&
	    !strncmp(text, "ssh-ed25519 ", 12)) {
		import_put(m, "ssh_key %s", key);
		return;
	}
	import_put(m, "ssh_key " OWN_KEY);
	import_note(m, NOTE_TODO, "the client in the image knows Ed25519 only, "
		    "and %s.pub says otherwise: ssh-keygen -t ed25519 -N '' -f "
		    "" OWN_KEY ", and let the server know its .pub", key);
}

/* What the client leads to; the server's key is looked up. */
static void put_login(struct import *m, const struct target_kind *kind,
		      const struct import_place *place)
{
	const char *user_host = place->at, *at = strchr(user_host, '@');
	bool bare_ipv6 = at && at[1] != '[' && strchr(at, ':');
	char target[400];
	struct remote remote;
	struct known_host host;
	struct err e;

	snprintf(target, sizeof(target), "%s:%.*s%s%s%s%s%s:%s", kind->name,
		 at ? (int)(at + 1 - user_host) : 0,
		 user_host, bare_ipv6 ? "[" : "", at ? at + 1 : user_host,
		 bare_ipv6 ? "]" : "", *place->port ? ":" : "", place->port, place->path);
	if (!kind->host_of(&remote, target, &e)) {
		import_note(m, NOTE_LOST, "%s", e.text);
		return;
	}
	host = (struct known_host){ .name = remote.host, .port = remote.port };
	if (!find_host_key(m, &host)) {
		import_put(m, "# ssh_host_key ssh-ed25519 AAAA...");
		import_put(m, "# target %s", target);
		import_note(m, NOTE_TODO, "the server's Ed25519 key must be "
			    "pinned by ssh_host_key, and %s: see its "
			    "/etc/ssh/ssh_host_ed25519_key.pub%s%s",
			    host.n_hashed ? "known_hosts has its names hashed"
					  : "known_hosts does not have it",
			    host.n_hashed ? ", or ssh-keygen -F " : "",
			    host.n_hashed ? remote.host : "");
		return;
	}
	put_addresses(m, remote.host);
	put_own_key(m, place->key);
	if (!strstr(m->text, host.key))
		import_put(m, "ssh_host_key %s", host.key);
	import_put_target(m, target);
	import_note(m, NOTE_CHANGED, "the dump goes by SFTP: that server's sshd "
		    "must allow it");
	note_network(m);
}

void import_target(struct import *m, const struct target_kind *kind,
		   const struct import_place *place)
{
	if (kind->needs & NEEDS_DEVICE)
		import_disk(m, place->at, place->path);
	else if (kind->needs & NEEDS_CLIENT)
		put_login(m, kind, place);
	else
		put_export(m, kind, place);
}
