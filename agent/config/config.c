/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of a file and words of a command line, each given to its key. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "config_value.h"
#include "targets/target_access.h"
#include "targets/target_kinds.h"

#define PREFIX "crashbox."
#define CONFIG_NAME_MAX 256	/* of a file, in an error */

bool config_line(struct config *c, const char *line, struct err *e)
{
	char text[LINE_LEN_MAX], *key = text, *value;
	size_t len = strcspn(line, "\r\n");

	if (len >= sizeof(text))
		return fail(e, EINVAL, "line of %zu characters", len);
	memcpy(text, line, len);
	text[len] = '\0';
	key += strspn(key, " \t");
	if (!*key || *key == '#')
		return true;
	value = key + strcspn(key, " \t");
	if (*value)
		*value++ = '\0';
	return (config_value_cut(value, &value, e) || within(e, "%s", key)) &&
	       config_set(c, key, value, e);
}

/* The next word; double quotes hold one together and are taken off. */
static bool next_word(const char **at, char *word, size_t size)
{
	const char *s = *at + strspn(*at, " \t\r\n");
	bool quoted = false;
	size_t n = 0;

	if (!*s)
		return false;
	for (; *s && (quoted || !strchr(" \t\r\n", *s)); s++) {
		if (*s == '"')
			quoted = !quoted;
		else if (n < size - 1)
			word[n++] = *s;
	}
	word[n] = '\0';
	*at = s;
	return true;
}

/* The first good one of the command line stands in place of all of the file's. */
static bool set_from_cmdline(struct config *c, const char *key, const char *value,
			     struct err *e)
{
	bool is_target = !strcmp(key, "target");
	bool *from_cmdline = is_target ? &c->targets_from_cmdline : &c->nets_from_cmdline;
	unsigned *n = is_target ? &c->n_targets : &c->n_nets, of_file = *n;

	if ((!is_target && strcmp(key, "net")) || *from_cmdline)
		return config_set(c, key, value, e);
	*n = 0;
	*from_cmdline = config_set(c, key, value, e);
	if (!*from_cmdline)
		*n = of_file;
	return *from_cmdline;
}

static void complain(struct config *c, const struct err *e)
{
	if (!c->n_bad++)
		c->first_bad = *e;
	if (c->told)
		c->told(e);
}

void config_pass_over(const struct err *e)
{
	(void)e;
}

/* The kernel's ip= words, which a diskless machine has for its root file system. */
static void set_from_ip(struct config *c, const char *cmdline)
{
	char word[LINE_LEN_MAX];

	while (next_word(&cmdline, word, sizeof(word))) {
		struct net_spec spec;
		struct err e;

		if (strncmp(word, "ip=", 3))
			continue;
		if (c->n_nets == MAX_NETS)
			err_set(&e, EINVAL, "ip: more than %u interfaces", MAX_NETS);
		else if (netspec_parse_ip(&spec, word + 3, &e))
			c->nets[c->n_nets++] = spec;
		if (e.code) {
			within(&e, "kernel command line");
			complain(c, &e);
		}
	}
}

void config_cmdline(struct config *c, const char *cmdline)
{
	const char *rest = cmdline;
	char word[LINE_LEN_MAX];

	while (next_word(&rest, word, sizeof(word))) {
		char *key = word + sizeof(PREFIX) - 1, *value;
		struct err e;

		if (strncmp(word, PREFIX, sizeof(PREFIX) - 1))
			continue;
		value = strchrnul(key, '=');
		if (*value)
			*value++ = '\0';
		if (!set_from_cmdline(c, key, value, &e)) {
			c->encrypt.to.is_broken |= encrypt_for_is_meant(key);
			within(&e, "kernel command line");
			complain(c, &e);
		}
	}
	if (!c->n_nets)
		set_from_ip(c, cmdline);
}

