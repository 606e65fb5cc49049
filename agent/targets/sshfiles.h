/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the SSH client reads: the pinned keys of the server, our private key, and its own
 * program. They lie in memory that no path leads to and that ends with those who hold it
 * open, however they end: nothing has to be tidied up.
 */
#ifndef TARGETS_SSHFILES_H
#define TARGETS_SSHFILES_H

#include <stdbool.h>
#include <stddef.h>

struct err;

#define SSH_KNOWN_HOSTS "known_hosts"	/* as the client is told, from its folder on */
#define SSH_KEY_COPY "key"

struct sshfiles {
	int dir_fd;	/* the client's working folder; -1: it stays where we are */
	int list_fd;	/* the pinned keys where there is no such folder */
	/* What the client shall open. */
	char key[512], list[64];
};

struct sshfiles_want {
	const char *key_file;
	const char *pinned;	/* the list of known hosts */
	unsigned uid;		/* who may read the copy of the key */
};

#define SSHFILES_NONE ((struct sshfiles){ .dir_fd = -1, .list_fd = -1 })

/*
 * As root: a folder that no other process can look into, with the pinned keys, and with a
 * copy of our key. An ordinary user has no such folder, and neither has
 * a root that may not mount; then the client stays who we are and reads the key where it is.
 */
bool sshfiles_make(struct sshfiles *f, const struct sshfiles_want *want, struct err *e);

/*
 * The client's program, opened to be executed. In a folder of ours it is a copy that may be
 * executed and not be read, unless the one at `path` is such already: the kernel lets
 * nobody but root look into a process that runs one, not even others of the same user.
 */
int sshfiles_program(const struct sshfiles *f, const char *path);

/*
 * For a child that is to be the client and is still root: an /etc/passwd of that one line, in
 * a mount namespace of the child's own, as OpenSSH starts as no user without one. Where it
 * cannot be had the client says that, or knows its user anyway, as in the image.
 */
void sshfiles_know_user(const char *passwd);

/* The client has read them: the copies go. Harmless when there are none. */
void sshfiles_drop(struct sshfiles *f);

#endif
