/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /etc/sysconfig/kdump, as kdump(5) of SUSE has it; newer files may have comments only. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/io.h"
#include "import.h"
#include "targets/target_kinds.h"
#include "shellvars.h"

struct settings {
	struct import *m;	/* what comes of it */
	char savedir[512], key[256];
	unsigned line;
};

static const struct import_reason others[] = {
	{ "KDUMP_KERNELVER", NOTE_TODO, "say 'crashbox load --kernel FILE', if it is "
	  "not to be the running one or our own" },
	{ "KDUMP_CRASHKERNEL", NOTE_TODO, "the reservation stays a word of the kernel's "
	  "command line; 'crashbox estimate' says how much is needed" },
	{ "KDUMP_AUTO_RESIZE", NOTE_LOST, "the reservation is not changed by itself" },
	{ "KDUMP_UPDATE_BOOTLOADER", NOTE_LOST, "the boot loader's files are not touched" },
	{ "KDUMP_COMMANDLINE", NOTE_LOST, "the command line is made of the running one; "
	  "see 'crashbox show'" },
	{ "KDUMP_COMMANDLINE_APPEND", NOTE_TODO, "say 'crashbox load --append WORDS' "
	  "for what is still needed of it" },
	{ "KEXEC_OPTIONS", NOTE_LOST, "the kernel is loaded by a system call, not by "
	  "kexec(8)" },
	{ "KDUMP_TRANSFER", NOTE_LOST, "no program runs in the capture kernel but ours" },
	{ "KDUMP_PRESCRIPT", NOTE_LOST, "no program runs in the capture kernel but ours" },
	{ "KDUMP_POSTSCRIPT", NOTE_LOST, "no program runs in the capture kernel but ours" },
	{ "KDUMP_REQUIRED_PROGRAMS", NOTE_LOST, "no program runs in the capture kernel "
	  "but ours" },
	{ "KDUMP_FREE_DISK_SIZE", NOTE_LOST, "a dump that does not fit is not begun, "
	  "and the manifest says so" },
	{ "KDUMP_VERBOSE", NOTE_LOST, "the console always shows how far it is" },
	{ "KDUMP_COPY_KERNEL", NOTE_LOST, "the kernel is not copied: 'crashbox "
	  "show-dump' names the package that has it" },
	{ "KDUMPTOOL_FLAGS", NOTE_LOST, "they are flags of that tool" },
	{ "KDUMP_NET_TIMEOUT", NOTE_LOST, "a net line has timeout=SECONDS and "
	  "carrier=SECONDS" },
	{ "KDUMP_SMTP_SERVER", NOTE_LOST, "no mail is sent from a crashed machine" },
	{ "KDUMP_SMTP_USER", NOTE_LOST, "no mail is sent from a crashed machine" },
	{ "KDUMP_SMTP_PASSWORD", NOTE_LOST, "no mail is sent from a crashed machine" },
	{ "KDUMP_NOTIFICATION_TO", NOTE_LOST, "no mail is sent; look for new dumps "
	  "after the reboot with 'crashbox list --json'" },
	{ "KDUMP_NOTIFICATION_CC", NOTE_LOST, "no mail is sent from a crashed machine" },
	{ "KDUMP_FADUMP", NOTE_LOST, "fadump is not supported" },
	{ "KDUMP_FADUMP_SHELL", NOTE_LOST, "fadump is not supported" },
	{ "KDUMP_LUKS_MEMORY", NOTE_LOST, "of an encrypted disk the key itself is loaded" },
};

static bool is_yes(const char *value)
{
	return !strcmp(value, "yes") || !strcmp(value, "true") || !strcmp(value, "1");
}

static void take_level(struct import *m, const struct shell_var *v)
{
	char *end;
	unsigned long level = strtoul(v->value, &end, 10);

	if (*end || level > 31)
		import_note(m, NOTE_LOST, "'%s' is not a level from 0 to 31",
			    v->value);
	else
		import_put(m, "level %lu", level);
}

