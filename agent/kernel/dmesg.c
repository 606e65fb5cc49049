/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of the kernel's log. Linux kernel/printk/printk_ringbuffer.{c,h} (5.10)
 * and, for the older buffer, kernel/printk/printk.c. Sizes and offsets come from
 * VMCOREINFO; where a record was only begun, or recycled, when the machine died, it is
 * left out and counted.
 */
#include "dmesg.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "vmcore/space.h"
#include "vmcore/vmcoreinfo.h"

#define MAX_COUNT_BITS 26
#define MAX_SIZE_BITS 31
#define MAX_GARBLED (1u << 16)		/* in a row; then only what is newest is tried */
#define ID_MASK ((1ULL << 62) - 1)	/* the two top bits of state_var are the state */
#define BLOCK_ID_LEN 8			/* each text block starts with its record's id */
#define NO_TEXT 1ULL			/* lpos with this bit: the record has no block */
#define EMPTY_LINE 3ULL			/* begin and next of a record without text */

/*
 * Facility, then flags and level in one byte, follow the last length. No key says so, but
 * it was never otherwise (struct printk_info since 5.10, struct printk_log since 3.5).
 */
#define INFO_FACILITY 2			/* behind text_len */
#define LOG_FACILITY 4			/* there dict_len is in between */
#define CALLER_IS_CPU (1u << 31)	/* of caller_id: else it is a thread's id */

enum state { RESERVED, COMMITTED, FINALIZED, REUSABLE };

static bool keys_present(const int64_t *fields, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!has(fields[i]))
			return false;
	return true;
}

/* ---- opening ---------------------------------------------------------------- */

static bool open_ring(struct dmesg *d, struct err *e)
{
	const struct kinfo *k = d->k;
	struct space *s = d->space;
	uint8_t pointer[8];
	uint32_t count_bits, size_bits;
	vaddr_t rb, desc_ring, text_ring;

	if (!space_read_image(s, k->prb, pointer, sizeof(pointer), e))
		return within(e, "prb");
	rb = get_u64(pointer);
	desc_ring = rb + k->prb_desc_ring;
	text_ring = rb + k->prb_text_ring;
	if (!space_read_u32(s, desc_ring + k->ring_count_bits, &count_bits, e) ||
	    !space_read_u64(s, desc_ring + k->ring_descs, &d->descs, e) ||
	    !space_read_u64(s, desc_ring + k->ring_infos, &d->infos, e) ||
	    !space_read_u64(s, desc_ring + k->ring_head + k->atomic_counter, &d->head_id, e) ||
	    !space_read_u64(s, desc_ring + k->ring_tail + k->atomic_counter, &d->id, e) ||
	    !space_read_u32(s, text_ring + k->data_size_bits, &size_bits, e) ||
	    !space_read_u64(s, text_ring + k->data_data, &d->text, e))
		return within(e, "printk ring at %#llx", (unsigned long long)rb);
	if (!count_bits || count_bits > MAX_COUNT_BITS || size_bits < 4 ||
	    size_bits > MAX_SIZE_BITS)
		return fail(e, EINVAL, "printk ring of 2^%u records and 2^%u bytes",
			    count_bits, size_bits);
	d->ring = true;
	d->n_descs = 1ULL << count_bits;
	d->text_size = 1ULL << size_bits;
	d->id &= ID_MASK;
	d->head_id &= ID_MASK;
	d->head_known = ((d->head_id - d->id) & ID_MASK) < d->n_descs;
	d->left = d->n_descs;
	return true;
}

static bool open_records(struct dmesg *d, struct err *e)
{
	const struct kinfo *k = d->k;
	uint8_t raw[8];
	uint32_t len, first;

	if (!space_read_image(d->space, k->log_buf, raw, 8, e))
		return within(e, "log_buf");
	d->text = get_u64(raw);
	if (!space_read_image(d->space, k->log_buf_len, raw, 4, e))
		return within(e, "log_buf_len");
	len = get_u32(raw);
	if (!space_read_image(d->space, k->log_first_idx, raw, 4, e))
		return within(e, "log_first_idx");
	first = get_u32(raw);
	if (!space_read_image(d->space, k->log_next_idx, raw, 4, e))
		return within(e, "log_next_idx");
	d->next_idx = get_u32(raw);
	if (len < 64 || first >= len || d->next_idx > len)
		return fail(e, EINVAL, "log buffer of %u bytes, from %u to %u", len, first,
			    d->next_idx);
	d->idx = first;
	d->text_size = len;
	d->callers = has(k->log_caller);
	/* All records are once around at most: a loop shows itself by then. */
	d->left = len;
	return true;
}

