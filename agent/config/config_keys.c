/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of keys; each row checks its own value. */
#include "config_keys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/numbers.h"
#include "config_value.h"
#include "dump/codec.h"
#include "targets/remote.h"
#include "targets/target_kinds.h"

void config_init(struct config *c)
{
	*c = (struct config){ .level = 31, .codec = "zstd", .deadline_s = 3600,
			      .stall_s = 30, .crash_loop = { 3, 900 } };
}

/* ---- values ----------------------------------------------------------------- */

static bool set_target(struct config *c, const char *value, struct err *e)
{
	if (strlen(value) >= TARGET_MAX)
		return fail(e, EINVAL, "longer than %u characters", TARGET_MAX - 1);
	if (c->n_targets == MAX_TARGETS)
		return fail(e, EINVAL, "more than %u targets", MAX_TARGETS);
	if (!target_check(value, e))
		return false;
	c->budget_s[c->n_targets] = 0;
	snprintf(c->targets[c->n_targets++], TARGET_MAX, "%s", value);
	return true;
}

static bool set_budget(struct config *c, const char *value, struct err *e)
{
	if (!c->n_targets)
		return fail(e, EINVAL, "no target stands before it");
	return number_parse_seconds(value, 10, &c->budget_s[c->n_targets - 1], e);
}

static bool set_insecure(struct config *c, const char *value, struct err *e)
{
	c->insecure = !strcmp(value, "yes");
	return c->insecure || !strcmp(value, "no") ||
	       fail(e, EINVAL, "'%s' is neither yes nor no", value);
}

static bool set_level(struct config *c, const char *value, struct err *e)
{
	return number_parse(value, 0, 31, &c->level, e);
}

static bool set_codec(struct config *c, const char *value, struct err *e)
{
	char names[CODEC_NAMES_MAX];

	if (!codec_named(value))
		return fail(e, EINVAL, "'%s' is none of %s", value, codec_names(names));
	snprintf(c->codec, sizeof(c->codec), "%s", value);
	return true;
}

static bool set_workers(struct config *c, const char *value, struct err *e)
{
	return number_parse(value, 0, 256, &c->workers, e);
}

static bool set_keep(struct config *c, const char *value, struct err *e)
{
	return number_parse(value, 0, 200, &c->keep, e);
}

static bool set_crash_loop(struct config *c, const char *value, struct err *e)
{
	return crash_loop_parse(&c->crash_loop, value, e);
}

static bool set_boot(struct config *c, const char *value, struct err *e)
{
	return number_parse(value, 1, 1000000000, &c->boot, e);
}

bool config_keep_user(struct keep_user *out, const char *value, struct err *e)
{
	*out = (struct keep_user){ .pid = 0 };
	if (!strcmp(value, "panic")) {
		out->panic = true;
		return true;
	}
	if (!strncmp(value, "pid=", 4))
		return number_parse(value + 4, 1, 1u << 22, &out->pid, e);
	if (strncmp(value, "comm=", 5) || !value[5])
		return fail(e, EINVAL, "'%s' is none of comm=NAME, pid=N, panic", value);
	snprintf(out->comm, sizeof(out->comm), "%s", value + 5);
	return true;
}

static bool set_keep_user(struct config *c, const char *value, struct err *e)
{
	if (c->n_keep_user == MAX_KEEP_USER)
		return fail(e, EINVAL, "more than %u of them", MAX_KEEP_USER);
	return config_keep_user(&c->keep_user[c->n_keep_user], value, e) &&
	       ++c->n_keep_user;
}

static bool set_deadline(struct config *c, const char *value, struct err *e)
{
	return number_parse_seconds(value, 10, &c->deadline_s, e);
}

static bool set_stall(struct config *c, const char *value, struct err *e)
{
	return number_parse_seconds(value, 5, &c->stall_s, e);
}

static bool set_wait(struct config *c, const char *value, struct err *e)
{
	return number_parse_seconds(value, 1, &c->wait_s, e);
}

static bool set_ssh_key(struct config *c, const char *value, struct err *e)
{
	return ssh_set_key(&c->ssh, value, e);
}

static bool set_ssh_host_key(struct config *c, const char *value, struct err *e)
{
	return ssh_add_host_key(&c->ssh, value, e);
}

static bool set_host(struct config *c, const char *value, struct err *e)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789.-_";

	if (strlen(value) >= sizeof(c->host))
		return fail(e, EINVAL, "longer than %zu characters", sizeof(c->host) - 1);
	if (strspn(value, allowed) != strlen(value) || value[0] == '.')
		return fail(e, EINVAL, "'%s' has other than letters, digits, '.', '-', '_'",
			    value);
	snprintf(c->host, sizeof(c->host), "%s", value);
	return true;
}

