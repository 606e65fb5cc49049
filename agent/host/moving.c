/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kdump's three dialects have in common, and how it is said in ours. */
#include "moving.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "knownhosts.h"
#include "machine/confvalue.h"
#include "machine/disk.h"
#include "machine/netaddr.h"
#include "machine/nfs.h"
#include "machine/remote.h"
#include "mounts.h"
#include "resolve.h"
#include "shellvars.h"

#define OWN_KEY "/var/lib/crashbox/key"
#define KNOWN_HOSTS_TEXT (128u << 10)

const char *note_kind_name(enum note_kind kind)
{
	static const char *const names[] = {
		[NOTE_LOST] = "not taken over", [NOTE_CHANGED] = "changed",
		[NOTE_TODO] = "to be done",
	};

	return names[kind];
}

void moving_put(struct moving *m, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(m->text + m->len, sizeof(m->text) - m->len, fmt, ap);
	va_end(ap);
	/* A line that does not fit is no line. */
	if (n < 0 || (size_t)n + 2 > sizeof(m->text) - m->len) {
		m->text[m->len] = '\0';
		moving_note(m, NOTE_LOST, "a line", "there are too many of them");
		return;
	}
	m->len += n;
	m->text[m->len++] = '\n';
	m->text[m->len] = '\0';
}

void moving_note(struct moving *m, enum note_kind kind, const char *what,
		 const char *fmt, ...)
{
	struct moving_note *note = &m->notes[m->n_notes];
	va_list ap;

	if (m->n_notes == MOVING_NOTES)
		return;
	if (++m->n_notes == MOVING_NOTES) {
		*note = (struct moving_note){ .what = "the rest", .why = "too much to "
			 "tell" };
		return;
	}
	note->kind = kind;
	note->line = m->line;
	snprintf(note->what, sizeof(note->what), "%s", what);
	for (char *c = note->what; *c; c++)
		*c = printable(*c);
	va_start(ap, fmt);
	vsnprintf(note->why, sizeof(note->why), fmt, ap);
	va_end(ap);
	for (char *c = note->why; *c; c++)
		*c = printable(*c);
}

/* A value that would be cut at a '#' stands in quotes. */
static void put_target(struct moving *m, const char *what, const char *target)
{
	bool quoted = confvalue_needs_quotes(target);

	if (quoted && strchr(target, '"'))
		moving_note(m, NOTE_LOST, what, "%s: a name with quotes in it", target);
	else
		moving_put(m, quoted ? "target \"%s\"" : "target %s", target);
}

/* ---- disks ------------------------------------------------------------------ */

/* A name in /dev/disk/by-uuid that leads to that device. */
static bool find_uuid(dev_t dev, char uuid[64])
{
	cleanup_dir DIR *dir = opendir("/dev/disk/by-uuid");
	const struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		struct stat st;

		if (fstatat(dirfd(dir), entry->d_name, &st, 0) || !S_ISBLK(st.st_mode) ||
		    st.st_rdev != dev || strlen(entry->d_name) >= 64)
			continue;
		snprintf(uuid, 64, "%s", entry->d_name);
		return true;
	}
	return false;
}

/* "/dev/VG/LV": a folder of /dev that is none of those which others have there. */
static bool is_volume(const char *device)
{
	static const char *const folders[] = {
		"disk", "block", "cciss", "ida", "rd", "i2o", "mapper", "md",
	};
	const char *name = device + strlen("/dev/"), *slash;

	if (strncmp(device, "/dev/", strlen("/dev/")) || !(slash = strchr(name, '/')))
		return false;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (strlen(folders[i]) == (size_t)(slash - name) &&
		    !strncmp(name, folders[i], slash - name))
			return false;
	return true;
}

