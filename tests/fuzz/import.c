/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Another tool's configuration: the first byte is whose, the rest its text. Each line that
 * comes of it is one that we take, and no note is empty. Devices that are there are not asked
 * for: this machine's are nobody's business.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "config/config.h"
#include "import/import.h"

#define TEXT_MAX 65536u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Quotes may stand anywhere in a word, so each path is looked at without them. */
static bool names_device(const char *text)
{
	char bare[TEXT_MAX], path[256];
	size_t n = 0;

	for (; *text; text++)
		if (!strchr("\"'\\", *text))
			bare[n++] = *text;
	bare[n] = '\0';
	for (const char *at = strchr(bare, '/'); at; at = strchr(at + 1, '/')) {
		size_t len = strcspn(at, " \t\r\n:,;#");

		if (len < 2 || len >= sizeof(path) || (at > bare && at[-1] != '=' &&
						       !strchr(" \t\n:,", at[-1])))
			continue;
		memcpy(path, at, len);
		path[len] = '\0';
		if (!access(path, F_OK))
			return true;
	}
	return false;
}

static void check(const struct import *m)
{
	struct config config;
	char line[IMPORT_TEXT];
	struct err e;

	if (m->len >= sizeof(m->text) || m->text[m->len] || strlen(m->text) != m->len ||
	    m->n_notes > IMPORT_NOTES)
		abort();
	config_init(&config);
	for (const char *at = m->text; *at; at += *at == '\n') {
		size_t len = strcspn(at, "\n");

		memcpy(line, at, len);
		line[len] = '\0';
		if (!config_line(&config, line, &e))
			abort();
		at += len;
	}
	for (unsigned i = 0; i < m->n_notes; i++)
		if (!m->notes[i].why[0])
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const dialects[])(struct import *, const char *) = {
		import_redhat, import_debian, import_suse,
	};
	static const char *const no_hosts[] = { NULL };
	static struct import m;
	char *text;

	if (!size || size > TEXT_MAX || memchr(data + 1, 0, size - 1))
		return 0;
	text = malloc(size);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	if (!names_device(text)) {
		m = (struct import){ .known_hosts = no_hosts };
		dialects[data[0] % 3](&m, text);
		check(&m);
	}
	free(text);
	return 0;
}
