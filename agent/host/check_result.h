/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a look at this machine has shown: sentences for people, a grade for programs. */
#ifndef HOST_CHECK_RESULT_H
#define HOST_CHECK_RESULT_H

enum grade { GRADE_OK, GRADE_WARN, GRADE_FAIL };	/* exit statuses of `status` as well */

struct check_result {
	char what[16];		/* "reserved", "target 1" */
	enum grade grade;
	char text[600];	/* a target, and what is wrong with it */
};

#define MAX_CHECK_RESULTS 64

struct check_results {
	struct check_result rows[MAX_CHECK_RESULTS];
	unsigned n;
};

void found(struct check_results *f, const char *what, enum grade grade, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

const char *grade_name(enum grade grade);
enum grade check_results_worst(const struct check_results *f);

#endif
