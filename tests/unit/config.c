/* SPDX-License-Identifier: GPL-2.0-or-later */
/* config/config: lines, the kernel command line, which wins over what. */
#include <errno.h>

#include "base/err.h"
#include "config/config.h"
#include "t.h"

static const struct {
	const char *row, *line;
	bool ok;
} rows[] = {
	{ "an empty line", "", true },
	{ "blanks", " \t ", true },
	{ "a comment", "# level 99", true },
	{ "a comment behind blanks", "\t # level 99", true },
	{ "a level", "level 0", true },
	{ "the highest level", "level 31", true },
	{ "blanks around", "  level \t 31\t ", true },
	{ "a line end of another system", "level 31\r", true },
	{ "a level too high", "level 32", false },
	{ "a level below 0", "level -1", false },
	{ "a level in hex", "level 0x1f", false },
	{ "a level with a plus", "level +3", false },
	{ "a level that wraps", "level 4294967297", false },
	{ "two values", "level 31 30", false },
	{ "no value", "level", false },
	{ "an unknown key", "colour red", false },
	{ "a key in capitals", "LEVEL 31", false },
	{ "a key that begins alike", "levels 31", false },
	{ "a codec", "codec none", true },
	{ "an unknown codec", "codec lzo", false },
	{ "when it is read back", "verify after", true },
	{ "at the same time", "verify meanwhile", true },
	{ "never", "verify no", false },
	{ "enough dumps of one fault", "keep_same 3", true },
	{ "too many dumps of one fault", "keep_same 101", false },
	{ "a log server", "report udp:192.0.2.9", true },
	{ "a log server's port", "report udp:log.example.com:10514", true },
	{ "a log server by IPv6", "report udp:[2001:db8::9]:514", true },
	{ "a log server by IPv6 without brackets", "report udp:2001:db8::9", false },
	{ "a log server by TCP", "report tcp:192.0.2.9", false },
	{ "a log server that is none", "report udp:", false },
	{ "a log server with a path", "report udp:192.0.2.9:/x", false },
	{ "a port too high", "report udp:192.0.2.9:65536", false },
	{ "no port behind a colon", "report udp:192.0.2.9:", false },
	{ "a node of a cluster", "fence_kdump node1", true },
	{ "its port, by IPv6", "fence_kdump [2001:db8::9]:7411", true },
	{ "a node by a path", "fence_kdump node1:/x", false },
	{ "an interval of nothing", "fence_interval 0", false },
	{ "nothing personal", "report_private no", true },
	{ "no last words", "last_words no", true },
	{ "perhaps last words", "last_words some", false },
	{ "perhaps something personal", "report_private some", false },
	{ "no command lines", "report_args no", true },
	{ "a few command lines", "report_args some", false },
	{ "a recipient",
	  "encrypt age1675lk4xdqqrf8hkkdmg9mgug3ty0gtym79spd78y09ld6a70wukqx2nykp", true },
	{ "a recipient, mistyped",
	  "encrypt age1675lk4xdqqrf8hkkdmg9mgug3ty0gtym79spd78y09ld6a70wukqx2nykq", false },
	{ "a recipient that is a private key", "encrypt AGE-SECRET-KEY-1QQ", false },
	{ "a recipient of a plugin", "encrypt age1yubikey1qqqqqq", false },
	{ "known faults", "known_file /etc/crashbox.known", true },
	{ "known faults without a path", "known_file crashbox.known", false },
	{ "a deadline in minutes", "deadline 15m", true },
	{ "a deadline too short", "deadline 1", false },
	{ "a deadline of a unit only", "deadline m", false },
	{ "a deadline that wraps in hours", "deadline 1193047h", false },
	{ "a host", "host web-1.example", true },
	{ "a host that climbs", "host ..", false },
	{ "a host with a slash", "host a/b", false },
	{ "a host of clones", "host %H-%m.example", true },
	{ "a host with another %", "host web%s", false },
	{ "a host that ends with a %", "host web%", false },
	{ "a machine's id", "machine_id 0123456789abcdef0123456789abcdef", true },
	{ "a machine's id that is short", "machine_id 0123456789abcdef", false },
	{ "a machine's id with a letter", "machine_id 0123456789abcdef0123456789abcdeg",
	  false },
	{ "the shortest deadline", "deadline 10", true },
	{ "a stall in seconds", "stall 5s", true },
	{ "a stall too short", "stall 4", false },
	{ "a wait for a disk", "wait 3m", true },
	{ "no wait at all", "wait 0", false },
	{ "the longest deadline", "deadline 168h", true },
	{ "a deadline a little longer", "deadline 604801", false },
	{ "a kernel to capture with", "kernel /boot/vmlinuz-6.1", true },
	{ "a kernel that is no path", "kernel vmlinuz", false },
	{ "words for its command line", "append crashbox.level=16 quiet", true },
	{ "words to be taken out", "remove iommu*", true },
	{ "a number of CPUs", "cpus 4", true },
	{ "as many CPUs as are worth it", "cpus auto", true },
	{ "no CPU", "cpus 0", false },
	{ "all CPUs", "cpus all", false },
	{ "more CPUs than may be said", "cpus 257", false },
	{ "kexec-tools", "kexec_tools yes", true },
	{ "kexec-tools perhaps", "kexec_tools maybe", false },
	{ "signals are traced", "trace_signals yes", true },
	{ "signals are traced sometimes", "trace_signals 9", false },
	{ "drivers for each image", "image_drivers virtio_blk ext4", true },
	{ "no modules", "image_modules none", true },
	{ "modules in a folder", "image_modules /srv/modules", true },
	{ "modules that are no path", "image_modules some", false },
	{ "an interface for each image", "image_net eth0", true },
	{ "two interfaces on one line", "image_net eth0 eth1", false },
	{ "this machine's addresses", "image_host yes", true },
	{ "the client", "image_ssh /usr/bin/ssh", true },
	{ "an action", "on_failure halt", true },
	{ "an unknown action", "on_failure shell", false },
	{ "a disk by path", "target disk:/dev/vdb:/var/crash", true },
	{ "a disk by UUID", "target disk:UUID=0a1b2c3d-0000-4000-8000-123456789abc:/", true },
	{ "a disk by label", "target disk:LABEL=crash:/dumps", true },
	{ "udev's name for a disk", "target disk:/dev/disk/by-uuid/x:/crash", false },
	{ "device mapper's name for a disk", "target disk:/dev/mapper/vg-crash", false },
	{ "an unknown kind of target", "target pigeon:coop", false },
	{ "a target that is a path", "target /var/crash", false },
	{ "a store", "ship s3:https://s3.example.com/crashes/web", true },
	{ "a store on a port, by IPv6", "ship s3:https://[::1]:9000/crashes", true },
	{ "a store without a bucket", "ship s3:https://s3.example.com/", false },
	{ "a store with a key in its address", "ship s3:https://a:b@s3.example.com/x", false },
	{ "a store by what is no address", "ship s3:ftp://s3.example.com/crashes", false },
	{ "a prefix that is a question", "ship s3:https://s3.example.com/crashes/a?b", false },
	{ "a server to ship to", "ship sftp:crash@192.0.2.9:/crashes", true },
	{ "a disk to ship to", "ship disk:LABEL=x:/", false },
	{ "a command to ship with", "ship_command cat >/srv/$CRASHBOX_FILE", true },
	{ "parts too small for a store", "ship_part 4", false },
	{ "a rate", "ship_rate 512", true },
	{ "a rate with a unit", "ship_rate 1M", false },
	{ "what was confirmed goes", "ship_remove yes", true },
	{ "the journal hears", "tell journal", true },
	{ "a journal of another machine", "tell journal:web-2", false },
	{ "a web server hears", "tell webhook:https://hooks.example.com/a/b?c=d", true },
	{ "one whose address is a secret", "tell webhook:$HOOK", true },
	{ "a file of this machine for a web server", "tell webhook:file:///etc/passwd", false },
	{ "somebody hears by mail", "tell mail:ops@example.com", true },
	{ "nobody hears by mail", "tell mail:", false },
	{ "Prometheus hears", "tell textfile:/var/lib/node/crashbox.prom", true },
	{ "Prometheus by no path", "tell textfile:crashbox.prom", false },
	{ "a pigeon hears", "tell pigeon", false },
	{ "a comment behind a value", "level 31 # all of it", true },
	{ "one without a blank", "level 31#all", false },
	{ "a comment in place of a value", "level # 31", false },
	{ "a value in quotes", "level \"31\"  # all", true },
	{ "an open quote", "level \"31", false },
	{ "something behind a quote", "level \"3\"1", false },
	{ "nothing in quotes", "level \"\"", false },
};

