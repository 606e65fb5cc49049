/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table of keys: each row checks its own value, holds what it is without one, prints its
 * lines, and says what it means. A new key is a member of struct config and a row.
 */
#include "config_keys.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/numbers.h"
#include "config_value.h"
#include "dump/codec.h"
#include "encrypt_for.h"
#include "key_values.h"
#include "targets/remote.h"
#include "targets/target_kinds.h"

#define MEMBER(member) .offset = offsetof(struct config, member)

/* ---- values ----------------------------------------------------------------- */

static bool set_target(const struct setting *s, struct err *e)
{
	struct config *c = s->config;

	if (strlen(s->value) >= TARGET_MAX)
		return fail(e, EINVAL, "longer than %u characters", TARGET_MAX - 1);
	if (c->n_targets == MAX_TARGETS)
		return fail(e, EINVAL, "more than %u targets", MAX_TARGETS);
	if (!target_check(s->value, e))
		return false;
	c->budget_s[c->n_targets] = 0;
	snprintf(c->targets[c->n_targets++], TARGET_MAX, "%s", s->value);
	return true;
}

static bool set_budget(const struct setting *s, struct err *e)
{
	struct config *c = s->config;

	if (!c->n_targets)
		return fail(e, EINVAL, "no target stands before it");
	return number_parse_seconds(s->value, s->row->min, &c->budget_s[c->n_targets - 1], e);
}

/* With its budget, which stands behind each of them. */
static void put_targets(const struct key_row *row, const struct config *c)
{
	for (unsigned i = 0; i < c->n_targets; i++) {
		bool quoted = config_value_needs_quotes(c->targets[i]);

		printf(quoted ? "%s \"%s\"\n" : "%s %s\n", row->help.key, c->targets[i]);
		if (c->budget_s[i])
			printf("budget %u\n", c->budget_s[i]);
	}
}

static bool set_codec(const struct setting *s, struct err *e)
{
	char names[CODEC_NAMES_MAX];

	if (!codec_named(s->value))
		return fail(e, EINVAL, "'%s' is none of %s", s->value, codec_names(names));
	snprintf(s->config->codec, sizeof(s->config->codec), "%s", s->value);
	return true;
}

static bool set_crash_loop(const struct setting *s, struct err *e)
{
	return crash_loop_parse(key_at(s), s->value, e);
}

static void put_crash_loop(const struct key_row *row, const struct config *c)
{
	char text[CRASH_LOOP_TEXT];

	crash_loop_format(&c->crash_loop, text);
	printf("%s %s\n", row->help.key, text);
}

static bool set_keep_user(const struct setting *s, struct err *e)
{
	struct config *c = s->config;

	if (c->n_keep_user == MAX_KEEP_USER)
		return fail(e, EINVAL, "more than %u of them", MAX_KEEP_USER);
	return keep_user_parse(&c->keep_user[c->n_keep_user], s->value, e) &&
	       ++c->n_keep_user;
}

static void put_keep_user(const struct key_row *row, const struct config *c)
{
	for (unsigned i = 0; i < c->n_keep_user; i++)
		keep_user_print(row->help.key, &c->keep_user[i]);
}

static bool set_encrypt(const struct setting *s, struct err *e)
{
	return encrypt_for_add(key_at(s), s->value, e);
}

static void put_encrypt(const struct key_row *row, const struct config *c)
{
	encrypt_for_print(row->help.key, key_seen_at(row, c));
}

static bool set_ssh_key(const struct setting *s, struct err *e)
{
	return ssh_set_key(&s->config->ssh, s->value, e);
}

static bool set_report(const struct setting *s, struct err *e)
{
	struct remote ignored;

	if (strlen(s->value) >= REPORT_MAX)
		return fail(e, EINVAL, "longer than %u characters", REPORT_MAX - 1);
	return remote_parse_log(&ignored, s->value, e) &&
	       strcpy(s->config->report, s->value);
}

static bool set_ramoops(const struct setting *s, struct err *e)
{
	return ramoops_parse(key_at(s), s->value, e);
}

