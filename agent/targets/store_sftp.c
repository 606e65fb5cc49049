/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A store on a server. The same questions as of a disk; names that could lead elsewhere
 * are no names.
 */
#include "store_sftp.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "sftp.h"
#include "sftp_ask.h"
#include "store.h"

/* What a store is beside that, in its `own`. */
struct sftp_store {
	struct sftp *sftp;
};

_Static_assert(sizeof(struct sftp_store) <= STORE_OWN, "there is room for it");

static struct sftp_store *of(struct store *s)
{
	return (struct sftp_store *)s->own;
}

static struct sftp *server(const struct store *s)
{
	return ((const struct sftp_store *)s->own)->sftp;
}

static void path_of(const struct store *s, const char *folder, const char *file,
		    char path[SFTP_PATH_MAX])
{
	const char *root = folder || file ? "" : "/";

	snprintf(path, SFTP_PATH_MAX, "%s%s%s%s%s", strcmp(s->where, "/") ? s->where : root,
		 folder ? "/" : "", folder ? folder : "", file ? "/" : "", file ? file : "");
}

/* What sftp_list() hands over, as a store's. */
struct listing {
	const struct store *store;
	const struct store_visitor *visitor;
};

static bool take_name(void *to, const struct sftp_name *entry, struct err *e)
{
	const struct listing *l = to;
	const char *name = entry->name;
	const struct store_file f = { .name = name, .len = entry->len,
				      .is_folder = entry->is_folder };

	if (strcmp(name, ".") && strcmp(name, "..") && !strchr(name, '/'))
		l->visitor->each(l->visitor->to, &f);
	return store_has_time(l->store, e);
}

static bool remote_list(struct store *s, const char *folder,
			const struct store_visitor *visitor, struct err *e)
{
	struct listing l = { s, visitor };
	char path[SFTP_PATH_MAX];

	path_of(s, folder, NULL, path);
	return sftp_list(server(s), path, &(struct sftp_visitor){ take_name, &l }, e);
}

static bool remote_read(struct store *s, struct store_piece *p, struct err *e)
{
	char path[SFTP_PATH_MAX];
	size_t wanted = p->len;
	uint64_t file_len;
	struct sftp_file *file;
	struct err ignored;
	bool ok;

	p->len = 0;
	path_of(s, p->folder, p->file, path);
	file = sftp_open(server(s), path, SFTP_O_READ, e);
	if (!file)
		return false;
	ok = sftp_len(file, &file_len, e);
	if (ok && p->off < file_len) {
		p->len = min_u64(wanted, file_len - p->off);
		ok = sftp_read(file, p->off, p->buf, p->len, e);
	}
	sftp_close(file, &ignored);
	return ok;
}

static bool remote_remove(struct store *s, const char *folder, const char *file,
			  struct err *e)
{
	char path[SFTP_PATH_MAX];

	path_of(s, folder, file, path);
	return file ? sftp_remove(server(s), path, e) : sftp_rmdir(server(s), path, e);
}

static void remote_close(struct store *s)
{
	of(s)->sftp = NULL;
}

static const struct store_ops sftp_ops = {
	.list = remote_list,
	.read = remote_read,
	.remove = remote_remove,
	.close = remote_close,
};

void store_sftp_open(struct store *s, struct sftp *c, const char *path)
{
	*s = (struct store){ .ops = &sftp_ops };
	of(s)->sftp = c;
	snprintf(s->where, sizeof(s->where), "%s", path);
}
