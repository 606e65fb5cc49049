/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel log as it lies in memory: the descriptor ring of 5.10 and later, written
 * record by record with the same rules of wrapping and recycling as the kernel's, or
 * the single record buffer of older kernels.
 *
 *   log[-KIND] SECONDS [caller=T1|C0] [facility=N] [level=N] "text with \n \t \" \xNN"
 *   log-many COUNT SECONDS "text"       %u becomes the running number
 *   log-skip COUNT                      descriptors that never held a record
 * KIND: reserved, committed (not finalized), reusable, empty (no text), lost
 */
#include "mkcore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID_MASK ((1UL << 62) - 1)
enum { RESERVED, COMMITTED, FINALIZED, REUSABLE };
enum { DESC_SIZE = 24 };

struct log {
	uint64_t ring, descs, infos, data;	/* paddr */
	uint64_t seq, head_id, tail_id, head_lpos, tail_lpos;
	bool dynamic;
	/* before 5.10 */
	uint64_t next_idx;
	struct { uint64_t idx, len; } *old;
	size_t n_old, max_old;
};

size_t unquote(const char *s, char *out, size_t size, const char **end_ret)
{
	size_t len = 0;

	if (*s++ != '"')
		die("a quoted text was expected at: %s", s - 1);
	for (; *s && *s != '"' && len < size; s++) {
		char ch = *s;

		if (ch == '\\' && *++s == 'x') {
			char hex[3] = { s[1], s[1] ? s[2] : 0, 0 };

			ch = strtoul(hex, NULL, 16);
			s += strlen(hex);
		} else if (ch == '\\') {
			ch = *s == 'n' ? '\n' : *s == 't' ? '\t' : *s;
		}
		out[len++] = ch;
	}
	if (*s != '"')
		die("no end of the quoted text, or longer than %zu bytes", size);
	if (end_ret)
		*end_ret = s + 1;
	return len;
}

static uint64_t log_alloc(struct core *c, const char *label, uint64_t size)
{
	uint64_t at;

	if (c->log->dynamic) {
		at = arena_alloc(c, size, PAGE);
		label_add(c, label, at);
		return at;
	}
	return image_alloc(c, label, size, 64);
}

static uint64_t log_vaddr(const struct core *c, uint64_t paddr)
{
	return c->log->dynamic ? direct_vaddr(c, paddr) : image_vaddr(c, paddr);
}

static uint64_t desc_ring_size(const struct core *c)
{
	return c->k->rb_size - 40;
}

void log_create(struct core *c)
{
	uint64_t count = 1UL << c->desc_bits, size = 1UL << c->log_bits, first_id, at;
	struct log *g = calloc(1, sizeof(*g));
	uint8_t *ring;

	c->log = g;
	g->dynamic = c->desc_bits < 0;	/* negative: allocated at boot, not static */
	if (g->dynamic)
		count = 1UL << -c->desc_bits;
	if (c->k->old_log) {
		g->data = log_alloc(c, "log_text", size);
		put(mem_at(c, image_alloc(c, "log_buf", 8, 8), 8),
		    log_vaddr(c, g->data), 8);
		put(mem_at(c, image_alloc(c, "log_buf_len", 4, 4), 4), size, 4);
		image_alloc(c, "log_first_idx", 4, 4);
		image_alloc(c, "log_next_idx", 4, 4);
		image_alloc(c, "clear_idx", 4, 4);
		return;
	}
	g->ring = image_alloc(c, "printk_rb", c->k->rb_size, 64);
	g->descs = log_alloc(c, "log_descs", count * DESC_SIZE);
	g->infos = log_alloc(c, "log_infos", count * c->k->info_size);
	g->data = log_alloc(c, "log_text", size);
	at = image_alloc(c, "prb", 8, 8);
	put(mem_at(c, at, 8), image_vaddr(c, g->ring), 8);
	image_alloc(c, "clear_seq", 24, 8);

	c->desc_bits = abs(c->desc_bits);
	first_id = c->k->id_62 ? -(count + 1) & ID_MASK : -(count + 1) & 0xffffffff;
	g->head_id = g->tail_id = first_id;
	g->head_lpos = g->tail_lpos = -size;
	for (uint64_t i = 0; i < count; i++)
		put(mem_at(c, g->descs + i * DESC_SIZE, 8), (uint64_t)REUSABLE << 62, 8);
	at = g->descs + (count - 1) * DESC_SIZE;
	put(mem_at(c, at, 8), first_id | (uint64_t)REUSABLE << 62, 8);
	put(mem_at(c, at + 8, 8), 1, 8);
	put(mem_at(c, at + 16, 8), 1, 8);

	ring = mem_at(c, g->ring, c->k->rb_size);
	put(ring, c->desc_bits, 4);
	put(ring + 8, log_vaddr(c, g->descs), 8);
	put(ring + 16, log_vaddr(c, g->infos), 8);
	ring += desc_ring_size(c);
	put(ring, c->log_bits, 4);
	put(ring + 8, log_vaddr(c, g->data), 8);
}