static void take_format(struct import *m, const struct shell_var *v)
{
	if (!strcmp(v->value, "compressed"))
		import_put(m, "codec zlib");
	else if (!strcmp(v->value, "zstd"))
		import_put(m, "codec zstd");
	else if (!strcmp(v->value, "none"))
		import_note(m, NOTE_CHANGED, "a dump is written as well, and "
			    "not only the log");
	else
		import_note(m, NOTE_CHANGED, "'%s' is not written, "
			    "kdump-compressed with zstd is", v->value);
}

/* The old ones alone are counted there, and -1 is none of them. */
static void take_keep(struct import *m, const struct shell_var *v)
{
	long n = strtol(v->value, NULL, 10);

	if (n == -1 || (n > 0 && n < 200))
		import_put(m, "keep %ld", n < 0 ? 1 : n + 1);
	else if (n)
		import_note(m, NOTE_CHANGED, "'%s' is not a number from -1 to "
			    "199; all dumps are kept", v->value);
}

static void take_reboot(struct import *m, const struct shell_var *v)
{
	if (is_yes(v->value)) {
		import_put(m, "on_success reboot");
		return;
	}
	import_put(m, "on_success halt");
	import_note(m, NOTE_CHANGED, "it halts after a dump; there is no shell");
}

static void take_continue(struct import *m, const struct shell_var *v)
{
	if (!is_yes(v->value))
		import_note(m, NOTE_CHANGED, "there is no shell in the image: "
			    "after a failure it reboots ('on_failure' is one of reboot, "
			    "poweroff, halt)");
}

static void take_cpus(struct import *m, const struct shell_var *v)
{
	/* A limit, 32 as it comes; 0 is all of them. Ours is where more are not worth it. */
	if (!strcmp(v->value, "1"))
		import_put(m, "cpus 1");
	else
		import_note(m, NOTE_CHANGED, "as many CPUs are started as are worth it and "
			    "have room, not %s; 'cpus N' says how many", v->value);
}

/* "auto", "DEVICE:MODE". The names that udev gives are not there in a crash, a MAC is. */
static void take_netconfig(struct import *m, const struct shell_var *v)
{
	const char *colon = strchr(v->value, ':');
	char name[64], file[128], mac[32];
	struct err ignored;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(v->value, ":/"), v->value);
	snprintf(file, sizeof(file), "/sys/class/net/%s/address", name);
	if (colon && (!strncmp(colon, ":auto6", 6) ||
		      (!strncmp(colon, ":dhcp", 5) && strncmp(colon, ":dhcp6", 6))))
		import_put(m, "net %s %s",
			   read_text(file, mac, sizeof(mac), &ignored) ? mac : name,
			   colon[1] == 'a' ? "slaac" : "dhcp");
	else if (colon)
		import_note(m, NOTE_TODO, "add a line such as 'net %s "
			    "address=... gateway=...'", name);
	/* "auto" is said with the target, if that needs a network. */
}

/* SHA-1 of something, or "*" for any: neither is a key. */
static void take_host_key(struct import *m, const struct shell_var *v)
{
	import_note(m, NOTE_CHANGED, "'%s' is not used: the server's whole key "
		    "is pinned by ssh_host_key, which cannot be switched off", v->value);
}

static void take_options(struct import *m, const struct shell_var *v)
{
	/* KDUMP_DUMPLEVEL is the level there. */
	import_options(m, v->value);
}

static const struct import_taker takers[] = {
	{ "KDUMP_DUMPLEVEL", take_level }, { "KDUMP_DUMPFORMAT", take_format },
	{ "KDUMP_KEEP_OLD_DUMPS", take_keep }, { "KDUMP_IMMEDIATE_REBOOT", take_reboot },
	{ "KDUMP_CONTINUE_ON_ERROR", take_continue }, { "KDUMP_CPUS", take_cpus },
	{ "KDUMP_NETCONFIG", take_netconfig }, { "KDUMP_HOST_KEY", take_host_key },
	{ "KDUMP_SSH_HOST_KEY", take_host_key },
	{ "MAKEDUMPFILE_OPTIONS", take_options },
};

static const struct import_table table = {
	takers, sizeof(takers) / sizeof(takers[0]),
	others, sizeof(others) / sizeof(others[0]),
};

