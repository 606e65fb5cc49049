/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is told of a crash beside the targets: a log server, by a line before the dump and one
 * behind it, and the nodes of a cluster. A test tells nobody that this machine has crashed.
 */
#ifndef SUPERVISE_TELLING_H
#define SUPERVISE_TELLING_H

struct reporter;
struct session;

/* Begins, as soon as there is a network; it is brought up for it alone where no target will. */
void telling_start(struct session *s, const struct reporter *reporter);

/* All have had their turn: the last line, on the console and where the first one went. */
void telling_end(struct session *s);

#endif