/* What a '#' and quotes do to a value. */
static void test_values(void)
{
	static const struct { const char *line, *target; } lines[] = {
		{ "target disk:LABEL=a:/b # c", "disk:LABEL=a:/b" },
		{ "target disk:LABEL=a:/b\t#", "disk:LABEL=a:/b" },
		{ "target disk:LABEL=a:/b#c", "disk:LABEL=a:/b#c" },
		{ "target \"disk:LABEL=a #b:/ c\" # d", "disk:LABEL=a #b:/ c" },
		{ "target disk:LABEL=my disk:/", "disk:LABEL=my disk:/" },
	};

	for (size_t i = 0; i < T_SIZE(lines); i++) {
		struct config c;
		struct err e;

		config_init(&c);
		if (T_CHECK(lines[i].line, config_line(&c, lines[i].line, &e)))
			T_TEXT(lines[i].line, lines[i].target, c.targets[0]);
	}
}

static struct config seen;
static unsigned n_bad;
static char last_bad[300];

static void bad(const struct err *e)
{
	n_bad++;
	snprintf(last_bad, sizeof(last_bad), "%s", e->text);
}

static void test_lines(void)
{
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		size_t size = strlen(rows[i].line) + 1;
		char *line = t_guard(rows[i].line, size);
		struct err e = { .text = "" };

		config_init(&seen);
		T_EQUAL(rows[i].row, rows[i].ok, config_line(&seen, line, &e));
		T_CHECK(rows[i].row, rows[i].ok || e.text[0]);
		t_unguard(line, size);
	}
}