static void put_ramoops(const struct key_row *row, const struct config *c)
{
	char text[RAMOOPS_TEXT];

	ramoops_format(&c->ramoops, text);
	if (c->ramoops.n)
		printf("%s %s\n", row->help.key, text);
}

static bool set_ssh_host_key(const struct setting *s, struct err *e)
{
	return ssh_add_host_key(&s->config->ssh, s->value, e);
}

static void put_ssh_host_keys(const struct key_row *row, const struct config *c)
{
	for (unsigned i = 0; i < c->ssh.n_host_keys; i++)
		printf("%s %s\n", row->help.key, c->ssh.host_keys[i]);
}

static bool set_host(const struct setting *s, struct err *e)
{
	struct config *c = s->config;

	return config_value_host(c->host, sizeof(c->host), s->value, e);
}

static bool set_machine_id(const struct setting *s, struct err *e)
{
	return config_value_id(s->config->machine_id, MACHINE_ID_SIZE, s->value, e);
}

static bool set_net(const struct setting *s, struct err *e)
{
	struct config *c = s->config;
	struct net_spec spec;

	if (c->n_nets == MAX_NETS)
		return fail(e, EINVAL, "more than %u interfaces", MAX_NETS);
	if (!netspec_parse(&spec, s->value, e))
		return false;
	c->nets[c->n_nets++] = spec;
	return true;
}

static void put_nets(const struct key_row *row, const struct config *c)
{
	for (unsigned i = 0; i < c->n_nets; i++) {
		char text[NET_TEXT];

		netspec_format(&c->nets[i], text);
		printf("%s %s\n", row->help.key, text);
	}
}

static bool set_resolve(const struct setting *s, struct err *e)
{
	return host_names_parse(&s->config->names, s->value, e);
}

static void put_resolve(const struct key_row *row, const struct config *c)
{
	char line[NAMES_LINE];

	for (unsigned i = 0; i < c->names.n; i++)
		printf("%s %s\n", row->help.key, host_names_format(&c->names, i, line));
}

static bool set_verify(const struct setting *s, struct err *e)
{
	return read_back_parse(key_at(s), s->value, e);
}

static void put_verify(const struct key_row *row, const struct config *c)
{
	printf("%s %s\n", row->help.key, read_back_name(c->verify));
}

/* ---- the table -------------------------------------------------------------- */