bool dmesg_open(struct dmesg *d, struct space *space, struct err *e)
{
	const struct kinfo *k = space->k;
	const int64_t ring[] = {
		k->prb, k->prb_desc_ring, k->prb_text_ring, k->ring_count_bits,
		k->ring_descs, k->ring_infos, k->ring_head, k->ring_tail, k->size_desc,
		k->desc_state, k->desc_text, k->blk_begin, k->blk_next, k->size_info,
		k->info_ts, k->info_text_len, k->data_size_bits, k->data_data,
		k->atomic_counter,
	};
	const int64_t records[] = {
		k->log_buf, k->log_buf_len, k->log_first_idx, k->log_next_idx,
		k->size_log, k->log_ts, k->log_len, k->log_text_len,
	};

	*d = (struct dmesg){ .space = space, .k = k };
	if (keys_present(ring, sizeof(ring) / sizeof(ring[0]))) {
		if (k->size_desc < 16 || k->size_desc > 256 || k->size_info < 16 ||
		    k->size_info > 512 || k->info_ts < 0 || k->info_ts > k->size_info - 8 ||
		    k->info_text_len < 0 || k->info_text_len > k->size_info - 2 ||
		    k->desc_state < 0 || k->desc_state > k->size_desc - 8 ||
		    k->desc_text < 0 || k->blk_begin < 0 || k->blk_next < 0 ||
		    k->desc_text > k->size_desc || k->blk_begin > k->size_desc ||
		    k->blk_next > k->size_desc ||
		    k->desc_text + k->blk_begin > k->size_desc - 8 ||
		    k->desc_text + k->blk_next > k->size_desc - 8)
			return fail(e, EINVAL,
				    "VMCOREINFO: printk ring fields are not possible");
		return open_ring(d, e);
	}
	if (keys_present(records, sizeof(records) / sizeof(records[0]))) {
		if (k->size_log < 16 || k->size_log > 64 || k->log_ts < 0 || k->log_len < 0 ||
		    k->log_text_len < 0 || k->log_ts > k->size_log - 8 ||
		    k->log_len > k->size_log - 2 || k->log_text_len > k->size_log - 2)
			return fail(e, EINVAL,
				    "VMCOREINFO: printk_log fields are not possible");
		return open_records(d, e);
	}
	return fail(e, EINVAL, "VMCOREINFO names no printk buffer");
}

/* ---- text ------------------------------------------------------------------- */

struct text_out {
	char *buf;
	size_t size, len;
};

static void put(struct text_out *o, char c)
{
	if (o->len < o->size)
		o->buf[o->len++] = c;
}

static int priority_at(const uint8_t *info, size_t at, size_t size)
{
	return at + 2 <= size ? info[at] * 8 + (info[at + 1] >> 5) : -1;
}

/* What stands in front of each line of a record, up to the blank. */
struct stamp {
	char text[64];
};

/* As info_print_prefix() of Linux kernel/printk/printk.c has it. */
static void stamp_set(struct stamp *s, struct dmesg *d, uint64_t ts_nsec,
		      const uint8_t *info, int64_t caller_at, int64_t size)
{
	int n = snprintf(s->text, sizeof(s->text), "[%5llu.%06llu]",
			 (unsigned long long)(ts_nsec / 1000000000),
			 (unsigned long long)(ts_nsec % 1000000000 / 1000));

	d->latest_ns = max_u64(d->latest_ns, ts_nsec);

	if (d->callers && has(caller_at) && caller_at >= 0 && caller_at <= size - 4) {
		uint32_t id = get_u32(info + caller_at);
		char caller[16];

		snprintf(caller, sizeof(caller), "%c%u", id & CALLER_IS_CPU ? 'C' : 'T',
			 id & ~CALLER_IS_CPU);
		snprintf(s->text + n, sizeof(s->text) - n, "[%6s]", caller);
	}
}

