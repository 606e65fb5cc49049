/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that can be told of this machine as one to be captured. */
#ifndef READY_MACHINE_HEALTH_H
#define READY_MACHINE_HEALTH_H

struct config;
struct check_results;

struct health_want {
	const char *root;	/* "" but in tests */
	const char *config;	/* file, NULL: the usual */
	const char *ssh;	/* OpenSSH's client, NULL: the usual */
};

/* Fills both; config becomes what a capture would have. All that is wrong is a finding. */
void health_check(struct check_results *f, const struct health_want *want,
		  struct config *config);

#endif