static const struct key_row rows[] = {
	{ { "target", "WHERE", NULL,
	    "Where to, see TARGETS in crashbox.conf(5). May be repeated: the log goes to "
	    "all that can be reached, before the first page is copied, the dump to the "
	    "first that takes all of it." },
	  set_target, put_targets, MEMBER(targets) },
	{ { "budget", "TIME", NULL,
	    "Behind a target: how long copying to it may take, 90, 15m, 2h. Default: half "
	    "of what is left of deadline, and all of it for the last target." },
	  set_budget, NULL, .min = 10 },
	{ { "insecure", "yes|no", "no",
	    "yes: NFS may be used, though it hides nothing and does not prove who the "
	    "server is." },
	  key_set_yes_no, key_put_yes, MEMBER(insecure) },
	{ { "level", "N", "31",
	    "What to leave out of the dump, the sum of 1 zero pages, 2 page cache, 4 page "
	    "cache with private data, 8 user memory, 16 free pages." },
	  key_set_number, key_put_number, MEMBER(level), 0, 31 },
	{ { "codec", CODEC_CHOICE, CODEC_USUAL,
	    "How pages are packed. auto is zstd, too, and from batch to batch as hard as is "
	    "the least wait for target and CPUs, from not at all to level 3; harder where "
	    "space is short, and else never so little that it takes more than half of what "
	    "is free." },
	  set_codec, key_put_text_if, MEMBER(codec) },
	{ { "workers", "N", NULL,
	    "Threads that pack; 0, the default, is one for each CPU that is up, at most "
	    "16, fewer where memory is short." },
	  key_set_number, key_put_number, MEMBER(workers), 0, 256 },
	{ { "verify", READ_BACK_CHOICE, "auto",
	    "When a dump is read back: as it is written, or after that. auto reads what is "
	    "durable while others still come, where a target is a folder and does not make "
	    "the copy wait. sample, for slow disks: of more than 64 MiB what tells where pages "
	    "are, the end, 32 to 64 MiB elsewhere: `sampled`, not valid; enough for `keep`." },
	  set_verify, put_verify, MEMBER(verify) },
	{ { "keep", "N", NULL,
	    "Dumps of this host to keep on a target, at most 200; older ones go after a "
	    "new one is complete. Of those that were cut short as many are kept, and the "
	    "50 newest folders with a log only. A folder without a manifest, such as that "
	    "of another tool, neither counts nor goes; what `crashbox ship` has still to send "
	    "goes like all else, as a crash cannot know of it. 0, the default, keeps all." },
	  key_set_number, key_put_number, MEMBER(keep), 0, 200 },
	{ { "keep_same", "K", NULL,
	    "After K whole dumps of one fault (the report's signature) and one kernel (its "
	    "build id) on a target, of whatever host, the next such crash leaves log, report "
	    "and manifest there, and no dump. And `keep` spares the last whole dump of each "
	    "fault. What counts was read back when it was written; a fault whose frames are "
	    "not sure is like no other. Each target counts for itself, so another one may "
	    "still take the dump. 0, the default, counts nothing." },
	  key_set_number, key_put_number, MEMBER(keep_same), 0, 100 },
	{ { "deadline", "TIME", "1h",
	    "For the whole capture." },
	  key_set_seconds, key_put_number, MEMBER(deadline_s), .min = 10 },
	{ { "stall", "TIME", "30s",
	    "Without any progress, before the next target is tried. The one that stood "
	    "still has its turn again when the others have had theirs. Opening a disk, "
	    "whose journal may have to be replayed, gets at least 2 minutes." },
	  key_set_seconds, key_put_number, MEMBER(stall_s), .min = 5 },
	{ { "wait", "TIME", NULL,
	    "For a disk that is not there yet; after that, later rounds only look for it "
	    "again. Default: 30s, and on while other disks appear, at most 150s." },
	  key_set_seconds, key_put_number_if, MEMBER(wait_s), .min = 1 },
	{ { "crash_loop", "N in TIME|off", "3 in 15m",
	    "After so many crashes of this host in that time on a target, only log and "
	    "manifest of the next one are written to it, and the earlier dumps stay. It "
	    "is no loop where their manifests tell that the kernels which crashed had "
	    "been up for longer than that, or that other boots came in between, whatever "
	    "the clock says, or where none of them has left a whole dump, or where "
	    "counting takes more than 10 seconds. On a disk only folders of root, or of "
	    "whose store it is, count. On a kernel's command line: 3/15m." },
	  set_crash_loop, put_crash_loop, MEMBER(crash_loop) },
	{ { "boot", "N", NULL,
	    "The number of this boot of the machine, for crash_loop. `crashbox load` sets "
	    "it." },
	  key_set_number, key_put_number_if, MEMBER(boot), 1, 1000000000 },
	{ { "keep_user", "comm=NAME|pid=N|panic", NULL,
	    "Keep the memory of a task whatever the level: all tasks of a name, one, or "
	    "what the panicking CPU ran. At most 16 lines. Such a dump holds the secrets "
	    "of these processes." },
	  set_keep_user, put_keep_user, MEMBER(keep_user) },
	{ { "encrypt", "RECIPIENT", NULL,
	    "All that is saved becomes age files, NAME.age: who has the key opens them by age, "
	    "or `crashbox decrypt`. At most 16 lines of X25519 recipients (age1...), or 4 of "
	    "post-quantum ones (age1pq1...; age 1.3): not both. What cannot be encrypted is "
	    "not written. The console, and the line of `report`, stay in the clear." },
	  set_encrypt, put_encrypt, MEMBER(encrypt) },
	{ { "encrypt_manifest", "yes|no", "no",
	    "With encrypt, no manifest in the clear: `list` and retention then know no more "
	    "than names. Else a small one has host, kernel, time, signature and sizes." },
	  key_set_yes_no, key_put_yes, MEMBER(encrypt_manifest) },
	{ { "log_callers", "yes|no", "no",
	    "The log says who said each line, a thread or a CPU, as that of kernels with "
	    "CONFIG_PRINTK_CALLER does. It is set where the running kernel does so." },
	  key_set_yes_no, key_put_yes, MEMBER(log_callers) },
	{ { "report", "udp:HOST[:PORT]", NULL,
	    "Tells a log server of a crash: the line of crashbox-report(5), as a message of "
	    "syslog (RFC 5424, at most 480 bytes, port 514 unless it says another), three "
	    "times, before the dump's first page if the network is up within 3 seconds by "
	    "then, else beside it. The network comes up for it alone, too: it needs a net "
	    "line. That nobody hears it costs the capture nothing but that. A last line, in "
	    "the end and three times likewise, says what became of the dump." },
	  set_report, key_put_text_if, MEMBER(report) },
	{ { "report_private", "yes|no", "yes",
	    "no: the line to a log server leaves out the names of program and control group, "
	    "and of the panic's words it says the kind and the kernel's function only." },
	  key_set_yes_no, key_put_yes_no, MEMBER(report_private) },
	{ { "report_args", "yes|no", "yes",
	    "no: report.txt and report.json leave out the command line of the program that "
	    "crashed, in which there may be a secret, and those in records of the audit. They "
	    "are never sent to a log server." },
	  key_set_yes_no, key_put_yes_no, MEMBER(report_args) },
	{ { "last_words", "yes|no", "yes",
	    "Where no target took the log, its end, 16 KiB at most, goes into EFI variables, "
	    "of whose room half stays free, else into free records of ramoops. `crashbox "
	    "pstore` of the next boot fetches it. no: neither is touched." },
	  key_set_yes_no, key_put_yes_no, MEMBER(last_words) },
	{ { "ramoops", "0xADDRESS,LENGTH,N", NULL,
	    "Where N records of ramoops lie, LENGTH bytes each. `crashbox load` gives those of "
	    "the running kernel, if they have no ecc." },
	  set_ramoops, put_ramoops, MEMBER(ramoops) },
	{ { "fence_kdump", "NODE[:PORT]", NULL,
	    "A node of this machine's cluster, port 7410 unless it says another: while the "
	    "capture runs it is told so in the way that fence_kdump(8) waits for. Nobody is "
	    "by `crashbox test`. At most 16 lines; the network comes up for them alone, too." },
	  fence_nodes_set, fence_nodes_put, MEMBER(fence) },
	{ { "fence_interval", "TIME", "10s",
	    "Between two messages to the nodes of fence_kdump." },
	  key_set_seconds, key_put_number, MEMBER(fence.every_s), .min = 1 },
	{ { "known_file", "FILE", NULL,
	    "Faults that somebody knows, a line each: a signature as reports print it, id or "
	    "coarse id, blanks, and a text of at most 160 bytes, which a report of that fault "
	    "then begins with; lines from # on are comments. The file goes into the image." },
	  key_set_path, key_put_text_if, MEMBER(known_file),
	  .max = sizeof(((struct config *)0)->known_file) },
	{ { "ssh_key", "FILE", NULL,
	    "Our private key for sftp: targets, mode 0600: Ed25519, in OpenSSH's format, "
	    "without a passphrase. It goes into the image." },
	  set_ssh_key, key_put_text_if, MEMBER(ssh.key) },
	{ { "ssh_host_key", "TYPE KEY", NULL,
	    "The server's public key, as in its /etc/ssh/ssh_host_ed25519_key.pub. "
	    "Several are allowed." },
	  set_ssh_host_key, put_ssh_host_keys, MEMBER(ssh.host_keys) },
	{ { "host", "NAME", NULL,
	    "For folder and manifest. Default: the crashed kernel's, %H. %m is the machine's "
	    "id, its first 12 digits: `host %H-%m` where machines are clones with one name." },
	  set_host, key_put_text_if, MEMBER(host) },
	{ { "machine_id", "ID", NULL,
	    "32 hexadecimal digits, for %m of host. `crashbox load` gives /etc/machine-id; "
	    "without it the firmware's id of the system is taken." },
	  set_machine_id, key_put_text_if, MEMBER(machine_id) },
	{ { "net", "INTERFACE WORD...", NULL,
	    "A network interface, see NETWORK in crashbox.conf(5). May be repeated." },
	  set_net, put_nets, MEMBER(nets) },
	{ { "resolve", "NAME ADDRESS...", NULL,
	    "Addresses of a host, as in a crash there is no DNS; written into the image "
	    "when it is made. They are tried in this order, and share the time that one "
	    "would have." },
	  set_resolve, put_resolve, MEMBER(names) },
	{ { "on_success", "reboot|poweroff|halt", "reboot",
	    "What to do when all is saved." },
	  end_action_set, end_action_put, MEMBER(on_success) },
	{ { "on_failure", "reboot|poweroff|halt", "reboot",
	    "What to do when no target has it all." },
	  end_action_set, end_action_put, MEMBER(on_failure) },
	{ { "ship", "WHERE", NULL,
	    "Where `crashbox ship` sends what the targets hold, after the reboot: "
	    "s3:https://HOST[:PORT]/BUCKET[/PREFIX] or sftp:USER@HOST[:PORT]:/path, see "
	    "SHIPPING in crashbox.conf(5)." },
	  shipping_set_to, key_put_text_if, MEMBER(ship.to), .max = SHIP_TO_MAX },
	{ { "ship_command", "COMMAND", NULL,
	    "In place of ship: a command for the shell that has each file on its standard "
	    "input, and its name in $CRASHBOX_FOLDER/$CRASHBOX_FILE, its SHA-256 and length "
	    "in $CRASHBOX_SHA256 and $CRASHBOX_LENGTH. That it ends with 0 confirms the "
	    "file." },
	  key_set_text, key_put_text_quoted, MEMBER(ship.command), .max = SHIP_COMMAND_MAX },
	{ { "ship_region", "NAME", NULL,
	    "Of an S3 store, for the signature. Default: $AWS_REGION, or us-east-1." },
	  key_set_text, key_put_text_if, MEMBER(ship.region),
	  .max = sizeof(((struct config *)0)->ship.region) },
	{ { "ship_part", "MIB", "64",
	    "A file that is longer goes to an S3 store in parts of that many MiB, so that what "
	    "was cut goes on where it was; each is in memory while it is sent." },
	  key_set_number, key_put_number, MEMBER(ship.part_mib), 5, 1024 },
	{ { "ship_rate", "KIB", NULL,
	    "KiB a second at the most. 0, the default, is no limit." },
	  key_set_number, key_put_number, MEMBER(ship.rate_kib), 0, 100000000 },
	{ { "ship_remove", "yes|no", "no",
	    "yes: a dump is removed from its target as soon as all of its crash has been "
	    "confirmed. Log, report and manifest stay." },
	  key_set_yes_no, key_put_yes, MEMBER(ship.remove) },
	{ { "tell", "WHOM", NULL,
	    "Who hears from `crashbox ship` of each crash, once: journal, mail:ADDRESS, "
	    "webhook:https://HOST/PATH; or what file says how things stand: textfile:/PATH for "
	    "Prometheus, motd:/PATH. At most 8 lines, see TELLING in crashbox.conf(5)." },
	  shipping_add_tell, shipping_put_tell, MEMBER(ship) },
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

void config_init(struct config *c)
{
	struct err never;

	*c = (struct config){ .n_targets = 0 };
	for (size_t i = 0; i < N_ROWS; i++) {
		const struct setting s = { &rows[i], c, rows[i].help.initial };

		if (s.value)
			s.row->set(&s, &never);
	}
}

bool config_set(struct config *c, const char *key, const char *value, struct err *e)
{
	if (!*value)
		return fail(e, EINVAL, "%s: no value", key);
	for (size_t i = 0; i < N_ROWS; i++) {
		const struct setting s = { &rows[i], c, value };

		if (!strcmp(key, s.row->help.key))
			return s.row->set(&s, e) || within(e, "%s", key);
	}
	return arming_set(&c->arming, key, value, e);
}

void config_print(const struct config *c)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (rows[i].put)
			rows[i].put(&rows[i], c);
	arming_print(&c->arming);
}

const struct key_help *config_key_help(unsigned nr)
{
	return nr < N_ROWS ? &rows[nr].help : NULL;
}
