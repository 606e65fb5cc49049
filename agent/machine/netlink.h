/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions and orders to the kernel's routing and link tables (rtnetlink). Builds
 * messages, waits for the answer, at most a few seconds; knows nothing of what is in
 * them.
 */
#ifndef MACHINE_NETLINK_H
#define MACHINE_NETLINK_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

struct netlink {
	int fd;
	uint32_t seq;
};

#define NETLINK_CLOSED { .fd = -1 }

struct nl_msg {
	union {
		struct nlmsghdr head;
		uint8_t bytes[1024];
	};
	bool too_long;
};

bool netlink_open(struct netlink *nl, struct err *e);
void netlink_close(struct netlink *nl);

/* A message with its fixed part; flags besides NLM_F_REQUEST. */
void nl_begin(struct nl_msg *m, uint16_t type, uint16_t flags, const void *body, size_t len);
void nl_put(struct nl_msg *m, uint16_t type, const void *data, size_t len);
void nl_put_u32(struct nl_msg *m, uint16_t type, uint32_t value);
void nl_put_text(struct nl_msg *m, uint16_t type, const char *text);
/* What is put between the two lies inside an attribute of that type. */
size_t nl_nest_begin(struct nl_msg *m, uint16_t type);
void nl_nest_end(struct nl_msg *m, size_t nest);

/* Sends, and waits for the kernel's yes or no; its reason is in the error. */
bool netlink_request(struct netlink *nl, struct nl_msg *m, struct err *e);

/* Who reads the answer. */
struct nl_reader {
	uint16_t want;		/* the type of message that it reads */
	void (*each)(const struct nlmsghdr *h, void *arg);
	void *arg;
};

/* Asks one question; the reader gets the answer. */
bool netlink_ask(struct netlink *nl, struct nl_msg *m, const struct nl_reader *reader,
		 struct err *e);

/* Asks for a table; the reader gets each row of it. */
bool netlink_dump(struct netlink *nl, struct nl_msg *m, const struct nl_reader *reader,
		  struct err *e);

/* An attribute's bytes, inside of the message or of another attribute. */
struct nl_bytes {
	const uint8_t *at;
	size_t len;
};

/* All attributes behind a fixed part of body_len bytes. */
struct nl_bytes nl_attributes(const struct nlmsghdr *h, size_t body_len);
/* The first of that type with min_len bytes or more; .at is NULL when there is none. */
struct nl_bytes nl_find(struct nl_bytes in, uint16_t type, size_t min_len);
/* A number in an attribute, 0 when there is none. */
uint32_t nl_u32(struct nl_bytes in, uint16_t type);

#endif