/* Does another file begin here? Its name is in `name` from then on. */
static bool is_from(const char *line, char name[CONFIG_NAME_MAX])
{
	const char *from = line + strlen(CONFIG_FROM);

	if (strncmp(line, CONFIG_FROM, strlen(CONFIG_FROM)))
		return false;
	snprintf(name, CONFIG_NAME_MAX, "%.*s", (int)strcspn(from, "\r\n"), from);
	return true;
}

bool config_text(struct config *c, const char *text, const char *of, struct err *e)
{
	unsigned nr = 1, n_bad = c->n_bad;
	char name[CONFIG_NAME_MAX];

	snprintf(name, sizeof(name), "%s", of);
	for (const char *line = text; *line; nr++) {
		if (is_from(line, name)) {
			nr = 0;
		} else if (!config_line(c, line, e)) {
			/* What cannot be encrypted is not to be written in the clear. */
			c->encrypt.to.is_broken |= encrypt_for_is_meant(line);
			within(e, "%s line %u", name, nr);
			complain(c, e);
			if (!c->told)
				return false;
		}
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return c->n_bad == n_bad;
}

bool config_file(struct config *c, const char *path, struct err *e)
{
	char text[CONFIG_FILE_MAX];
	size_t len;

	return config_files_read(path, text, &len, e) &&
	       (config_text(c, text, path, e) || c->told);
}

void config_take(struct config *c, const char *path)
{
	struct err ignored;

	config_init(c);
	c->told = config_pass_over;
	config_file(c, path, &ignored);
	c->arming.names_machine = strstr(c->host, "%m") && !c->machine_id[0];
}

/* A kind with a risk must have been allowed, and its server have an address. */
static bool check_risk(const struct config *c, const char *target, struct err *e)
{
	const struct target_kind *kind = target_kind_of(target);
	struct ipaddr ips[MAX_NAME_ADDRESSES];
	struct remote remote;

	if (!kind || !kind->risk)
		return true;
	if (!target_may_risk(kind, c->insecure, e))
		return false;
	return !kind->host_of || (kind->host_of(&remote, target, e) &&
				  host_names_lookup(&c->names, remote.host, ips, e));
}

void config_access(const struct config *c, struct target_access *a)
{
	a->names = &c->names;
	a->keys = &c->ssh;
	a->insecure = c->insecure;
	a->stall_s = c->stall_s;
	a->seal_to = encrypt_for_whom(&c->encrypt);
}

bool config_line_server(const struct config *c, struct remote *server)
{
	struct err ignored;

	return c->report[0] && remote_parse_log(server, c->report, &ignored);
}

bool config_server(const struct config *c, unsigned nr, struct remote *server)
{
	struct err ignored;

	for (unsigned i = 0; i < c->n_targets; i++)
		if (target_host_of(c->targets[i], server) && !nr--)
			return true;
	if (config_line_server(c, server) && !nr--)
		return true;
	return nr < c->fence.n && remote_parse_node(server, c->fence.names[nr], &ignored);
}

bool config_needs(const struct config *c, unsigned needs)
{
	if (needs & NEEDS_NET && (c->report[0] || c->fence.n))
		return true;
	for (unsigned i = 0; i < c->n_targets; i++)
		if (target_needs(c->targets[i], needs))
			return true;
	return false;
}

bool config_check(const struct config *c, struct err *e)
{
	if (!c->n_targets)
		return fail(e, EINVAL, "no target: add a line such as "
			    "'target disk:LABEL=crash:/'");
	for (unsigned i = 0; i < c->n_targets; i++)
		if (!check_risk(c, c->targets[i], e))
			return within(e, "target %s", c->targets[i]);
	if (c->stall_s >= c->deadline_s)
		return fail(e, EINVAL, "stall (%u s) must be less than deadline (%u s)",
			    c->stall_s, c->deadline_s);
	for (unsigned i = 0; i < c->n_targets; i++)
		if (target_needs(c->targets[i], NEEDS_CLIENT) && !ssh_check(&c->ssh, e))
			return within(e, "target %s", c->targets[i]);
	return true;
}