static void test_limits(void)
{
	char line[9000];
	struct err e;

	config_init(&seen);
	for (unsigned i = 0; i < MAX_TARGETS; i++)
		T_CHECK("as many targets as there may be",
			config_line(&seen, "target disk:/dev/vdb:/", &e));
	T_CHECK("one target too many", !config_line(&seen, "target disk:/dev/vdb:/", &e));
	T_EQUAL("which is not counted", MAX_TARGETS, seen.n_targets);
	memset(line, 'x', sizeof(line));
	memcpy(line, "target disk:/dev/vdb:/", 22);
	for (size_t len = 200; len < sizeof(line) - 1; len += 7) {
		char *guarded;

		config_init(&seen);
		guarded = t_guard(line, len + 1);
		guarded[len] = 0;
		if (config_line(&seen, guarded, &e))
			T_EQUAL("a long target is taken whole", len - 7,
				strlen(seen.targets[0]));
		t_unguard(guarded, len + 1);
	}
}

static void test_cmdline(void)
{
	struct err e;

	config_init(&seen);
	seen.told = bad;
	config_line(&seen, "level 1", &e);
	config_line(&seen, "target disk:LABEL=a:/", &e);
	config_line(&seen, "target disk:LABEL=b:/", &e);
	n_bad = 0;
	config_cmdline(&seen, "BOOT_IMAGE=/vmlinuz root=/dev/vda1 crashbox.level=17 quiet "
		       "crashbox.target=disk:LABEL=c:/ crashbox.target=disk:LABEL=d:/\n");
	T_EQUAL("the command line wins", 17, seen.level);
	T_EQUAL("its targets stand in place of the file's", 2, seen.n_targets);
	T_TEXT("in their order", "disk:LABEL=c:/", seen.targets[0]);
	T_EQUAL("words of others are passed over", 0, n_bad);

	config_cmdline(&seen, "crashbox.level=99 crashbox.nothing=1 crashbox.level "
		       "crashbox. crashbox.codec=zlib");
	T_EQUAL("bad words are reported, one by one", 4, n_bad);
	T_EQUAL("and change nothing", 17, seen.level);
	T_TEXT("good words among them count", "zlib", seen.codec);
	n_bad = 0;
	config_cmdline(&seen, "\"crashbox.codec=none\" a=\"crashbox.level=3 x\"");
	T_TEXT("a quoted word", "none", seen.codec);
	T_EQUAL("our word inside of another's value is not ours", 17, seen.level);
}