/* What is put together by programs that the capture image does not have. */
static bool is_assembled(struct moving *m, const char *what, const char *device)
{
	static const struct { const char *prefix, *name; } kinds[] = {
		{ "/dev/mapper/", "LVM, dm-crypt or multipath" },
		{ "/dev/dm-", "LVM, dm-crypt or multipath" }, { "/dev/md", "RAID" },
	};
	char real[PATH_MAX];
	const char *kind = NULL;

	if (!realpath(device, real))
		snprintf(real, sizeof(real), "%s", device);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strncmp(device, kinds[i].prefix, strlen(kinds[i].prefix)) ||
		    !strncmp(real, kinds[i].prefix, strlen(kinds[i].prefix)))
			kind = kinds[i].name;
	if (!kind && is_volume(real))
		kind = "LVM";
	if (kind)
		moving_note(m, NOTE_LOST, what, "%s is %s, which nobody puts together "
			    "in the capture kernel: name a plain partition or a "
			    "server", device, kind);
	return kind;
}

/* udev writes what it does not like in a name as "\\x20". */
static void decode_name(char *name)
{
	char *to = name;

	for (const char *at = name; *at; at++) {
		unsigned c;

		if (at[0] == '\\' && at[1] == 'x' && sscanf(at + 2, "%2x", &c) == 1 &&
		    strspn(at + 2, "0123456789abcdefABCDEF") >= 2) {
			*to++ = c;
			at += 3;
		} else {
			*to++ = *at;
		}
	}
	*to = '\0';
}

/* "UUID=..." of a device that is there, by its superblock or by udev's word. */
static void name_device(const char *device, char name[160])
{
	char uuid[64] = "";
	struct disk_fs fs;
	struct err ignored;
	struct stat st;

	if (disk_probe(device, &fs, &ignored) && fs.uuid[0])
		snprintf(uuid, sizeof(uuid), "%s", fs.uuid);
	else if (stat(device, &st) || !S_ISBLK(st.st_mode) || !find_uuid(st.st_rdev, uuid))
		uuid[0] = '\0';
	if (uuid[0])
		snprintf(name, 160, "UUID=%s", uuid);
	else
		snprintf(name, 160, "%.159s", device);
}

void moving_disk(struct moving *m, const char *what, const char *device, const char *path)
{
	static const struct { const char *folder, *key; } links[] = {
		{ "/dev/disk/by-uuid/", "UUID=" }, { "/dev/disk/by-label/", "LABEL=" },
	};
	char name[160], target[400];
	struct disk_spec spec;
	struct err e;

	if (is_assembled(m, what, device))
		return;
	snprintf(name, sizeof(name), "%.159s", device);
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (!strncmp(device, links[i].folder, strlen(links[i].folder)))
			snprintf(name, sizeof(name), "%s%s", links[i].key,
				 device + strlen(links[i].folder));
	decode_name(name);
	for (const char *c = name; *c; c++) {
		if (*c == printable(*c))
			continue;
		moving_note(m, NOTE_LOST, what, "%s: a name with other than printable ASCII: "
			    "write its UUID=", device);
		return;
	}
	if (!strncmp(name, "/dev/", 5))
		name_device(device, name);
	snprintf(target, sizeof(target), "disk:%s:%s", name, path);
	if (!disk_parse(&spec, target + strlen("disk:"), &e)) {
		moving_note(m, NOTE_LOST, what, "%s", e.text);
		return;
	}
	put_target(m, what, target);
	if (!strncmp(name, "/dev/", 5))
		moving_note(m, NOTE_TODO, what, "%s may be called otherwise in the "
			    "capture kernel: write its UUID= or LABEL=", name);
}

/* The nearest folder above that exists; the rest of the way is made when it is needed. */
static bool find_folder(const char *path, struct mount_entry *mount, char on_fs[256],
			struct err *e)
{
	char folder[256], rest[256] = "";

	if (*path != '/' || snprintf(folder, sizeof(folder), "%s", path) >= 256)
		return fail(e, EINVAL, "'%.100s' is not a path from '/' on", path);
	while (access(folder, F_OK) && strcmp(folder, "/")) {
		char *slash = strrchr(folder, '/'), deeper[256];

		snprintf(deeper, sizeof(deeper), "%s%s", slash, rest);
		memcpy(rest, deeper, sizeof(rest));
		slash[slash == folder] = '\0';
	}
	if (!mounts_holding(folder, mount, on_fs, e))
		return false;
	if (rest[0] && snprintf(folder, sizeof(folder), "%s%s",
				strcmp(on_fs, "/") ? on_fs : "", rest) < 256)
		snprintf(on_fs, 256, "%s", folder);
	return true;
}

