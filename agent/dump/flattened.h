/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dump on its way out that is only appended to: what is written by offset becomes records
 * of the flattened form (base/dumpfile.h), each byte once. The dump's signature and status are
 * kept back until it is sealed and come as the last records, so that a cut one looks like none.
 */
#ifndef DUMP_FLATTENED_H
#define DUMP_FLATTENED_H

#include "base/out.h"
#include "kdumpformat.h"

struct flattened {
	struct out out;		/* first, so that it is one */
	struct out *below;	/* is written from front to back, and not read */
	uint64_t len;		/* bytes that went there */
	struct kdump_header head;
	bool has_head;
};

/* Writes the first bytes that tell the form. */
bool flattened_begin(struct flattened *f, struct out *below, struct err *e);

/* What was kept back, and the mark that nothing follows. Once, at the end, durable. */
bool flattened_end(struct flattened *f, struct err *e);

#endif
