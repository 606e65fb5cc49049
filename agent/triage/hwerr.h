/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors of the hardware that the kernel went on after, as it counts them. */
#ifndef TRIAGE_HWERR_H
#define TRIAGE_HWERR_H

#include "field.h"

enum hwerr_kind { HWERR_CPU, HWERR_MEMORY, HWERR_PCI, HWERR_CXL, HWERR_OTHER, HWERR_KINDS };

struct hwerr_facts {
	int64_t table;			/* address: an entry a kind of error */
	int64_t entry_len;
	int64_t kinds[HWERR_KINDS];	/* enumerators: which entry is whose */
	struct field count, time;
};

extern const struct wish_set hwerr_wishes;

struct hwerr {
	enum hwerr_kind kind;
	uint64_t n;		/* more than 0 */
	int64_t last;		/* seconds since 1970; 0: not known */
};

/* "memory" */
const char *hwerr_name(enum hwerr_kind kind);

/* Those that there were, of a kernel that counts them (since 6.18); returns how many kinds. */
unsigned hwerr_read(struct space *s, const struct hwerr_facts *f,
		    struct hwerr found[HWERR_KINDS]);

#endif
