/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people are told of a key: by `crashbox config --keys`, and in crashbox.conf(5). */
#ifndef CONFIG_KEY_HELP_H
#define CONFIG_KEY_HELP_H

struct key_help {
	const char *key;
	const char *value;	/* "N", "yes|no": what stands behind it */
	const char *initial;	/* what holds without a line of it; NULL: the help says it */
	const char *help;	/* a paragraph */
};

#endif
