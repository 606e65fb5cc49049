/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes out of a virtual machine: the same bytes as QEMU's answers, from the greeting to
 * where it hangs up, as what the guest's first process tells, as lines of its disk's folders,
 * and as its console.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "vm/channel.h"
#include "vm/disk_files.h"
#include "vm/qmp.h"
#include "vm/watch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ANSWERS_MAX 65536u	/* a socket takes as much without a reader */
#define N_COMMANDS 6

/* A text for people: printable, and with an end. */
static void check_text(const char *text, size_t size)
{
	if (!memchr(text, 0, size))
		abort();
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			abort();
}

static void check_error(const struct err *e)
{
	if (!e->code || !e->text[0])
		abort();	/* an error that says nothing */
}

/* The commands are read by nobody: there are few. */
static void answers(const uint8_t *data, size_t size)
{
	struct qmp q = QMP_NONE;
	struct json_value v;
	char status[32];
	struct err e;
	int ends[2];
	bool ok = true;

	if (size > ANSWERS_MAX)
		return;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) ||
	    write(ends[1], data, size) != (ssize_t)size || shutdown(ends[1], SHUT_WR))
		abort();
	if (!qmp_greet(&q, ends[0], &e)) {
		check_error(&e);
		ok = false;
	}
	for (unsigned i = 0; i < N_COMMANDS && ok; i++) {
		ok = qmp_do(&q, "query-status", NULL, 5.0, &v, &e);
		if (q.taken > q.len || q.len > sizeof(q.text))
			abort();
		check_text(q.shutdown, sizeof(q.shutdown));
		if (!ok) {
			check_error(&e);
			ok = e.code == EREMOTEIO;
			continue;
		}
		if (v.at < q.text || v.len > q.len || v.at + v.len > q.text + q.len)
			abort();
		json_text(&v, "status", status, sizeof(status));
		check_text(status, sizeof(status));
	}
	qmp_close(&q);
	close(ends[1]);
}

static void telling(const uint8_t *data, size_t size)
{
	struct channel whole = { .len = 0 }, pieces = { .len = 0 };

	channel_take(&whole, (const char *)data, size);
	for (size_t i = 0; i < size; i++)
		channel_take(&pieces, (const char *)data + i, 1);
	check_text(whole.unarmed, sizeof(whole.unarmed));
	check_text(whole.failed, sizeof(whole.failed));
	if (whole.status < -255 || whole.status > 255 || (whole.status && !whole.has_ended) ||
	    whole.status != pieces.status || whole.is_armed != pieces.is_armed ||
	    strcmp(whole.unarmed, pieces.unarmed) || strcmp(whole.failed, pieces.failed))
		abort();
}

static void check_line(const char *line)
{
	const char *panic = watch_find_panic(line);
	struct disk_file f;

	if (panic && (panic < line || panic > line + strlen(line)))
		abort();
	if (!disk_file_parse(&f, line))
		return;
	check_text(f.name, sizeof(f.name));
	if (!f.name[0] || f.name[0] == '.' || f.name[0] == '-' || strpbrk(f.name, "/\"' \\"))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *rest = text, *line;

	memcpy(text, data, size);
	text[size] = '\0';
	answers(data, size);
	telling(data, size);
	while ((line = strsep(&rest, "\n")))
		check_line(line);
	free(text);
	return 0;
}
