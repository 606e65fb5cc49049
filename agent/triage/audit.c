/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linux kernel/audit.c has three queues of messages to auditd: those to send, those that it
 * did not take, those that are held until there is one. Each is a struct sk_buff_head, whose
 * links are those of struct sk_buff, with a count that must agree.
 */
#include "audit.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

#define QUEUE_MAX 65536u	/* records that are walked over */
#define HEADER_LEN 16u		/* struct nlmsghdr: u32 length, u16 type, ... */
#define RECORD_MAX 16384u
#define END_OF_EVENT 1320u	/* has nothing to tell */

#define AT(member) offsetof(struct audit_facts, member)

static const char *const names[AUDIT_QUEUES] = { "audit_hold_queue", "audit_retry_queue",
						 "audit_queue" };

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "audit_hold_queue", AT(queues[0]) },
	{ WISH_SYMBOL, "audit_retry_queue", AT(queues[1]) },
	{ WISH_SYMBOL, "audit_queue", AT(queues[2]) },
	WISH_FIELD("sk_buff_head.next", AT(next)),
	WISH_FIELD("sk_buff_head.prev", AT(prev)),
	WISH_FIELD("sk_buff_head.qlen", AT(n)),
	WISH_FIELD("sk_buff.next", AT(skb_next)),
	WISH_FIELD("sk_buff.data", AT(data)),
	WISH_FIELD("sk_buff.len", AT(len)),
};

const struct wish_set audit_wishes = WISH_SET(wishes, struct audit_facts);

/* False: it is no record. */
static bool take_record(struct audit *a, vaddr_t skb, struct audit_record *to)
{
	vaddr_t data = field_value(a->space, skb, a->facts->data);
	uint64_t len = field_value(a->space, skb, a->facts->len);
	uint8_t head[HEADER_LEN];
	struct err ignored;
	size_t text_len;

	/* The message says its length with its header or, as auditd wants it, without. */
	if (len <= HEADER_LEN || len > RECORD_MAX ||
	    !space_read(a->space, data, head, sizeof(head), &ignored) || get_u32(head) > len ||
	    get_u32(head) < len - HEADER_LEN)
		return false;
	to->type = get_u16(head + 4);
	text_len = min_u64(len - HEADER_LEN, AUDIT_TEXT - 1);
	if (!space_read(a->space, data + HEADER_LEN, to->text, text_len, &ignored))
		return false;
	to->text[text_len] = '\0';
	for (char *c = to->text; *c; c++)
		*c = printable(*c);
	return to->text[0];
}

/* The count, and that it is one: the links lead round in as many steps, both ways. */
static bool is_queue(struct audit *a, vaddr_t head, uint64_t *n)
{
	vaddr_t at = head, next, back;
	struct err ignored;

	if (!field_read(a->space, head, a->facts->n, n) || *n > QUEUE_MAX)
		return false;
	for (uint64_t i = 0; i <= *n; i++) {
		if (bounds_over(a->bounds) ||
		    !space_read_u64(a->space, at + a->facts->next.off, &next, &ignored) ||
		    !space_read_u64(a->space, next + a->facts->prev.off, &back, &ignored) ||
		    back != at)
			return false;
		at = next;
	}
	return at == head;
}

static void read_queue(struct audit *a, unsigned which)
{
	vaddr_t head = (vaddr_t)a->facts->queues[which], at = head;
	struct err ignored;
	uint64_t n;

	if (!has(a->facts->queues[which]))
		return;
	if (!is_queue(a, head, &n)) {
		a->cut = true;
		return;
	}
	for (uint64_t i = 0; i < n; i++) {
		struct audit_record *to = &a->list[a->n];

		if (!space_read_u64(a->space, at + a->facts->next.off, &at, &ignored))
			break;
		if (n - i > AUDIT_SHOWN) {
			a->n_more++;
			continue;
		}
		to->queue = names[which];
		if (!take_record(a, at, to))
			a->cut = true;
		else if (to->type != END_OF_EVENT)
			a->n++;
	}
}

bool audit_read(struct audit *a, struct arena *arena, struct err *e)
{
	const struct audit_facts *f = a->facts;

	a->n = 0;
	a->n_more = 0;
	a->cut = false;
	a->list = arena_take(arena, AUDIT_QUEUES * AUDIT_SHOWN, sizeof(a->list[0]), "audit", e);
	if (!a->list)
		return false;
	/* A queue is walked as if its head were one of its messages: the links must agree. */
	if (!has(f->next.off) || !has(f->prev.off) || f->next.off != f->skb_next.off)
		return true;
	for (unsigned i = 0; i < AUDIT_QUEUES; i++)
		read_queue(a, i);
	return true;
}
