/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records of the kernel's audit that auditd never got: they are nowhere but in memory. */
#ifndef TRIAGE_AUDIT_H
#define TRIAGE_AUDIT_H

#include "field.h"
#include "vmcore/bounds.h"

struct arena;

#define AUDIT_SHOWN 64u		/* newest of each queue */
#define AUDIT_TEXT 512
#define AUDIT_QUEUES 3

struct audit_record {
	const char *queue;	/* "audit_hold_queue" */
	uint32_t type;		/* 1300 is SYSCALL, and so on: linux/audit.h */
	char text[AUDIT_TEXT];	/* printable, maybe cut; of keystrokes how many */
};

struct audit_facts {
	int64_t queues[AUDIT_QUEUES];	/* addresses of struct sk_buff_head */
	struct field next, prev, n;	/* of it: next, prev, qlen */
	struct field skb_next, data, len;	/* struct sk_buff */
};

extern const struct wish_set audit_wishes;

struct audit {
	struct space *space;
	const struct audit_facts *facts;
	const struct bounds *bounds;
	bool without_args;	/* of command lines only how long they are, too */
	struct audit_record *list;	/* queue by queue, oldest first */
	unsigned n;
	uint64_t n_more;	/* older ones that are in the queues as well */
	bool cut;		/* a queue does not hold */
};

/* False: no room. What cannot be read is not in the list. */
bool audit_read(struct audit *a, struct arena *arena, struct err *e);

#endif
