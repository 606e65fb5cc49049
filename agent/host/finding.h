/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a look at this machine has shown: sentences for people, a grade for programs. */
#ifndef HOST_FINDING_H
#define HOST_FINDING_H

enum grade { GRADE_OK, GRADE_WARN, GRADE_FAIL };	/* exit statuses of `status` as well */

struct finding {
	char what[16];		/* "reserved", "target 1" */
	enum grade grade;
	char text[600];	/* a target, and what is wrong with it */
};

#define MAX_FINDINGS 64

struct findings {
	struct finding rows[MAX_FINDINGS];
	unsigned n;
};

void found(struct findings *f, const char *what, enum grade grade, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

const char *grade_name(enum grade grade);
enum grade findings_worst(const struct findings *f);

#endif
