/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Crashing this machine on purpose, and asking afterwards what came of it. */
#ifndef VERBS_CRASH_TEST_H
#define VERBS_CRASH_TEST_H

struct health_want;

/* An exit status, if it comes back at all. yes: the host's name, NULL asks for it. */
int crash_test(const struct health_want *want, const char *yes);

/* 0: the dump of the crash that crash_test() made is there, and whole. */
int crash_test_report(const struct health_want *want);

#endif
