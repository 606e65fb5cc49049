/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PID 1 of the capture kernel. */
#ifndef SUPERVISE_INIT_H
#define SUPERVISE_INIT_H

/*
 * Never returns: it ends in a reboot, or in whatever the configuration says. The word
 * --places=FILE is for tests, in namespaces of a machine that is up: see places.h.
 */
_Noreturn void init_main(int argc, char **argv);

#endif