static bool set_net(struct config *c, const char *value, struct err *e)
{
	struct net_spec spec;

	if (c->n_nets == MAX_NETS)
		return fail(e, EINVAL, "more than %u interfaces", MAX_NETS);
	if (!netspec_parse(&spec, value, e))
		return false;
	c->nets[c->n_nets++] = spec;
	return true;
}

static bool set_resolve(struct config *c, const char *value, struct err *e)
{
	return host_names_parse(&c->names, value, e);
}

static const char *const actions[] = {
	[ACTION_REBOOT] = "reboot", [ACTION_POWEROFF] = "poweroff", [ACTION_HALT] = "halt",
};

static bool parse_action(const char *value, enum action *out, struct err *e)
{
	for (unsigned i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (!strcmp(value, actions[i])) {
			*out = i;
			return true;
		}
	}
	return fail(e, EINVAL, "'%s' is none of reboot, poweroff, halt", value);
}

static bool set_on_success(struct config *c, const char *value, struct err *e)
{
	return parse_action(value, &c->on_success, e);
}

static bool set_log_callers(struct config *c, const char *value, struct err *e)
{
	if (strcmp(value, "yes") && strcmp(value, "no"))
		return fail(e, EINVAL, "'%s' is none of yes, no", value);
	c->log_callers = *value == 'y';
	return true;
}

static bool set_on_failure(struct config *c, const char *value, struct err *e)
{
	return parse_action(value, &c->on_failure, e);
}

static const struct {
	const char *key;
	bool (*set)(struct config *c, const char *value, struct err *e);
} keys[] = {
	{ "target",	set_target },
	{ "budget",	set_budget },
	{ "insecure",	set_insecure },
	{ "level",	set_level },
	{ "codec",	set_codec },
	{ "workers",	set_workers },
	{ "keep",	set_keep },
	{ "crash_loop",	set_crash_loop },
	{ "boot",	set_boot },
	{ "keep_user",	set_keep_user },
	{ "deadline",	set_deadline },
	{ "stall",	set_stall },
	{ "wait",	set_wait },
	{ "log_callers", set_log_callers },
	{ "ssh_key",	set_ssh_key },
	{ "ssh_host_key", set_ssh_host_key },
	{ "host",	set_host },
	{ "net",	set_net },
	{ "resolve",	set_resolve },
	{ "on_success",	set_on_success },
	{ "on_failure",	set_on_failure },
};

bool config_set(struct config *c, const char *key, const char *value, struct err *e)
{
	bool is_arming;

	if (!*value)
		return fail(e, EINVAL, "%s: no value", key);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(key, keys[i].key))
			return keys[i].set(c, value, e) || within(e, "%s", key);
	if (!arming_set(&c->arming, key, value, &is_arming, e))
		return within(e, "%s", key);
	return is_arming || fail(e, EINVAL, "unknown key '%s'", key);
}

/* ---- the other way round ----------------------------------------------------- */

void config_print(const struct config *c)
{
	char loop[CRASH_LOOP_TEXT];

	for (unsigned i = 0; i < c->n_targets; i++) {
		bool quoted = config_value_needs_quotes(c->targets[i]);

		printf(quoted ? "target \"%s\"\n" : "target %s\n", c->targets[i]);
		if (c->budget_s[i])
			printf("budget %u\n", c->budget_s[i]);
	}
	if (c->insecure)
		printf("insecure yes\n");
	printf("level %u\ncodec %s\nworkers %u\nkeep %u\ndeadline %u\nstall %u\n", c->level,
	       c->codec, c->workers, c->keep, c->deadline_s, c->stall_s);
	if (c->wait_s)
		printf("wait %u\n", c->wait_s);
	crash_loop_format(&c->crash_loop, loop);
	printf("crash_loop %s\n", loop);
	if (c->boot)
		printf("boot %u\n", c->boot);
	for (unsigned i = 0; i < c->n_keep_user; i++) {
		const struct keep_user *k = &c->keep_user[i];

		if (k->pid)
			printf("keep_user pid=%u\n", k->pid);
		else
			printf("keep_user %s%s\n", k->panic ? "panic" : "comm=", k->comm);
	}
	if (c->log_callers)
		printf("log_callers yes\n");
	if (c->ssh.key[0])
		printf("ssh_key %s\n", c->ssh.key);
	for (unsigned i = 0; i < c->ssh.n_host_keys; i++)
		printf("ssh_host_key %s\n", c->ssh.host_keys[i]);
	if (c->host[0])
		printf("host %s\n", c->host);
	for (unsigned i = 0; i < c->n_nets; i++) {
		char text[NET_TEXT];

		netspec_format(&c->nets[i], text);
		printf("net %s\n", text);
	}
	host_names_print(&c->names);
	printf("on_success %s\non_failure %s\n", actions[c->on_success],
	       actions[c->on_failure]);
	arming_print(&c->arming);
}
