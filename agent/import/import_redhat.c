/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /etc/kdump.conf, as kdump.conf(5) of kdump-utils has it: "key value", one a line. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/numbers.h"
#include "import.h"
#include "targets/target_kinds.h"

/* A value of which the last line counts, there as here. */
struct last {
	size_t size;		/* with its NUL, that it may have */
	char value[512];
	unsigned line;
};

struct settings {
	struct import *m;	/* what comes of it */
	char where[16];			/* ext4, nfs, ssh ...; "" none */
	const struct target_kind *kind;	/* that is called so */
	char device[256], key[256];
	unsigned where_line;
	struct last path, collector;
	bool dump_to_rootfs;
	char fence[600];		/* nodes of a cluster */
	unsigned fence_line, fence_port, fence_s;
	bool is_lost;			/* a target that we cannot write to */
};

/* Keys that we have nothing for, and why. */
static const struct import_reason others[] = {
	{ "kdump_pre", NOTE_LOST, "no program runs in the capture kernel but ours" },
	{ "kdump_post", NOTE_LOST, "no program runs in the capture kernel but ours; "
	  "look for new dumps after the reboot with 'crashbox list --json'" },
	{ "extra_bins", NOTE_LOST, "no program runs in the capture kernel but ours" },
	{ "extra_modules", NOTE_TODO, "the image gets the drivers of disks and "
	  "interfaces by itself; name these to 'crashbox image' if they are still "
	  "needed" },
	{ "dracut_args", NOTE_LOST, "the image is not made by dracut" },
	{ "force_rebuild", NOTE_LOST, "'crashbox image --if-needed' decides by what has "
	  "changed" },
	{ "force_no_rebuild", NOTE_LOST, "'crashbox image --if-needed' decides by what "
	  "has changed" },
	{ "override_resettable", NOTE_LOST, "no device is refused for that" },
	{ "auto_reset_crashkernel", NOTE_LOST, "crashkernel= is not changed by itself; "
	  "see 'crashbox estimate'" },
	{ "blacklist", NOTE_LOST, "only the modules of the targets are loaded" },
	{ "options", NOTE_LOST, "modules are loaded without options" },
	{ "link_delay", NOTE_LOST, "a net line waits for the carrier: carrier=SECONDS" },
	{ "debug_mem_level", NOTE_LOST, "the peak of memory stands in each manifest" },
	{ "net", NOTE_LOST, "this word meant nfs or ssh in old versions: write which" },
};

static bool is_foreign(const char *key)
{
	static const char *const types[] = { "raw", "minix",
	"f2fs", "cifs" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(key, types[i]))
			return true;
	return false;
}

static void set_where(struct settings *s, const char *value)
{
	if (s->where[0]) {
		import_note(s->m, NOTE_LOST, "there is a target already, '%s %s'", s->where,
			    s->device);
		return;
	}
	if (!import_copy(s->m, s->device, sizeof(s->device), value))
		return;
	snprintf(s->where, sizeof(s->where), "%s", s->m->what);
	s->kind = target_kind_called(s->m->what, strlen(s->m->what));
	s->where_line = s->m->line;
}

static void take_failure(struct settings *s, const char *value)
{
	if (import_action(s->m, "on_failure", value))
		return;
	if (!strcmp(value, "dump_to_rootfs"))
		s->dump_to_rootfs = true;
	else if (!strcmp(value, "shell"))
		import_note(s->m, NOTE_LOST, "there is no shell in the image; it "
			    "reboots, and the console says why");
	else
		import_note(s->m, NOTE_LOST, "'%s' is none of reboot, halt, "
			    "poweroff", value);
}

/* Of fence_kdump_send(8): port and interval; as often as it takes is what we do anyway. */
static void take_fence_args(struct settings *s, const char *value)
{
	char words[1024], *rest = words, *word;

	snprintf(words, sizeof(words), "%s", value);
	while ((word = strsep(&rest, " \t"))) {
		char *of = word[0] == '-' && word[1] && !word[2] ? strsep(&rest, " \t") : NULL;
		struct err e;

		if (!*word)
			continue;
		if (of && word[1] == 'p' &&
		    number_parse(of, 1, 65535, &s->fence_port, &e))
			continue;
		if (of && word[1] == 'i' && number_parse(of, 1, 86400, &s->fence_s, &e))
			continue;
		if (!of || ((word[1] != 'c' || strcmp(of, "0")) &&
			    (word[1] != 'f' || strcmp(of, "auto"))))
			import_note(s->m, NOTE_LOST, "%s%s%s: the nodes are told at their "
				    "addresses, as long as the capture runs", word,
				    of ? " " : "", of ? of : "");
	}
}

