/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flattened form as it is written: 16 bytes of a record, big-endian, and its data. */
#include "flattened.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"

#define FORM_SIGNATURE "makedumpfile"
#define FORM_LEN 4096
#define STATUS_OFF offsetof(struct kdump_header, status)
#define STATUS_LEN sizeof(((struct kdump_header *)0)->status)

static struct flattened *of(struct out *o)
{
	return (struct flattened *)o;
}

static void put_be64(uint8_t *at, uint64_t n)
{
	put_u64(at, __builtin_bswap64(n));
}

static bool append(struct flattened *f, const void *bytes, size_t len, struct err *e)
{
	if (!f->below->ops->write_at(f->below, f->len, bytes, len, e))
		return false;
	f->len += len;
	return true;
}

static bool append_mark(struct flattened *f, uint64_t off, uint64_t len, struct err *e)
{
	uint8_t mark[16];

	put_be64(mark, off);
	put_be64(mark + 8, len);
	return append(f, mark, sizeof(mark), e);
}

static bool record(struct flattened *f, uint64_t off, const void *bytes, size_t len,
		   struct err *e)
{
	return !len || (append_mark(f, off, len, e) && append(f, bytes, len, e));
}

static bool head_part(struct flattened *f, size_t from, size_t end, struct err *e)
{
	return record(f, from, (const uint8_t *)&f->head + from, end - from, e);
}

/* All of it at once, later only what seals it, which has not gone out. */
static bool write_head(struct flattened *f, uint64_t off, const void *buf, size_t len,
		       struct err *e)
{
	bool is_first = !f->has_head;

	if (is_first ? off || len != sizeof(f->head)
		     : off != STATUS_OFF || len != sizeof(uint64_t))
		return fail(e, EINVAL, "%s: %zu bytes of the header at %llu", f->out.name, len,
			    (unsigned long long)off);
	memcpy((uint8_t *)&f->head + off, buf, len);
	f->has_head = true;
	return !is_first ||
	       (head_part(f, sizeof(f->head.signature), STATUS_OFF, e) &&
		head_part(f, STATUS_OFF + STATUS_LEN, sizeof(f->head), e));
}

static bool flat_write_at(struct out *o, uint64_t off, const void *buf, size_t len,
			  struct err *e)
{
	return off < sizeof(struct kdump_header) ? write_head(of(o), off, buf, len, e)
						 : record(of(o), off, buf, len, e);
}

/* The header is still here; all else is gone. */
static bool flat_read_at(struct out *o, uint64_t off, void *buf, size_t len, struct err *e)
{
	struct flattened *f = of(o);

	if (off > sizeof(f->head) || len > sizeof(f->head) - off)
		return fail(e, ENOTSUP, "%s: is only appended to, and not read", o->name);
	memcpy(buf, (const uint8_t *)&f->head + off, len);
	return true;
}

/* What no record has reads as zeroes. */
static bool flat_lengthen(struct out *o, uint64_t len, struct err *e)
{
	(void)o;
	(void)len;
	(void)e;
	return true;
}

/* Nothing can be taken in advance: it is still to come, and so owed. */
static bool flat_reserve(struct out *o, uint64_t off, uint64_t len, struct err *e)
{
	(void)off;
	(void)e;
	o->owed += len;
	return true;
}

static bool flat_sync(struct out *o, struct err *e)
{
	return of(o)->below->ops->sync(of(o)->below, e);
}

static const struct out_ops ops = {
	.write_at = flat_write_at,
	.read_at = flat_read_at,
	.reread = flat_read_at,
	.lengthen = flat_lengthen,
	.reserve = flat_reserve,
	.sync = flat_sync,
};

bool flattened_begin(struct flattened *f, struct out *below, struct err *e)
{
	uint8_t form[FORM_LEN] = FORM_SIGNATURE;

	*f = (struct flattened){ .out = { .ops = &ops, .name = below->name },
				 .below = below };
	put_be64(form + 16, 1);		/* its type, */
	put_be64(form + 24, 1);		/* and version */
	return append(f, form, sizeof(form), e);
}

bool flattened_end(struct flattened *f, struct err *e)
{
	if (!f->has_head)
		return fail(e, EINVAL, "%s: ends without a header", f->out.name);
	return head_part(f, STATUS_OFF, STATUS_OFF + STATUS_LEN, e) &&
	       head_part(f, 0, sizeof(f->head.signature), e) &&
	       append_mark(f, UINT64_MAX, UINT64_MAX, e) && flat_sync(&f->out, e);
}
