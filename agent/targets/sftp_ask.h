/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be asked of an SFTP server, one function a question. False with ENOENT, EACCES,
 * EOPNOTSUPP ... is the server's answer; the connection goes on. Version 3 has no word
 * for a full disk: that is EIO here.
 */
#ifndef TARGETS_SFTP_ASK_H
#define TARGETS_SFTP_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct sftp;
struct sftp_file;

/* One name in a folder, "." and ".." too; the length where it is told, else 0. */
struct sftp_name {
	const char *name;
	uint64_t len;
	bool is_folder;
};

struct sftp_visitor {
	bool (*each)(void *to, const struct sftp_name *entry, struct err *e);
	void *to;
};

enum { SFTP_O_READ = 1, SFTP_O_WRITE = 2, SFTP_O_CREATE = 8, SFTP_O_EXCLUSIVE = 32 };

/* NULL is failure; a file that is made has mode 0600. */
struct sftp_file *sftp_open(struct sftp *c, const char *path, unsigned flags, struct err *e);
/* Waits for what is in flight, whatever became of it. */
bool sftp_close(struct sftp_file *f, struct err *e);

/* Returns when all of it is on its way; errors come with a later call for that file. */
bool sftp_write(struct sftp_file *f, uint64_t off, const void *buf, size_t len,
		struct err *e);
/* All of it, or false; requests on one file are answered in their order, writes before. */
bool sftp_read(struct sftp_file *f, uint64_t off, void *buf, size_t len,
	       struct err *e);
/* Asks for a sync and does not wait. */
bool sftp_start_sync(struct sftp_file *f, struct err *e);
/* Waits for all that is in flight and tells the first thing that went wrong. */
bool sftp_drain(struct sftp_file *f, struct err *e);

bool sftp_len(struct sftp_file *f, uint64_t *len_ret, struct err *e);
bool sftp_set_len(struct sftp_file *f, uint64_t len, struct err *e);

/* What is there, links not followed? ENOENT: nothing. */
bool sftp_look(struct sftp *c, const char *path, bool *is_folder_ret, struct err *e);
/* The same for what a link leads to. */
bool sftp_look_through(struct sftp *c, const char *path, bool *is_folder_ret, struct err *e);
/* With mode 0700. */
bool sftp_mkdir(struct sftp *c, const char *path, struct err *e);
bool sftp_remove(struct sftp *c, const char *path, struct err *e);
/* It must be empty. */
bool sftp_rmdir(struct sftp *c, const char *path, struct err *e);
/* Hands over what lies in a folder. It ends where each() is false, which has said why. */
bool sftp_list(struct sftp *c, const char *path, const struct sftp_visitor *visitor,
	       struct err *e);
/* Atomic; whether an existing file is replaced depends on the server. */
bool sftp_rename(struct sftp *c, const char *from, const char *to, struct err *e);
/* Bytes and files that we may write in that folder; only with c->can_statvfs. */
struct sftp_room {
	uint64_t len, files;	/* FILES_UNKNOWN (free_space.h) */
};

bool sftp_free_room(struct sftp *c, const char *path, struct sftp_room *room, struct err *e);

#endif
