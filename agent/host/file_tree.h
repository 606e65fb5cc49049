/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A folder of files laid over a root, as a package manager would: each in the place that it has
 * in the folder. What was put there is noted in the root, so that another version of the folder
 * takes away what it no longer has, and all can be taken away again.
 */
#ifndef HOST_FILE_TREE_H
#define HOST_FILE_TREE_H

#include <stdbool.h>

struct err;

#define TREE_NOTE "/var/lib/crashbox/node-files"	/* lines: paths below the root */

/*
 * Lays `from` over the root. A file is replaced as a whole, and only if it differs; links in
 * `from` are followed, and names with two dots in front (a ConfigMap's own) passed over.
 * *n_changed counts what was written or removed.
 */
bool file_tree_lay(const char *from, const char *root, unsigned *n_changed, struct err *e);

/* Takes away what is noted, and folders of ours that are empty then. */
bool file_tree_remove(const char *root, unsigned *n_removed, struct err *e);

#endif
