/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of host names. A table that is searched from its front; it has a dozen rows
 * at most.
 */
#include "host_names.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

bool host_names_parse(struct host_names *t, const char *text, struct err *e)
{
	size_t len = strcspn(text, " \t");
	struct ipaddr *ips;
	unsigned n = 0;

	if (t->n == MAX_NAMES)
		return fail(e, EINVAL, "more than %u names", MAX_NAMES);
	if (!len || len >= HOST_NAME_LEN || strspn(text, LETTERS "0123456789.-_") < len)
		return fail(e, EINVAL, "'%.*s' is not a host name",
			    (int)(len < 150 ? len : 150), text);
	memset(&t->rows[t->n], 0, sizeof(t->rows[0]));
	memcpy(t->rows[t->n].name, text, len);
	ips = t->rows[t->n].ips;
	for (text += len; *(text += strspn(text, " \t")); text += len, n++) {
		char word[IP_TEXT];

		len = strcspn(text, " \t");
		snprintf(word, sizeof(word), "%.*s", (int)(len < 100 ? len : 100), text);
		if (n == MAX_NAME_ADDRESSES)
			return fail(e, EINVAL, "more than %u addresses", MAX_NAME_ADDRESSES);
		if (len >= sizeof(word) || !ip_parse(&ips[n], word))
			return fail(e, EINVAL, "'%s' is not an address", word);
	}
	if (!n)
		return fail(e, EINVAL, "no address for '%s': NAME ADDRESS...",
			    t->rows[t->n].name);
	t->rows[t->n++].n_ips = n;
	return true;
}

static bool literal(const char *name, struct ipaddr *ip)
{
	char text[IP_TEXT];
	size_t len = strlen(name);

	if (name[0] == '[' && len > 2 && name[len - 1] == ']' && len - 2 < sizeof(text)) {
		memcpy(text, name + 1, len - 2);
		text[len - 2] = '\0';
		return ip_parse(ip, text) && ip_len(ip) == 16;
	}
	return ip_parse(ip, name);
}

unsigned host_names_lookup(const struct host_names *t, const char *name,
			   struct ipaddr ips[MAX_NAME_ADDRESSES], struct err *e)
{
	if (literal(name, &ips[0]))
		return 1;
	for (unsigned i = 0; i < t->n; i++) {
		if (strcasecmp(t->rows[i].name, name))
			continue;
		memcpy(ips, t->rows[i].ips, sizeof(t->rows[i].ips));
		return t->rows[i].n_ips;
	}
	err_set(e, ENOENT, "'%s': no address is known, and in a crash there is no DNS: build "
		"the image where the name resolves, or add 'resolve %s ADDRESS'", name, name);
	return 0;
}

const char *host_names_format(const struct host_names *t, unsigned row, char line[NAMES_LINE])
{
	size_t len = sprintf(line, "%s", t->rows[row].name);
	char ip[IP_TEXT];

	for (unsigned i = 0; i < t->rows[row].n_ips; i++)
		len += sprintf(line + len, " %s", ip_format(&t->rows[row].ips[i], ip));
	return line;
}