static void heads_write(struct core *c)
{
	uint8_t *ring = mem_at(c, c->log->ring, c->k->rb_size);

	put(ring + 24, c->log->head_id, 8);
	put(ring + 32, c->log->tail_id, 8);
	ring += desc_ring_size(c);
	put(ring + 16, c->log->head_lpos, 8);
	put(ring + 24, c->log->tail_lpos, 8);
}

/* Every record whose text begins before the new tail is gone: it may be reused. */
static void data_evict(struct core *c, uint64_t new_tail)
{
	struct log *g = c->log;
	uint64_t count = 1UL << c->desc_bits;

	if ((int64_t)(new_tail - g->tail_lpos) <= 0)
		return;
	for (uint64_t id = g->tail_id; id != ((g->head_id + 1) & ID_MASK);
	     id = (id + 1) & ID_MASK) {
		uint8_t *d = mem_at(c, g->descs + (id & (count - 1)) * DESC_SIZE, DESC_SIZE);
		uint64_t begin = get(d + 8, 8);

		if ((get(d, 8) & ID_MASK) != id || (begin & 1))
			continue;
		if ((int64_t)(begin - new_tail) < 0) {
			put(d, id | (uint64_t)REUSABLE << 62, 8);
			g->tail_lpos = get(d + 16, 8);
		}
	}
}

static uint64_t text_put(struct core *c, uint64_t id, const char *text, size_t len,
			 uint64_t *next_ret)
{
	struct log *g = c->log;
	uint64_t size = 1UL << c->log_bits, block = (8 + len + 7) & ~7UL;
	uint64_t begin = g->head_lpos, next = begin + block, at = begin & (size - 1);
	uint64_t last = c->k->perfect_fit ? next - 1 : next;

	if (begin >> c->log_bits != last >> c->log_bits) {
		put(mem_at(c, g->data + at, 8), id, 8);	/* the kernel marks both */
		next = (next >> c->log_bits << c->log_bits) + block;
		if (c->k->perfect_fit)
			next = ((begin >> c->log_bits) + 1) * size + block;
		at = 0;
	}
	data_evict(c, next - size);
	put(mem_at(c, g->data + at, 8), id, 8);
	memcpy(mem_at(c, g->data + at + 8, block - 8), text, len);
	g->head_lpos = *next_ret = next;
	return begin;
}

static uint64_t desc_reserve(struct core *c)
{
	struct log *g = c->log;
	uint64_t id = (g->head_id + 1) & ID_MASK, count = 1UL << c->desc_bits;

	if (((id - count) & ID_MASK) == g->tail_id)
		g->tail_id = (g->tail_id + 1) & ID_MASK;
	g->head_id = id;
	return id;
}

struct record {
	uint64_t ts_nsec;
	uint32_t caller;
	int facility, level, state;
	bool empty, lost;
	char text[2048];
	size_t len;
};

static void ring_record(struct core *c, const struct record *r)
{
	struct log *g = c->log;
	uint64_t id = desc_reserve(c), idx = id & ((1UL << c->desc_bits) - 1);
	uint8_t *d = mem_at(c, g->descs + idx * DESC_SIZE, DESC_SIZE);
	uint8_t *info = mem_at(c, g->infos + idx * c->k->info_size, c->k->info_size);
	uint64_t begin, next;

	memset(d, 0, DESC_SIZE);
	put(d + 8, 1, 8);	/* not yet a block that could be evicted */
	if (r->empty || r->lost)
		begin = next = r->empty ? 3 : 1;
	else
		begin = text_put(c, id, r->text, r->len, &next);
	put(d, id | (uint64_t)r->state << 62, 8);
	put(d + 8, begin, 8);
	put(d + 16, next, 8);
	put(info, g->seq++, 8);
	put(info + 8, r->ts_nsec, 8);
	put(info + 16, r->empty || r->lost ? 0 : r->len, 2);
	put(info + 18, r->facility, 1);
	put(info + 19, r->level << 5 | 2, 1);
	put(info + 20, r->caller, 4);
	heads_write(c);
}

