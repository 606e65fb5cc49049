/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scope guards: what is opened in a block is closed when the block is left. */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <dirent.h>
#include <unistd.h>

static inline void close_fd_at_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void close_dir_at_end(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

#define cleanup_fd __attribute__((cleanup(close_fd_at_end)))
#define cleanup_dir __attribute__((cleanup(close_dir_at_end)))

/* Hands a guarded fd over to somebody who lives longer. */
static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

#endif
