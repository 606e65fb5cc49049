/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linux kernel/audit.c has three queues of messages to auditd: those to send, those that it
 * did not take, those that are held until there is one. Each is a struct sk_buff_head, whose
 * links are those of struct sk_buff, with a count that must agree.
 */
#include "audit.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

#define QUEUE_MAX 65536u	/* records that are walked over */
#define HEADER_LEN 16u		/* struct nlmsghdr: u32 length, u16 type, ... */
#define RECORD_MAX 16384u

/* Linux include/uapi/linux/audit.h. */
enum {
	USER_TTY = 1124, TTY = 1319,	/* what somebody typed, passwords among it */
	USER_CMD = 1123, EXECVE = 1309, PROCTITLE = 1327,	/* command lines */
	END_OF_EVENT = 1320,		/* has nothing to tell */
};

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

/* A record: its type, and its text in memory. */
struct message {
	uint32_t type;
	vaddr_t text;
	uint64_t len;
};

/* False: it is no record. */
static bool read_header(struct audit *a, vaddr_t skb, struct message *m)
{
	vaddr_t data = field_value(a->space, skb, a->facts->data);
	uint64_t len = field_value(a->space, skb, a->facts->len);
	uint8_t head[HEADER_LEN];
	struct err ignored;

	/* The message says its length with its header or, as auditd wants it, without. */
	if (len <= HEADER_LEN || len > RECORD_MAX ||
	    !space_read(a->space, data, head, sizeof(head), &ignored) || get_u32(head) > len ||
	    get_u32(head) < len - HEADER_LEN)
		return false;
	*m = (struct message){ get_u16(head + 4), data + HEADER_LEN, len - HEADER_LEN };
	return true;
}

/* What a report does not show of such a record; NULL: it shows it. */
static const char *secret_of(const struct audit *a, uint32_t type)
{
	if (type == TTY || type == USER_TTY)
		return "what was typed";
	if (a->without_args && (type == USER_CMD || type == EXECVE || type == PROCTITLE))
		return "a command line";
	return NULL;
}

/* False: it cannot be read. Secrets are not: reports go to more people than dumps. */
static bool take_record(struct audit *a, const struct message *m, struct audit_record *to)
{
	size_t text_len = min_u64(m->len, AUDIT_TEXT - 1);
	const char *secret = secret_of(a, m->type);
	struct err ignored;

	to->type = m->type;
	if (secret) {
		snprintf(to->text, sizeof(to->text), "%u bytes of %s, not shown",
			 (unsigned)m->len, secret);
		return true;
	}
	if (!space_read(a->space, m->text, to->text, text_len, &ignored))
		return false;
	to->text[text_len] = '\0';
	for (char *c = to->text; *c; c++)
		*c = printable(*c);
	return to->text[0];
}

static bool take(struct audit *a, vaddr_t skb, const char *queue, bool is_new)
{
	struct audit_record *to = &a->list[a->n];
	struct message m;

	if (!read_header(a, skb, &m))
		return false;
	if (m.type == END_OF_EVENT)
		return true;
	if (!is_new) {
		a->n_more++;
		return true;
	}
	to->queue = queue;
	if (!take_record(a, &m, to))
		return false;
	a->n++;
	return true;
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
		if (bounds_over(a->bounds) ||
		    !space_read_u64(a->space, at + a->facts->next.off, &at, &ignored)) {
			a->cut = true;
			return;
		}
		a->cut |= !take(a, at, names[which], n - i <= AUDIT_SHOWN);
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