static void put_fence(const struct settings *s)
{
	char nodes[sizeof(s->fence)], *rest = nodes, *node;

	snprintf(nodes, sizeof(nodes), "%s", s->fence);
	s->m->line = s->fence_line;
	s->m->what = "fence_kdump_nodes";
	while ((node = strsep(&rest, " \t"))) {
		bool is_ipv6 = strchr(node, ':');
		char text[300];

		if (!*node)
			continue;
		snprintf(text, sizeof(text), is_ipv6 ? "[%s]" : "%s", node);
		if (s->fence_port)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), ":%u",
				 s->fence_port);
		import_put(s->m, "fence_kdump %s", text);
	}
	if (s->fence_s && s->fence[0])
		import_put(s->m, "fence_interval %u", s->fence_s);
	if (s->fence[0])
		import_note(s->m, NOTE_TODO, "the nodes are told over the interfaces of the "
			    "net lines: one must lead to them");
}

static void set_last(struct settings *s, struct last *to, const char *value)
{
	struct import *m = s->m;
	unsigned here = m->line;

	if (to->line) {
		m->line = to->line;
		import_note(m, NOTE_CHANGED, "overridden by line %u", here);
		m->line = here;
	}
	if (import_copy(m, to->value, to->size, value))
		to->line = here;
}

static void take(struct settings *s, const char *value)
{
	const char *key = s->m->what;
	unsigned seconds;
	struct err e;

	if (target_kind_called(key, strlen(key))) {
		set_where(s, value);
	} else if (is_foreign(key)) {
		s->is_lost = true;
		import_note(s->m, NOTE_LOST, "'%s' is no target: only file systems "
			    "ext4, xfs and btrfs, NFS and SFTP are written to", value);
	} else if (!strcmp(key, "dracut_args") && strstr(value, "--mount")) {
		/* A file system of any kind may be named in that way, and a folder for it. */
		s->is_lost = true;
		import_note(s->m, NOTE_TODO, "its --mount names the file system of the "
			    "dumps: write 'target disk:UUID=...:/path' for it");
	} else if (!strcmp(key, "path")) {
		set_last(s, &s->path, value);
	} else if (!strcmp(key, "sshkey")) {
		import_copy(s->m, s->key, sizeof(s->key), value);
	} else if (!strcmp(key, "core_collector")) {
		set_last(s, &s->collector, value);
	} else if (!strcmp(key, "failure_action") || !strcmp(key, "default")) {
		take_failure(s, value);
	} else if (!strcmp(key, "disk_timeout")) {
		if (number_parse_seconds(value, 1, &seconds, &e))
			import_put(s->m, "wait %u", seconds);
		else
			import_note(s->m, NOTE_LOST, "%s: a disk is waited for while "
				    "others appear, 30 seconds at least", e.text);
	} else if (!strcmp(key, "fence_kdump_nodes")) {
		snprintf(s->fence, sizeof(s->fence), "%s", value);
		s->fence_line = s->m->line;
	} else if (!strcmp(key, "fence_kdump_args")) {
		take_fence_args(s, value);
	} else if (!strcmp(key, "final_action")) {
		if (!import_action(s->m, "on_success", value))
			import_note(s->m, NOTE_LOST, "'%s' is none of reboot, halt, "
				    "poweroff",
				    value);
	} else {
		import_other(s->m, others, sizeof(others) / sizeof(others[0]));
	}
}

static void put_targets(const struct settings *s)
{
	const struct import_place place = { s->device, "", s->path.value, s->key };

	s->m->line = s->where[0] ? s->where_line : s->path.line;
	s->m->what = s->where[0] ? s->where : "path";
	if (s->is_lost && !s->where[0])
		;	/* what was meant is known, and cannot be had */
	else if (!s->where[0])
		import_local(s->m, s->path.value);
	else
		import_target(s->m, s->kind, &place);
	if (s->dump_to_rootfs) {
		s->m->line = 0;
		s->m->what = "failure_action dump_to_rootfs";
		import_local(s->m, s->path.value);
	}
}

void import_redhat(struct import *m, const char *text)
{
	struct settings s = {
		.m = m,
		.path = { .size = 256, .value = "/var/crash" },
		.collector = { .size = sizeof(s.collector.value) },
		.key = "/root/.ssh/kdump_id_rsa",
	};
	char line[1024], *key, *value;

	for (m->line = 1; *text; m->line++) {
		size_t len = strcspn(text, "\n");

		m->what = "the line";
		if (len >= sizeof(line))
			import_note(m, NOTE_LOST, "its end, as it is longer than "
				    "%zu characters", sizeof(line) - 1);
		snprintf(line, sizeof(line), "%.*s", (int)(len < 1023 ? len : 1023), text);
		text += len + (text[len] == '\n');
		line[strcspn(line, "#\r")] = '\0';
		key = line + strspn(line, " \t");
		value = key + strcspn(key, " \t");
		if (*value)
			*value++ = '\0';
		value += strspn(value, " \t");
		for (len = strlen(value); len && strchr(" \t", value[len - 1]);)
			value[--len] = '\0';
		m->what = key;
		if (*key)
			take(&s, value);
	}
	if (s.collector.line) {
		m->line = s.collector.line;
		m->what = "core_collector";
		import_collector(m, s.collector.value);
	}
	put_fence(&s);
	put_targets(&s);
}
