/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Would a panic of this machine be captured, now and after the next boot? Everything that
 * can be told without the targets.
 */
#ifndef HOST_ARMED_H
#define HOST_ARMED_H

struct config;
struct findings;

/* config NULL: there is none that could be read. config_path is what it came from. */
void armed_check(struct findings *f, const char *root, const char *config_path,
		 const struct config *config);

#endif
