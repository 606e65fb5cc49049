/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /etc/default/kdump-tools, as kdump-tools(5) and kdump-config(8) of Debian have it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "import.h"
#include "targets/target_kinds.h"
#include "shellvars.h"

struct settings {
	struct import *m;	/* what comes of it */
	char dir[256], ssh[256], key[256], nfs[256];
	unsigned dir_line, ssh_line, nfs_line;
	bool has_ftp;
	bool is_lost;		/* a target that only a shell can work out */
};

static const struct import_reason others[] = {
	{ "KDUMP_KERNEL", NOTE_TODO, "say 'crashbox load --kernel FILE', if it is not "
	  "to be the running one or our own" },
	{ "KDUMP_INITRD", NOTE_LOST, "'crashbox image' makes another" },
	{ "KDUMP_KERNEL_HOOK", NOTE_LOST, "'crashbox image --if-needed' runs at boot "
	  "and after a kernel update" },
	{ "KDUMP_SYSCTL", NOTE_TODO, "when to panic is not decided here: put it into a "
	  "file in /etc/sysctl.d" },
	{ "KDUMP_KEXEC_ARGS", NOTE_LOST, "the kernel is loaded by a system call, not by "
	  "kexec(8)" },
	{ "KDUMP_CMDLINE", NOTE_LOST, "the command line is made of the running one; see "
	  "'crashbox show', and --append and --remove of 'crashbox load'" },
	{ "KDUMP_CMDLINE_APPEND", NOTE_TODO, "say 'crashbox load --append WORDS' for "
	  "what is still needed of it; what helps a small kernel is added anyway" },
	{ "KDUMP_COMPRESSION", NOTE_LOST, "the image is packed by the codec that its "
	  "kernel knows" },
	{ "MAKEDUMP_SPLIT", NOTE_LOST, "a dump is one file" },
	{ "NFS_TIMEO", NOTE_LOST, "see 'stall': how long anything may stand still" },
	{ "NFS_RETRANS", NOTE_LOST, "see 'stall': how long anything may stand still" },
	{ "NFS_MOUNT_RETRY", NOTE_LOST, "a server that does not answer is left for the "
	  "next target" },
	{ "SSH_KDUMP_RETRY", NOTE_LOST, "a server that does not answer is left for the "
	  "next target" },
	{ "SSH_KDUMP_INTERVAL", NOTE_LOST, "a server that does not answer is left for "
	  "the next target" },
	{ "FTP_USER", NOTE_LOST, "FTP is not spoken" },
	{ "FTP_PASSWORD", NOTE_LOST, "FTP is not spoken" },
	{ "FTP_PORT", NOTE_LOST, "FTP is not spoken" },
	{ "FTPPUT_ARGS", NOTE_LOST, "FTP is not spoken" },
};

/* A command line that ends the machine, as people write it there. */
static void take_fail_command(struct import *m, const struct shell_var *v)
{
	static const struct { const char *word, *action; } words[] = {
		{ "reboot", "reboot" }, { "poweroff", "poweroff" }, { "halt", "halt" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strstr(v->value, words[i].word)) {
			import_action(m, "on_failure", words[i].action);
			return;
		}
	}
	import_note(m, NOTE_LOST, "no program runs in the capture kernel but "
		    "ours; on_failure is one of reboot, poweroff, halt");
}

static void take_keep(struct import *m, const struct shell_var *v)
{
	long n = strtol(v->value, NULL, 10);

	if (n > 0 && n <= 200)
		import_put(m, "keep %ld", n);
	else if (n)
		import_note(m, NOTE_LOST, "'%s' is not a number from 0 to "
			    "200", v->value);
}

static void take_host_tag(struct import *m, const struct shell_var *v)
{
	if (strcmp(v->value, "hostname"))
		import_note(m, NOTE_CHANGED, "a dump's folder begins with the "
			    "host's name, never with its address; 'host NAME' sets "
			    "another");
}

static void take_use(struct import *m, const struct shell_var *v)
{
	if (strcmp(v->value, "1"))
		import_note(m, NOTE_CHANGED, "it was switched off; crashbox is "
			    "on when its service is enabled");
}

static void take_dmesg(struct import *m, const struct shell_var *v)
{
	if (strcmp(v->value, "1"))
		import_note(m, NOTE_CHANGED, "the log is always saved, and first");
}

static void take_args(struct import *m, const struct shell_var *v)
{
	import_collector(m, v->value);
}

static const struct import_taker takers[] = {
	{ "USE_KDUMP", take_use }, { "KDUMP_FAIL_CMD", take_fail_command },
	{ "KDUMP_NUM_DUMPS", take_keep }, { "HOSTTAG", take_host_tag },
	{ "KDUMP_DUMP_DMESG", take_dmesg }, { "MAKEDUMP_ARGS", take_args },
};

static const struct import_table table = {
	takers, sizeof(takers) / sizeof(takers[0]),
	others, sizeof(others) / sizeof(others[0]),
};

/* False: it is not about where to. */
static bool set_place(struct settings *s, const struct shell_var *v)
{
	const struct { const char *name; char *to; unsigned *line; } places[] = {
		{ "KDUMP_COREDIR", s->dir, &s->dir_line }, { "SSH", s->ssh, &s->ssh_line },
		{ "SSH_KEY", s->key, &s->ssh_line }, { "NFS", s->nfs, &s->nfs_line },
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (strcmp(v->name, places[i].name))
			continue;
		s->is_lost |= v->is_odd && places[i].to != s->key;
		if (!v->is_odd)
			import_copy(s->m, places[i].to, 256, v->value);
		*places[i].line = v->line;
		return true;
	}
	if (strcmp(v->name, "FTP"))
		return false;
	s->has_ftp = true;
	if (!v->is_odd)
		import_note(s->m, NOTE_LOST, "FTP is not spoken: use SFTP or NFS");
	return true;
}

/* In kdump-config's order: the first of them is the one. */
static void put_targets(const struct settings *s)
{
	const struct import_place place = { s->ssh[0] ? s->ssh : s->nfs, "",
					    s->ssh[0] ? s->dir : "", s->key };

	if (s->is_lost)
		return;		/* what was meant is not known, and nothing else is as good */
	s->m->what = s->ssh[0] ? "SSH" : s->nfs[0] ? "NFS" : "KDUMP_COREDIR";
	s->m->line = s->ssh[0] ? s->ssh_line : s->nfs[0] ? s->nfs_line : s->dir_line;
	if (s->ssh[0] || s->nfs[0])
		import_target(s->m, target_kind_called(s->m->what, strlen(s->m->what)), &place);
	else if (!s->has_ftp)
		import_local(s->m, s->dir);
	s->m->what = "NFS";
	if (s->ssh[0] && s->nfs[0])
		import_note(s->m, NOTE_CHANGED, "there is SSH as well, which came "
			    "first");
}

void import_debian(struct import *m, const char *text)
{
	struct settings s = { .m = m, .dir = "/var/crash", .key = "/root/.ssh/kdump_id_rsa" };
	struct shell_text lines = { .at = text };
	struct shell_var v = { .depth = 0 };

	while (import_next(m, &lines, &v)) {
		if (v.is_odd)
			import_note(m, NOTE_LOST, "only a shell can say what "
				    "this means");
		if (!v.value[0] && !v.is_odd)
			continue;
		if (!set_place(&s, &v) && !v.is_odd)
			import_variable(m, &table, &v);
	}
	put_targets(&s);
}