/* Oldest records go while they stand where len bytes from idx on are wanted. */
static void old_evict(struct log *g, uint64_t idx, uint64_t len)
{
	while (g->n_old && g->old[0].idx < idx + len &&
	       g->old[0].idx + g->old[0].len > idx) {
		g->n_old--;
		memmove(g->old, g->old + 1, g->n_old * sizeof(g->old[0]));
	}
}

/*
 * struct printk_log: ts_nsec 0, len 8, text_len 10, dict_len 12, facility, flags, and
 * with CONFIG_PRINTK_CALLER caller_id 16.
 */
static uint64_t old_header(const struct core *c)
{
	return c->log_callers ? 20 : 16;
}

static void old_record(struct core *c, const struct record *r)
{
	struct log *g = c->log;
	uint64_t size = 1UL << c->log_bits, head = old_header(c), p;
	uint64_t len = (head + r->len + 3) & ~3UL;
	uint8_t *at;

	if (g->next_idx + len + head > size) {	/* a zero length says: go on at 0 */
		old_evict(g, g->next_idx, size - g->next_idx);
		put(mem_at(c, g->data + g->next_idx + 8, 2), 0, 2);
		g->next_idx = 0;
	}
	old_evict(g, g->next_idx, len);
	at = mem_at(c, g->data + g->next_idx, len);
	memset(at, 0, len);
	put(at, r->ts_nsec, 8);
	put(at + 8, len, 2);
	put(at + 10, r->len, 2);
	put(at + 14, r->facility, 1);
	put(at + 15, r->level << 5 | 2, 1);
	if (c->log_callers)
		put(at + 16, r->caller, 4);
	memcpy(at + head, r->text, r->len);
	g->old = grow(g->old, g->n_old, &g->max_old, sizeof(g->old[0]));
	g->old[g->n_old].idx = g->next_idx;
	g->old[g->n_old++].len = len;
	g->next_idx += len;
	if (label_find(c, "log_first_idx", &p))
		put(mem_at(c, p, 4), g->old[0].idx, 4);
	if (label_find(c, "log_next_idx", &p))
		put(mem_at(c, p, 4), g->next_idx, 4);
}

static uint64_t nsec_of(const char *s)
{
	char *end;
	uint64_t nsec = strtoull(s, &end, 10) * 1000000000UL;

	for (uint64_t unit = 100000000; *end && *++end; unit /= 10)
		nsec += (*end - '0') * unit;
	return nsec;
}

static void record_put(struct core *c, const struct record *r)
{
	if (c->k->old_log)
		old_record(c, r);
	else
		ring_record(c, r);
}

static void log_many(struct core *c, unsigned long n, const struct record *pattern)
{
	struct record r = *pattern;
	const char *number = strstr(pattern->text, "%u");

	for (unsigned long i = 0; i < n; i++) {
		if (number)
			r.len = snprintf(r.text, sizeof(r.text), "%.*s%lu%s",
					 (int)(number - pattern->text), pattern->text, i,
					 number + 2);
		record_put(c, &r);
		r.ts_nsec += 1000000;
	}
}

void log_line(struct core *c, char *line)
{
	struct record r = { .state = FINALIZED, .level = 6 };
	char *save, *kind = strtok_r(line, " \t", &save), *s;
	unsigned long n = 1;

	kind += strlen("log");
	if (strcmp(kind, "-many") == 0 || strcmp(kind, "-skip") == 0)
		n = strtoul(strtok_r(NULL, " \t", &save), NULL, 0);
	if (strcmp(kind, "-skip") == 0) {
		while (n--)
			desc_reserve(c);
		heads_write(c);
		return;
	}
	r.empty = strcmp(kind, "-empty") == 0;
	r.lost = strcmp(kind, "-lost") == 0;
	if (strcmp(kind, "-reserved") == 0)
		r.state = RESERVED;
	else if (strcmp(kind, "-committed") == 0)
		r.state = COMMITTED;
	else if (strcmp(kind, "-reusable") == 0)
		r.state = REUSABLE;
	s = strtok_r(NULL, " \t", &save);
	r.ts_nsec = nsec_of(s);
	while (*(save += strspn(save, " \t")) && *save != '"') {
		s = strtok_r(NULL, " \t", &save);
		if (strncmp(s, "caller=", 7) == 0)
			r.caller = strtoul(s + 8, NULL, 0) | (s[7] == 'C' ? 1U << 31 : 0);
		else if (strncmp(s, "facility=", 9) == 0)
			r.facility = strtoul(s + 9, NULL, 0);
		else if (strncmp(s, "level=", 6) == 0)
			r.level = strtoul(s + 6, NULL, 0);
		else
			die("unknown word in a log line: %s", s);
	}
	if (*save == '"') {
		r.len = unquote(save, r.text, sizeof(r.text) - 1, NULL);
		r.text[r.len] = 0;
	}
	if (strcmp(kind, "-many") == 0)
		log_many(c, n, &r);
	else
		record_put(c, &r);
}

