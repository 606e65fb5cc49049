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

/* The same crash as it was found on an earlier target; NULL: it was not. */
static struct same_crash *seen_as(struct same_groups *g, uint64_t name)
{
	for (unsigned i = 0; i < g->n_crashes; i++)
		if (g->crashes[i].name == name)
			return &g->crashes[i];
	return NULL;
}

/* SAME_GROUPS: there is no room for another one. */
static unsigned group_of(struct same_groups *g, const char *signature)
{
	for (unsigned i = 0; i < g->n; i++)
		if (!strcmp(g->list[i].signature, signature))
			return i;
	if (g->n == SAME_GROUPS)
		return SAME_GROUPS;
	g->list[g->n] = (struct same_group){ .first = INT64_MAX, .last = INT64_MIN };
	snprintf(g->list[g->n].signature, sizeof(g->list[0].signature), "%s", signature);
	return g->n++;
}

static void add_host(struct same_group *group, const char host[FOLDER_HOST_MAX])
{
	for (unsigned i = 0; i < group->n_hosts; i++)
		if (!strcmp(group->hosts[i], host))
			return;
	if (group->n_hosts == SAME_HOSTS)
		group->has_more_hosts = true;
	else
		memcpy(group->hosts[group->n_hosts++], host, FOLDER_HOST_MAX);
}

static bool is_whole(const struct dump_facts *f)
{
	return f->entry->kind == STORE_WHOLE && f->has_manifest &&
	       store_manifest_is_good(&f->manifest);
}

void list_same_add(struct same_groups *g, const struct dump_facts *f)
{
	const struct store_entry *entry = f->entry;
	char signature[sizeof(g->list[0].signature)] = "";
	struct same_crash *crash = seen_as(g, hash_of(entry->name));
	unsigned nr;

	if (f->has_manifest)
		json_text(&f->manifest, "signature", signature, sizeof(signature));
	nr = group_of(g, signature);
	if (nr == SAME_GROUPS || (!crash && g->n_crashes == SAME_CRASHES)) {
		g->n_left_out += !crash;
		return;
	}
	g->list[nr].n_dumps += is_whole(f);
	if (f->has_manifest && !g->list[nr].title[0])
		json_text(&f->manifest, "title", g->list[nr].title,
			  sizeof(g->list[nr].title));
	if (f->has_manifest && !g->list[nr].coarse[0])
		json_text(&f->manifest, "signature_coarse", g->list[nr].coarse,
			  sizeof(g->list[nr].coarse));
	if (!crash) {
		crash = &g->crashes[g->n_crashes++];
		*crash = (struct same_crash){ hash_of(entry->name), entry->when, "", nr };
		snprintf(crash->host, sizeof(crash->host), "%s", f->host);
	} else if (!g->list[crash->group].signature[0]) {
		crash->group = nr;	/* the other one has no report of it */
	}
}

static int by_count(const void *a, const void *b)
{
	const struct same_group *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return x->last == y->last ? 0 : x->last > y->last ? -1 : 1;
}

/* A group whose crashes all have a signature on another target is none. */
static void finish(struct same_groups *g)
{
	for (unsigned i = 0; i < g->n_crashes; i++) {
		const struct same_crash *crash = &g->crashes[i];
		struct same_group *group = &g->list[crash->group];

		group->n++;
		group->first = crash->when < group->first ? crash->when : group->first;
		group->last = crash->when > group->last ? crash->when : group->last;
		add_host(group, crash->host);
	}
	qsort(g->list, g->n, sizeof(g->list[0]), by_count);
	while (g->n && !g->list[g->n - 1].n)
		g->n--;
}

/* "" it says nothing. */
static const char *known_text(const struct known_list *known, const struct same_group *s,
			      char text[KNOWN_TEXT])
{
	text[0] = '\0';
	if (known && s->signature[0])
		known_find(known, s->signature, s->coarse, text);
	return text;
}

void list_same_print(struct same_groups *g, const struct known_list *known)
{
	char first[32], last[32], text[KNOWN_TEXT];

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
		if (known_text(known, s, text)[0])
			printf("      known: %s\n", text);
	}
	if (g->n_left_out)
		printf("and %u crashes of other signatures\n", g->n_left_out);
}

void list_same_json(struct same_groups *g, const struct known_list *known, struct json *j)
{
	char when[32], text[KNOWN_TEXT];

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
		if (known_text(known, s, text)[0])
			json_string(j, "known", text);
		else
			json_null(j, "known");
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
	json_number(j, "left_out", g->n_left_out);
}