/* What is refused changes nothing, though all else of the command line does. */
static void test_refused(void)
{
	static const struct { const char *row, *words, *says; } cases[] = {
		{ "no deadline at all", "crashbox.deadline=0", "deadline" },
		{ "a deadline too short", "crashbox.deadline=5s", "less than 10 seconds" },
		{ "a deadline in days", "crashbox.deadline=1d", "deadline" },
		{ "an empty deadline", "crashbox.deadline=", "no value" },
		{ "no stall at all", "crashbox.stall=0", "less than 5 seconds" },
		{ "a level too high", "crashbox.level=32", "level" },
		{ "a host that is a path", "crashbox.host=../x", "host" },
		{ "a target of a misspelt kind", "crashbox.target=dsik:x", "disk:" },
		{ "an empty target", "crashbox.target=", "no value" },
		{ "a target without a value", "crashbox.target", "no value" },
		{ "an empty quoted target", "crashbox.target=\"\"", "no value" },
		{ "udev's name for a disk", "crashbox.target=disk:/dev/disk/by-uuid/x",
		  "UUID=" },
		{ "device mapper's name", "crashbox.target=disk:/dev/mapper/a-b:/", "LABEL=" },
	};

	for (size_t i = 0; i < T_SIZE(cases); i++) {
		const char *row = cases[i].row;
		char words[200];
		struct err e;

		config_init(&seen);
		seen.told = bad;
		config_line(&seen, "deadline 700", &e);
		config_line(&seen, "stall 70", &e);
		config_line(&seen, "level 17", &e);
		config_line(&seen, "host web", &e);
		config_line(&seen, "target disk:LABEL=a:/", &e);
		config_line(&seen, "target disk:LABEL=b:/", &e);
		n_bad = 0;
		last_bad[0] = '\0';
		snprintf(words, sizeof(words), "quiet %s crashbox.keep=3", cases[i].words);
		config_cmdline(&seen, words);
		T_EQUAL(row, 1, n_bad);
		if (!T_CHECK(row, strstr(last_bad, cases[i].says) &&
				  strstr(last_bad, "command line")))
			printf("%s\n", last_bad);
		T_EQUAL(row, 700, seen.deadline_s);
		T_EQUAL(row, 70, seen.stall_s);
		T_EQUAL(row, 17, seen.level);
		T_TEXT(row, "web", seen.host);
		T_EQUAL(row, 3, seen.keep);
		T_EQUAL(row, 2, seen.n_targets);
		T_TEXT(row, "disk:LABEL=a:/", seen.targets[0]);
		T_TEXT(row, "disk:LABEL=b:/", seen.targets[1]);
	}
}

/* A good target replaces the file's, whatever bad ones come before or after it. */
static void test_targets(void)
{
	static const struct {
		const char *row, *words;
		unsigned n, bad;
		const char *first;
	} cases[] = {
		{ "one", "crashbox.target=disk:LABEL=c:/", 1, 0, "disk:LABEL=c:/" },
		{ "a bad one, then a good one",
		  "crashbox.target=dsik:x crashbox.target=disk:LABEL=c:/", 1, 1,
		  "disk:LABEL=c:/" },
		{ "a good one, then a bad one",
		  "crashbox.target=disk:LABEL=c:/ crashbox.target=dsik:x", 1, 1,
		  "disk:LABEL=c:/" },
		{ "a good one between", "crashbox.target= crashbox.target=disk:LABEL=c:/ "
		  "crashbox.target crashbox.target=disk:LABEL=d:/", 2, 2, "disk:LABEL=c:/" },
		{ "in quotes", "crashbox.target=\"disk:LABEL=my disk:/a b\" x", 1, 0,
		  "disk:LABEL=my disk:/a b" },
		{ "quotes around all of it", "\"crashbox.target=disk:LABEL=my disk:/\"", 1, 0,
		  "disk:LABEL=my disk:/" },
		{ "a quote without an end", "crashbox.target=\"disk:LABEL=c:/", 1, 0,
		  "disk:LABEL=c:/" },
	};

	for (size_t i = 0; i < T_SIZE(cases); i++) {
		struct err e;

		config_init(&seen);
		seen.told = bad;
		config_line(&seen, "target disk:LABEL=a:/", &e);
		config_line(&seen, "target disk:LABEL=b:/", &e);
		config_line(&seen, "target disk:LABEL=b2:/", &e);
		n_bad = 0;
		config_cmdline(&seen, cases[i].words);
		T_EQUAL(cases[i].row, cases[i].n, seen.n_targets);
		T_EQUAL(cases[i].row, cases[i].bad, n_bad);
		T_TEXT(cases[i].row, cases[i].first, seen.targets[0]);
	}
}