static void take(struct settings *s, const struct shell_var *v)
{
	if (!strcmp(v->name, "KDUMP_SAVEDIR")) {
		import_copy(s->m, s->savedir, sizeof(s->savedir), v->value);
		s->line = v->line;
		return;
	}
	/* A list, of which the first is tried first; names are root's own. */
	if (!strcmp(v->name, "KDUMP_SSH_IDENTITY")) {
		char key[sizeof(v->value) + 16];

		snprintf(key, sizeof(key), "%s%.*s", v->value[0] == '/' ? "" : "/root/.ssh/",
			 (int)strcspn(v->value, " "), v->value);
		import_copy(s->m, s->key, sizeof(s->key), key);
		return;
	}
	import_variable(s->m, &table, v);
}

/* "USER[:PASSWORD]@HOST[:PORT]/path" behind "ssh://" */
static void put_login(const struct settings *s, const struct target_kind *kind,
		      const char *rest)
{
	struct import *m = s->m;
	size_t slash = strcspn(rest, "/"), user_len = strcspn(rest, "@");
	char user[64] = "root", host[160], port[8] = "", both[240];
	const char *at = rest;
	struct import_place place = { both, port, "/var/crash", s->key };
	char *colon;

	if (user_len < slash) {
		size_t bare = strcspn(rest, ":@");

		if (bare >= sizeof(user)) {
			import_note(m, NOTE_LOST, "a user's name of more than "
				    "%zu characters", sizeof(user) - 1);
			return;
		}
		snprintf(user, sizeof(user), "%.*s", (int)bare, rest);
		if (bare < user_len)
			import_note(m, NOTE_LOST, "the password: only "
				    "a key opens the server");
		at = rest + user_len + 1;
		slash -= user_len + 1;
	}
	snprintf(host, sizeof(host), "%.*s", (int)slash, at);
	colon = strrchr(host, ':');
	if (colon && !strchr(colon, ']')) {
		snprintf(port, sizeof(port), "%s", colon + 1);
		*colon = '\0';
	}
	snprintf(both, sizeof(both), "%s@%s", user, host);
	if (at[slash])
		place.path = at + slash;
	import_target(m, kind, &place);
}

/* "SERVER/path" behind "nfs://", or "/path" where there is no server. */
static void put_export(struct import *m, const struct target_kind *kind, const char *rest)
{
	char export[300];
	const struct import_place place = { export, "", "", "" };
	size_t host_len = strcspn(rest, "/");

	snprintf(export, sizeof(export), "%.*s%s%s", (int)host_len, rest, host_len ? ":" : "",
		 rest + host_len);
	import_target(m, kind, &place);
}

static void put_url(const struct settings *s, const char *url)
{
	size_t len = strcspn(url, ":");
	const struct target_kind *kind = target_kind_called(url, len);

	if (*url == '/')
		import_local(s->m, url);
	else if (!strncasecmp(url, "file://", 7))
		import_local(s->m, url + 7);
	else if (!kind || kind->needs & NEEDS_DEVICE || strncmp(url + len, "://", 3))
		import_note(s->m, NOTE_LOST, "%.*s: no kind of target is called so", (int)len,
			    url);
	else if (kind->needs & NEEDS_CLIENT)
		put_login(s, kind, url + len + 3);
	else
		put_export(s->m, kind, url + len + 3);
}

void import_suse(struct import *m, const char *text)
{
	struct settings s = { .m = m, .savedir = "/var/crash", .key = "/root/.ssh/id_rsa" };
	char *save, *url;
	struct shell_text lines = { .at = text };
	struct shell_var v = { .depth = 0 };

	while (import_next(m, &lines, &v)) {
		if (v.is_odd)
			import_note(m, NOTE_LOST, "only a shell can say what "
				    "this means");
		else if (v.value[0])
			take(&s, &v);
		/* What was meant is not known, and nothing else is as good. */
		if (v.is_odd && !strcmp(v.name, "KDUMP_SAVEDIR"))
			s.savedir[0] = '\0';
	}
	m->line = s.line;
	m->what = "KDUMP_SAVEDIR";
	for (url = strtok_r(s.savedir, " \t", &save); url; url = strtok_r(NULL, " \t", &save))
		put_url(&s, url);
}