void moving_local(struct moving *m, const char *what, const char *path)
{
	struct mount_entry mount;
	char on_fs[256];
	struct err e;

	if (!find_folder(path, &mount, on_fs, &e)) {
		moving_note(m, NOTE_LOST, what, "%s", e.text);
	} else if (strncmp(mount.type, "ext", 3) && strcmp(mount.type, "xfs")) {
		moving_note(m, NOTE_LOST, what, "%s lies on %s (%s): neither ext4 nor "
			    "xfs", path,
			    mount.source, mount.type);
	} else {
		moving_disk(m, what, mount.source, on_fs);
	}
}

/* ---- servers ---------------------------------------------------------------- */

/* In a crash there is no DNS: what a name stands for now is written down. */
static bool put_addresses(struct moving *m, const char *what, const char *host)
{
	char line[NAMES_LINE], words[NAMES_LINE + 16];
	struct ipaddr ip;

	if (ip_parse(&ip, host))
		return true;
	if (!resolve_line(host, line)) {
		moving_note(m, NOTE_TODO, what, "%s has no address here, and in a crash "
			    "there is no DNS: add a line 'resolve %s ADDRESS'", host,
			    host);
		return false;
	}
	snprintf(words, sizeof(words), "resolve %s", line);
	if (!strstr(m->text, words))
		moving_put(m, "%s", words);
	return true;
}