/* What an operator wants of every image and load, and what was said by hand only. */
static void test_arming(void)
{
	static const char *const lines[] = {
		"kernel /boot/k", "append quiet a=1", "remove iommu*", "cpus 256",
		"kexec_tools yes",
		"trace_signals yes",
		"image_drivers a b", "image_modules none", "image_net eth0", "image_net eth1",
		"image_host yes", "image_ssh /bin/ssh",
	};
	struct arming hand = { .network_freeze = true, .nets = { "eth1" }, .n_nets = 1 };
	char line[ARMING_LINE];
	struct err e;
	unsigned n = 0;

	config_init(&seen);
	T_CHECK("nothing is set", !arming_line(&seen.arming, 0, line));
	T_CHECK("said by hand only", arming_lacks(&seen.arming, &hand, line));
	T_TEXT("said by hand only", "image_net eth1", line);
	for (size_t i = 0; i < T_SIZE(lines); i++)
		T_CHECK(lines[i], config_line(&seen, lines[i], &e));
	/* Each line comes out as it went in, whatever their order. */
	for (; arming_line(&seen.arming, n, line); n++) {
		bool is_there = false;

		for (size_t i = 0; i < T_SIZE(lines); i++)
			is_there |= !strcmp(line, lines[i]);
		T_CHECK(line, is_there);
	}
	T_EQUAL("as many lines", T_SIZE(lines), n);
	T_CHECK("said in both places", !arming_lacks(&seen.arming, &hand, line));
	T_CHECK("a second append", config_line(&seen, "append b=2", &e));
	T_TEXT("a second append", "quiet a=1 b=2", seen.arming.append);
	for (size_t i = 0; i < 200; i++)
		config_line(&seen, "append word=1", &e);
	T_CHECK("words without end", strlen(seen.arming.append) < ARMING_WORDS);
	snprintf(hand.append, sizeof(hand.append), "c=3");
	T_CHECK("other words by hand", arming_lacks(&seen.arming, &hand, line));
	T_TEXT("other words by hand", "append c=3", line);
}

/* Each key says what it means, and has as its default what a line could say. */
static void test_keys(void)
{
	const struct key_help *k;
	struct config c, fresh;
	struct err e;

	for (unsigned n = 0; (k = arming_key_help(n)); n++)
		T_CHECK(k->key, k->value[0] && k->help[0]);
	for (unsigned n = 0; (k = config_key_help(n)); n++) {
		T_CHECK(k->key, k->value[0] && strlen(k->help) > 10);
		config_init(&c);
		config_init(&fresh);
		if (k->initial && T_CHECK(k->key, config_set(&c, k->key, k->initial, &e)))
			T_CHECK(k->key, !memcmp(&c, &fresh, sizeof(c)));
	}
	T_EQUAL("level", 31, fresh.level);
	T_TEXT("codec", "zstd", fresh.codec);
	T_EQUAL("deadline", 3600, fresh.deadline_s);
	T_EQUAL("stall", 30, fresh.stall_s);
	T_EQUAL("crash_loop", 3, fresh.crash_loop.n);
	T_EQUAL("crash_loop", 900, fresh.crash_loop.window_s);
}

int main(void)
{
	test_keys();
	test_arming();
	test_values();
	test_lines();
	test_limits();
	test_cmdline();
	test_refused();
	test_targets();
	return t_done();
}
