/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Goes from line to line: the first word, blanks, the rest. */
#include "known.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "arena.h"
#include "bytes.h"
#include "cleanup.h"
#include "err.h"
#include "io.h"

#define BLANKS " \t"
#define ID_DIGITS 16		/* of "c1-" and a part of a SHA-256 */

struct known_line {
	const char *id, *text;
	size_t id_len, text_len;
};

static size_t n_blanks(const char *at, const char *end)
{
	const char *from = at;

	while (at < end && strchr(BLANKS, *at))
		at++;
	return at - from;
}

/* The next line, moving *at; false at the end. What is empty or a comment has no id. */
static bool next_line(const char **at, const char *end, struct known_line *line)
{
	const char *from = *at, *stop;

	if (from >= end)
		return false;
	stop = memchr(from, '\n', end - from);
	stop = stop ? stop : end;
	*at = stop + 1;
	while (stop > from && strchr(" \t\r", stop[-1]))
		stop--;
	from += n_blanks(from, stop);
	*line = (struct known_line){ .id = from };
	if (from == stop || *from == '#')
		return true;
	while (from < stop && !strchr(BLANKS, *from))
		from++;
	line->id_len = from - line->id;
	line->text = from + n_blanks(from, stop);
	line->text_len = stop - line->text;
	return true;
}

/* "c1-" of whatever version, and hexadecimal digits. */
static bool is_signature(const struct known_line *line)
{
	const char *at = line->id, *end = at + line->id_len;

	if (at == end || *at++ != 'c')
		return false;
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	if (at - line->id < 2 || end - at != ID_DIGITS + 1 || *at++ != '-')
		return false;
	while (at < end && strchr("0123456789abcdef", *at))
		at++;
	return at == end;
}

static bool check_line(const struct known_line *line, struct err *e)
{
	if (!line->id_len)
		return true;
	if (!is_signature(line))
		return fail(e, EINVAL, "'%.*s' is no signature such as c1-0123456789abcdef, "
			    "with which a line begins", (int)min_u64(line->id_len, 40),
			    line->id);
	if (!line->text_len)
		return fail(e, EINVAL, "no text behind the signature");
	return line->text_len < KNOWN_TEXT ||
	       fail(e, EINVAL, "a text of %zu bytes, %u are the most", line->text_len,
		    KNOWN_TEXT - 1);
}

bool known_check(const struct known_list *list, const char *name, struct err *e)
{
	const char *at = list->text, *end = at + list->len;
	struct known_line line;

	for (unsigned nr = 1; next_line(&at, end, &line); nr++)
		if (!check_line(&line, e))
			return within(e, "%s line %u", name, nr);
	return true;
}

bool known_load(struct known_list *list, const char *path, struct arena *a, struct err *e)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	char *text;

	if (fd < 0 || fstat(fd, &st))
		return fail(e, errno, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(e, EINVAL, "%s: not a file", path);
	if (st.st_size > KNOWN_FILE_MAX)
		return fail(e, EFBIG, "%s: longer than %u bytes", path, KNOWN_FILE_MAX);
	text = arena_take(a, st.st_size + 1, 1, path, e);
	if (!text || !pread_all(fd, text, st.st_size, 0, path, e))
		return false;
	*list = (struct known_list){ text, st.st_size };
	if (memchr(text, '\0', list->len))
		return fail(e, EINVAL, "%s: has a NUL in it, and is no text", path);
	return known_check(list, path, e);
}

static bool is_id(const struct known_line *line, const char *id)
{
	return line->id_len && line->id_len == strlen(id) &&
	       !memcmp(line->id, id, line->id_len);
}

bool known_find(const struct known_list *list, const char *id, const char *coarse,
		char text[KNOWN_TEXT])
{
	const char *at = list->text, *end = at + list->len;
	struct known_line line, found = { .id_len = 0 };
	size_t len;

	while (next_line(&at, end, &line)) {
		if (is_id(&line, id)) {
			found = line;
			break;
		}
		if (!found.id_len && is_id(&line, coarse))
			found = line;
	}
	len = min_u64(found.text_len, KNOWN_TEXT - 1);
	for (size_t i = 0; i < len; i++)
		text[i] = printable(found.text[i]);
	text[len] = '\0';
	return len;
}