static void note_network(struct moving *m, const char *what)
{
	if (m->has_network || strstr(m->text, "\nnet ") || !strncmp(m->text, "net ", 4))
		return;
	m->has_network = true;
	moving_note(m, NOTE_TODO, what, "how to reach it stands in no such file: add a "
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

void moving_nfs(struct moving *m, const char *what, const char *export, const char *path)
{
	char target[400] = "nfs:";
	struct nfs_spec spec;
	struct err e;

	join(export, path, target + 4, sizeof(target) - 4);
	if (strstr(target, ":/") == NULL)
		strncat(target, "/", sizeof(target) - strlen(target) - 1);
	if (!nfs_parse(&spec, target, &e)) {
		moving_note(m, NOTE_LOST, what, "%s", e.text);
		return;
	}
	if (!put_addresses(m, what, spec.remote.host)) {
		moving_put(m, "# target %s", target);
		return;
	}
	put_target(m, what, target);
	if (!strstr(m->text, "insecure yes\n"))
		moving_put(m, "insecure yes");
	moving_note(m, NOTE_CHANGED, what, "NFS proves and hides nothing, and 'insecure "
		    "yes' says that this is accepted, as it was before");
	if (*path && strcmp(path, "/"))
		moving_note(m, NOTE_TODO, what, "%s must be there on the server, for it "
			    "is what is mounted", spec.remote.path);
	note_network(m, what);
}

static bool find_host_key(struct moving *m, const char *host, unsigned port, char *key,
			  size_t size, unsigned *n_hashed)
{
	char text[KNOWN_HOSTS_TEXT];
	struct err ignored;

	for (const char *const *file = m->known_hosts; *file; file++)
		if (read_text(*file, text, sizeof(text), &ignored) &&
		    known_hosts_find(text, host, port, key, size, n_hashed))
			return true;
	return false;
}

/* The client in the image knows Ed25519 and nothing else; FILE.pub says what FILE is. */
static void put_own_key(struct moving *m, const char *what, const char *key)
{
	char name[300], text[1024];
	struct err ignored;

	if (strstr(m->text, "ssh_key "))
		return;
	snprintf(name, sizeof(name), "%s.pub", key);
	if (*key == '/' && read_text(name, text, sizeof(text), &ignored) &&
	    !strncmp(text, "ssh-ed25519 ", 12)) {
		moving_put(m, "ssh_key %s", key);
		return;
	}
	moving_put(m, "ssh_key " OWN_KEY);
	moving_note(m, NOTE_TODO, what, "the client in the image knows Ed25519 only, "
		    "and %s.pub says otherwise: ssh-keygen -t ed25519 -N '' -f "
		    "" OWN_KEY ", and let the server know its .pub", key);
}

void moving_ssh(struct moving *m, const char *what, const char *user_host, const char *port,
		const char *path, const char *key)
{
	const char *at = strchr(user_host, '@');
	bool bare_ipv6 = at && at[1] != '[' && strchr(at, ':');
	char target[400], host_key[SSH_HOST_KEY_LEN];
	struct remote remote;
	unsigned n_hashed = 0;
	struct err e;

	snprintf(target, sizeof(target), "sftp:%.*s%s%s%s%s%s:%s",
		 at ? (int)(at + 1 - user_host) : 0,
		 user_host, bare_ipv6 ? "[" : "", at ? at + 1 : user_host,
		 bare_ipv6 ? "]" : "", *port ? ":" : "", port, path);
	if (!remote_parse_sftp(&remote, target + strlen("sftp:"), &e)) {
		moving_note(m, NOTE_LOST, what, "%s", e.text);
		return;
	}
	if (!find_host_key(m, remote.host, remote.port, host_key, sizeof(host_key),
	    &n_hashed)) {
		moving_put(m, "# ssh_host_key ssh-ed25519 AAAA...");
		moving_put(m, "# target %s", target);
		moving_note(m, NOTE_TODO, what, "the server's Ed25519 key must be "
			    "pinned by ssh_host_key, and %s: see its "
			    "/etc/ssh/ssh_host_ed25519_key.pub%s%s",
			    n_hashed ? "known_hosts has its names hashed"
				     : "known_hosts does not have it",
			    n_hashed ? ", or ssh-keygen -F " : "",
			    n_hashed ? remote.host : "");
		return;
	}
	put_addresses(m, what, remote.host);
	put_own_key(m, what, key);
	if (!strstr(m->text, host_key))
		moving_put(m, "ssh_host_key %s", host_key);
	put_target(m, what, target);
	moving_note(m, NOTE_CHANGED, what, "the dump goes by SFTP: that server's sshd "
		    "must allow it");
	note_network(m, what);
}

bool moving_action(struct moving *m, const char *key, const char *action)
{
	static const char *const ours[] = { "reboot", "halt", "poweroff" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		if (!strcmp(action, ours[i])) {
			moving_put(m, "%s %s", key, action);
			return true;
		}
	}
	return false;
}

/* ---- tables ----------------------------------------------------------------- */

void moving_other(struct moving *m, const struct moving_reason *reasons, size_t n,
		  const char *key)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(key, reasons[i].key)) {
			moving_note(m, reasons[i].kind, key, "%s", reasons[i].why);
			return;
		}
	}
	moving_note(m, NOTE_LOST, key, "this key is not known");
}

/* Where it is assigned to once more, 0: nowhere. */
static unsigned later_line(const char *text, unsigned line, const char *name)
{
	struct shell_var v;
	unsigned last = 0;

	while (shell_var_next(&text, &line, &v))
		if (v.is_assignment && !strcmp(v.name, name))
			last = v.line;
	return last;
}

bool moving_next(struct moving *m, const char **text, unsigned *line, struct shell_var *v)
{
	while (shell_var_next(text, line, v)) {
		unsigned later = v->is_assignment ? later_line(*text, *line, v->name) : 0;

		m->line = v->line;
		if (!later)
			return true;
		if (v->value[0] || v->is_odd)
			moving_note(m, NOTE_CHANGED, v->name, "overridden by line %u", later);
	}
	return false;
}

bool moving_take(struct moving *m, const struct moving_taker *takers, size_t n,
		 const struct shell_var *v)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(v->name, takers[i].name)) {
			takers[i].take(m, v);
			return true;
		}
	}
	return false;
}