static void put_stamp(struct text_out *o, const struct stamp *s)
{
	for (const char *at = s->text; *at; at++)
		put(o, *at);
	put(o, ' ');
}

static void put_byte(struct text_out *o, uint8_t c)
{
	static const char hex[] = "0123456789abcdef";

	if (c == '\t' || (c >= 0x20 && c != 0x7f)) {
		put(o, c);
		return;
	}
	put(o, '\\');
	put(o, 'x');
	put(o, hex[c >> 4]);
	put(o, hex[c & 15]);
}

/*
 * Copies len bytes of text that start at `from` of the buffer. A record is as long as
 * it says, so what cannot be read ends it.
 */
static void put_text(struct dmesg *d, struct text_out *o, vaddr_t from, size_t len,
		     const struct stamp *stamp)
{
	bool any = false;

	put_stamp(o, stamp);
	while (len) {
		uint8_t part[256];
		size_t n = min_u64(len, sizeof(part));
		struct err ignored;

		if (!space_read(d->space, from, part, n, &ignored)) {
			d->n_skipped++;
			d->n_garbled++;
			break;
		}
		any = true;
		for (size_t i = 0; i < n; i++) {
			if (part[i] != '\n') {
				put_byte(o, part[i]);
			} else {
				put(o, '\n');
				put_stamp(o, stamp);
			}
		}
		from += n;
		len -= n;
	}
	put(o, '\n');
	d->n_with_text += any;
}

/* ---- the ring --------------------------------------------------------------- */

/*
 * Where the text of a block lies. A block that would cross the end of the ring starts
 * over at its beginning; the comparison with next - 1 also holds for one that ends
 * exactly there, as 7.x lets them.
 */
static bool find_block(const struct dmesg *d, uint64_t begin, uint64_t next, vaddr_t *ret,
		       uint64_t *len_ret)
{
	uint64_t mask = d->text_size - 1, start = begin & mask, len = next - begin;

	if (begin / d->text_size != (next - 1) / d->text_size) {
		start = 0;
		len = next & mask;
	}
	if (begin % 8 || next % 8 || len <= BLOCK_ID_LEN || len > d->text_size / 2)
		return false;
	*ret = d->text + start;
	*len_ret = len;
	return true;
}

/*
 * What a descriptor holds: a record to show; one whose text was given up for newer ones, or
 * that never was; one without its text, by the kernel's own account; or nothing that makes
 * sense, which never happens but by damage.
 */
enum holds { A_RECORD, AN_OLD_ONE, NO_RECORD, GARBAGE };

static enum holds ring_record(struct dmesg *d, uint64_t id, struct text_out *o)
{
	const struct kinfo *k = d->k;
	uint8_t desc[256], info[512], block_id[BLOCK_ID_LEN];
	uint64_t slot = id & (d->n_descs - 1), state_var, begin, next, len, text_len;
	struct stamp stamp;
	enum state state;
	struct err ignored;
	vaddr_t block;

	if (!space_read(d->space, d->descs + slot * k->size_desc, desc, k->size_desc,
			&ignored) ||
	    !space_read(d->space, d->infos + slot * k->size_info, info, k->size_info,
			&ignored))
		return GARBAGE;
	state_var = get_u64(desc + k->desc_state);
	state = state_var >> 62;
	if ((state_var & ID_MASK) != id)
		return GARBAGE;
	/* Committed: the last line, which may still be continued. */
	if (state != COMMITTED && state != FINALIZED)
		return state == REUSABLE ? AN_OLD_ONE : NO_RECORD;
	begin = get_u64(desc + k->desc_text + k->blk_begin);
	next = get_u64(desc + k->desc_text + k->blk_next);
	stamp_set(&stamp, d, get_u64(info + k->info_ts), info, k->info_caller, k->size_info);
	text_len = get_u16(info + k->info_text_len);
	d->priority = priority_at(info, k->info_text_len + INFO_FACILITY, k->size_info);
	if (begin & NO_TEXT && next & NO_TEXT) {
		if (begin != EMPTY_LINE || next != EMPTY_LINE)
			return NO_RECORD;
		put_text(d, o, 0, 0, &stamp);
		return A_RECORD;
	}
	if (!find_block(d, begin, next, &block, &len) ||
	    !space_read(d->space, block, block_id, sizeof(block_id), &ignored) ||
	    get_u64(block_id) != id)
		return GARBAGE;
	put_text(d, o, block + BLOCK_ID_LEN, min_u64(text_len, len - BLOCK_ID_LEN), &stamp);
	return A_RECORD;
}

