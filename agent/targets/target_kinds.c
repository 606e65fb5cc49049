/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of the kinds of targets, and the few questions that are asked of it. */
#include "target_kinds.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"

/* In this order words are asked whether they are of it. */
#define TARGET_KINDS(kind) kind(disk) kind(nfs) kind(sftp) kind(virtiofs) kind(9p) kind(nvme)

#define DECLARE(name) extern const struct target_kind kind_##name;
#define PLACE(name) &kind_##name,

TARGET_KINDS(DECLARE)

static const struct target_kind *const kinds[] = { TARGET_KINDS(PLACE) };

#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

const struct target_kind *target_kind_at(size_t nr)
{
	return nr < N_KINDS ? kinds[nr] : NULL;
}

static bool is_of(const struct target_kind *kind, const char *words)
{
	size_t len = strlen(kind->name);

	return kind->is ? kind->is(words)
			: !strncmp(words, kind->name, len) && words[len] == ':';
}

const struct target_kind *target_kind_of(const char *words)
{
	for (size_t i = 0; i < N_KINDS; i++)
		if (is_of(kinds[i], words))
			return kinds[i];
	return NULL;
}

const struct target_kind *target_kind_called(const char *name, size_t len)
{
	for (size_t i = 0; i < N_KINDS; i++)
		for (const char *const *at = kinds[i]->called; at && *at; at++)
			if (strlen(*at) == len && !strncasecmp(*at, name, len))
				return kinds[i];
	return NULL;
}

bool target_may_risk(const struct target_kind *kind, bool insecure, struct err *e)
{
	return !kind->risk || insecure ||
	       fail(e, EPERM, "%s: say 'insecure yes' if that is accepted", kind->risk);
}

bool target_needs(const char *words, unsigned needs)
{
	const struct target_kind *kind = target_kind_of(words);

	return kind && (kind->needs & needs);
}

const char *const *target_files(const char *words)
{
	static const char *const none[] = { NULL };
	const struct target_kind *kind = target_kind_of(words);

	return kind && kind->files ? kind->files : none;
}

bool target_is_brisk(const char *words)
{
	const struct target_kind *kind = target_kind_of(words);

	return kind && kind->is_brisk;
}

bool target_takes_dump(const struct target_kind *kind, struct err *e)
{
	return (kind->can & CAN_RENAME) ||
	       fail(e, ENOTSUP, "it takes no dump, as a file there cannot get its name when it "
		    "is whole");
}

const char *target_rest(const char *words)
{
	const char *colon = strchr(words, ':');

	return colon ? colon + 1 : words;
}

/* "disk:, nfs: or sftp:" */
static const char *names(char text[100])
{
	text[0] = '\0';
	for (size_t i = 0; i < N_KINDS; i++)
		snprintf(text + strlen(text), 100 - strlen(text), "%s%s:",
			 !i ? "" : i + 1 < N_KINDS ? ", " : " or ", kinds[i]->name);
	return text;
}

bool target_check(const char *words, struct err *e)
{
	const struct target_kind *kind = target_kind_of(words);
	char text[100];

	return kind ? kind->check(words, e)
		    : fail(e, EINVAL, "'%s' does not begin with %s", words, names(text));
}

bool target_host_of(const char *words, struct remote *remote)
{
	const struct target_kind *kind = target_kind_of(words);
	struct err ignored;

	return kind && kind->host_of && kind->host_of(remote, words, &ignored);
}
