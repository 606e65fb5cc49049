/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log of a crash is on each target, so one crash may be found several times: it counts
   once, by the name of its folder. */
#include "list_same.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/numbers.h"

/* Of text; two of 2^64 that are equal by chance would cost one in a count. */
static uint64_t hash_of(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325ULL;	/* FNV-1a, 64 bits */

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3ULL;
	return hash;
}

static bool is_seen(struct same_groups *g, const char *name)
{
	uint64_t hash = hash_of(name);

	for (unsigned i = 0; i < g->n_seen; i++)
		if (g->seen[i] == hash)
			return true;
	if (g->n_seen < SAME_CRASHES)
		g->seen[g->n_seen++] = hash;
	return false;
}

static struct same_group *group_of(struct same_groups *g, const char *signature)
{
	for (unsigned i = 0; i < g->n; i++)
		if (!strcmp(g->list[i].signature, signature))
			return &g->list[i];
	if (g->n == SAME_GROUPS)
		return NULL;
	g->list[g->n] = (struct same_group){ .first = INT64_MAX, .last = INT64_MIN };
	snprintf(g->list[g->n].signature, sizeof(g->list[0].signature), "%s", signature);
	return &g->list[g->n++];
}

static void add_host(struct same_group *group, const char *host)
{
	for (unsigned i = 0; i < group->n_hosts; i++)
		if (!strncmp(group->hosts[i], host, FOLDER_HOST_MAX - 1))
			return;
	if (group->n_hosts == SAME_HOSTS)
		group->has_more_hosts = true;
	else
		snprintf(group->hosts[group->n_hosts++], FOLDER_HOST_MAX, "%s", host);
}

void list_same_add(struct same_groups *g, const struct store_entry *entry,
		   const struct dump_facts *f)
{
	char signature[sizeof(g->list[0].signature)] = "";
	struct same_group *group;
	bool again = is_seen(g, entry->name);

	if (f->has_manifest)
		json_text(&f->manifest, "signature", signature, sizeof(signature));
	group = group_of(g, signature);
	if (!group) {
		g->n_left_out += !again;
		return;
	}
	group->n_dumps += entry->kind == STORE_WHOLE;
	if (again)
		return;
	group->n++;
	if (f->has_manifest && !group->title[0])
		json_text(&f->manifest, "title", group->title, sizeof(group->title));
	group->first = entry->when < group->first ? entry->when : group->first;
	group->last = entry->when > group->last ? entry->when : group->last;
	add_host(group, f->host);
}

static int by_count(const void *a, const void *b)
{
	const struct same_group *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return x->last == y->last ? 0 : x->last > y->last ? -1 : 1;
}

/* Another target may have had no crash but such as were on the first: nobody counts these. */
static void finish(struct same_groups *g)
{
	qsort(g->list, g->n, sizeof(g->list[0]), by_count);
	while (g->n && !g->list[g->n - 1].n)
		g->n--;
}

void list_same_print(struct same_groups *g)
{
	char first[32], last[32];

	finish(g);
	if (!g->n)
		printf("no dumps\n");
	for (unsigned i = 0; i < g->n; i++) {
		const struct same_group *s = &g->list[i];

		format_utc(s->first, first, sizeof(first));
		format_utc(s->last, last, sizeof(last));
		printf("%5u times, %u %s, %s to %s  %s  %s\n     ", s->n, s->n_dumps,
		       s->n_dumps == 1 ? "dump" : "dumps", first, last,
		       s->signature[0] ? s->signature : "no report",
		       s->title[0] ? s->title : "-");
		for (unsigned k = 0; k < s->n_hosts; k++)
			printf(" %s", s->hosts[k]);
		printf("%s\n", s->has_more_hosts ? " and more" : "");
	}
	if (g->n_left_out)
		printf("and %u crashes of other signatures\n", g->n_left_out);
}

void list_same_json(struct same_groups *g, struct json *j)
{
	char when[32];

	finish(g);
	json_open(j, "signatures", '[');
	for (unsigned i = 0; i < g->n; i++) {
		const struct same_group *s = &g->list[i];

		json_open(j, NULL, '{');
		if (s->signature[0])
			json_string(j, "signature", s->signature);
		else
			json_null(j, "signature");
		json_string(j, "title", s->title);
		json_number(j, "crashes", s->n);
		json_number(j, "dumps", s->n_dumps);
		format_utc(s->first, when, sizeof(when));
		json_string(j, "first", when);
		format_utc(s->last, when, sizeof(when));
		json_string(j, "last", when);
		json_open(j, "hosts", '[');
		for (unsigned k = 0; k < s->n_hosts; k++)
			json_string(j, NULL, s->hosts[k]);
		json_close(j);
		json_bool(j, "more_hosts", s->has_more_hosts);
		json_close(j);
	}
	json_close(j);
}