static void image_symbol(struct core *c, const char *name, const char *label)
{
	uint64_t paddr;
	char key[64];

	if (!label_find(c, label, &paddr))
		return;
	snprintf(key, sizeof(key), "SYMBOL(%s)", name);
	info_set(c, key, "%lx", image_vaddr(c, paddr));
}

static void log_info_old(struct core *c)
{
	static const char *const symbols[] = {
		"log_buf", "log_buf_len", "log_first_idx", "clear_idx", "log_next_idx",
	};

	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		image_symbol(c, symbols[i], symbols[i]);
	info_set(c, "SIZE(printk_log)", c->log_callers ? "20" : "16");
	if (c->log_callers)
		info_set(c, "OFFSET(printk_log.caller_id)", "16");
	info_set(c, "OFFSET(printk_log.ts_nsec)", "0");
	info_set(c, "OFFSET(printk_log.len)", "8");
	info_set(c, "OFFSET(printk_log.text_len)", "10");
	info_set(c, "OFFSET(printk_log.dict_len)", "12");
}

void log_info(struct core *c)
{
	int ring = desc_ring_size(c), size = c->k->info_size;
	const struct { const char *key; int value; } rows[] = {
		{ "SIZE(printk_ringbuffer)", c->k->rb_size },
		{ "OFFSET(printk_ringbuffer.desc_ring)", 0 },
		{ "OFFSET(printk_ringbuffer.text_data_ring)", ring },
		{ "OFFSET(printk_ringbuffer.fail)", ring + 32 },
		{ "SIZE(prb_desc_ring)", ring },
		{ "OFFSET(prb_desc_ring.count_bits)", 0 },
		{ "OFFSET(prb_desc_ring.descs)", 8 },
		{ "OFFSET(prb_desc_ring.infos)", 16 },
		{ "OFFSET(prb_desc_ring.head_id)", 24 },
		{ "OFFSET(prb_desc_ring.tail_id)", 32 },
		{ "SIZE(prb_desc)", DESC_SIZE },
		{ "OFFSET(prb_desc.state_var)", 0 },
		{ "OFFSET(prb_desc.text_blk_lpos)", 8 },
		{ "SIZE(prb_data_blk_lpos)", 16 },
		{ "OFFSET(prb_data_blk_lpos.begin)", 0 },
		{ "OFFSET(prb_data_blk_lpos.next)", 8 },
		{ "SIZE(printk_info)", size },
		{ "OFFSET(printk_info.seq)", 0 },
		{ "OFFSET(printk_info.ts_nsec)", 8 },
		{ "OFFSET(printk_info.text_len)", 16 },
		{ "OFFSET(printk_info.caller_id)", 20 },
		{ "OFFSET(printk_info.dev_info)", size - 64 },
		{ "SIZE(dev_printk_info)", 64 },
		{ "OFFSET(dev_printk_info.subsystem)", 0 },
		{ "LENGTH(printk_info_subsystem)", 16 },
		{ "OFFSET(dev_printk_info.device)", 16 },
		{ "LENGTH(printk_info_device)", 48 },
		{ "SIZE(prb_data_ring)", 32 },
		{ "OFFSET(prb_data_ring.size_bits)", 0 },
		{ "OFFSET(prb_data_ring.data)", 8 },
		{ "OFFSET(prb_data_ring.head_lpos)", 16 },
		{ "OFFSET(prb_data_ring.tail_lpos)", 24 },
		{ "SIZE(atomic_long_t)", 8 },
		{ "OFFSET(atomic_long_t.counter)", 0 },
	};

	if (c->k->old_log) {
		log_info_old(c);
		return;
	}
	image_symbol(c, "prb", "prb");
	image_symbol(c, "printk_rb_static", "printk_rb");
	image_symbol(c, "clear_seq", "clear_seq");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		info_set(c, rows[i].key, "%d", rows[i].value);
	if (c->k->latched_seq) {
		info_set(c, "SIZE(latched_seq)", "24");
		info_set(c, "OFFSET(latched_seq.val)", "8");
	}
}