static void count_garbage(struct dmesg *d)
{
	d->n_skipped += d->n_in_a_row;
	d->n_garbled += d->n_in_a_row;
	d->n_in_a_row = 0;
}

/*
 * So much garbage, and it may go on for all that the ring claims: the newest records, if any
 * still are, are worth more than what is between.
 */
static void jump(struct dmesg *d)
{
	uint64_t gap = (d->head_id - d->id) & ID_MASK, n;

	if (!d->head_known || gap > d->left) {
		d->left = 0;
		return;
	}
	count_garbage(d);
	if (gap <= MAX_GARBLED)
		return;
	n = gap - MAX_GARBLED;
	d->n_skipped += n;
	d->left -= n;
	d->id = (d->id + n) & ID_MASK;
}

static bool ring_next(struct dmesg *d, struct text_out *o)
{
	while (d->left && !d->ended) {
		uint64_t id = d->id;
		enum holds what;

		d->left--;
		if (d->alive)
			__atomic_fetch_add(d->alive, 1, __ATOMIC_RELAXED);
		d->ended = id == d->head_id;
		d->id = (id + 1) & ID_MASK;
		o->len = 0;
		what = ring_record(d, id, o);
		if (what == GARBAGE) {
			if (++d->n_in_a_row == MAX_GARBLED)
				jump(d);
			continue;
		}
		count_garbage(d);
		if (what == A_RECORD)
			return true;
		/* What has been given up for newer ones lies before the first record. */
		d->n_skipped += what != AN_OLD_ONE || d->n_records;
	}
	/* Where the head is lost, garbage begins behind the last record, and is no loss. */
	if (d->head_known)
		count_garbage(d);
	d->n_in_a_row = 0;
	return false;
}

/* ---- the record buffer ------------------------------------------------------ */

static bool buffer_next(struct dmesg *d, struct text_out *o)
{
	const struct kinfo *k = d->k;

	while (d->left && d->idx != d->next_idx) {
		uint8_t head[64];
		uint16_t len, text_len;
		struct stamp stamp;
		struct err ignored;

		if (d->text_size - d->idx < (uint64_t)k->size_log ||
		    !space_read(d->space, d->text + d->idx, head, k->size_log, &ignored))
			return false;
		len = get_u16(head + k->log_len);
		text_len = get_u16(head + k->log_text_len);
		if (!len) {	/* the rest was too small for a record: go on at 0 */
			if (!d->idx)
				return false;
			d->left -= min_u64(d->left, d->text_size - d->idx);
			d->idx = 0;
			continue;
		}
		if (len < k->size_log || len > d->text_size - d->idx || len > d->left ||
		    text_len > len - k->size_log) {
			d->n_skipped++;
			d->n_garbled++;
			return false;
		}
		d->priority = priority_at(head, k->log_text_len + LOG_FACILITY, k->size_log);
		stamp_set(&stamp, d, get_u64(head + k->log_ts), head, k->log_caller,
			  k->size_log);
		put_text(d, o, d->text + d->idx + k->size_log, text_len, &stamp);
		d->left -= len;
		d->idx += len;
		if (d->idx == d->text_size)
			d->idx = 0;
		return true;
	}
	return false;
}

bool dmesg_next(struct dmesg *d, char *buf, size_t size, size_t *len_ret)
{
	struct text_out o = { buf, size, 0 };

	if (!(d->ring ? ring_next(d, &o) : buffer_next(d, &o)))
		return false;
	d->n_records++;
	*len_ret = o.len;
	return true;
}

void dmesg_each_area(const struct dmesg *d, void (*fn)(void *ctx, vaddr_t vaddr, uint64_t len),
		     void *ctx)
{
	fn(ctx, d->text, d->text_size);
	if (!d->ring)
		return;
	fn(ctx, d->descs, d->n_descs * d->k->size_desc);
	fn(ctx, d->infos, d->n_descs * d->k->size_info);
}
