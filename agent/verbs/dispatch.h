/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of an ordinary host. */
#ifndef VERBS_DISPATCH_H
#define VERBS_DISPATCH_H

/* Runs the verb that argv[1] names, or helps; what the program ends with. */
int dispatch(int argc, char **argv);

#endif
