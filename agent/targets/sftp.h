/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SFTP version 3 (draft-ietf-secsh-filexfer-02) as a client speaks it, over two pipes to
 * somebody who carries the bytes. Writes and reads are many in flight; all else is
 * one question and its answer. Each byte of a reply is hostile: lengths are bounded, only
 * answers to what was asked count, and when no answer comes for stall_s seconds, or a reply
 * makes no sense, the connection is dead for good and every later call says why at once.
 */
#ifndef TARGETS_SFTP_H
#define TARGETS_SFTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "sftp_packet.h"

#define SFTP_WINDOW 64		/* requests in flight */
#define SFTP_CHUNK 32768u	/* bytes of data in one; what every server takes */
#define SFTP_FILES 4		/* open at a time */
#define SFTP_PATH_MAX 512
#define SFTP_HANDLE_MAX 256	/* by the draft */
#define SFTP_PACKET_MAX (65536u + 2048)	/* OpenSSH lists 100 names, however long, at once */
#define SFTP_WORDS_MAX 160	/* of a foreign line that are shown */

enum sftp_kind { SFTP_FREE, SFTP_ASKED, SFTP_WRITTEN, SFTP_READ, SFTP_SYNCED };

/* One request that has not been answered. */
struct sftp_slot {
	enum sftp_kind kind;
	uint32_t id;
	struct sftp_file *file;	/* NULL: it is about none that is open */
	uint64_t off;
	uint32_t len;
	uint8_t *to;		/* where what is read goes */
};

/* A file, or a folder, that is open on the server. */
struct sftp_file {
	struct sftp *on;	/* NULL: this place in the table is free */
	uint8_t handle[SFTP_HANDLE_MAX];
	uint32_t handle_len;
	unsigned n_flight;
	struct err first;	/* of what was in flight; asked for by sftp_drain() */
	bool failed;
};

/* Who carries the bytes. The fds stay the caller's; they are set not to block. */
struct sftp_carrier {
	int to_fd, from_fd;
	int err_fd;		/* what the carrier complains on, -1: nothing */
	const char *peer;	/* to whom, for messages; borrowed */
};

struct sftp {
	struct sftp_carrier carrier;
	double stall_s;
	uint64_t *durable;	/* bytes that the server has confirmed */
	bool can_fsync, can_posix_rename, can_statvfs;

	double moved;		/* when something was last answered or taken */
	uint32_t next_id;
	unsigned n_flight;
	struct sftp_slot slots[SFTP_WINDOW];
	struct sftp_file files[SFTP_FILES];
	struct sftp_slot again[SFTP_WINDOW + 1];	/* what short reads left to be read */
	unsigned n_again;
	bool dead;
	struct err why;
	char said[SFTP_WORDS_MAX];	/* the carrier's last whole line */
	char saying[SFTP_WORDS_MAX];
	size_t saying_len;
	uint8_t answer[SFTP_PACKET_MAX];	/* the reply to the question that was asked */
	size_t answer_len;
	uint8_t answer_type;
	size_t in_len;
	uint8_t in[2 * SFTP_PACKET_MAX];
};

void sftp_init(struct sftp *c, const struct sftp_carrier *carrier, double stall_s,
	       uint64_t *durable);

/* The greeting: which version, and what the server can do beyond it. */
bool sftp_hello(struct sftp *c, struct err *e);

/* ---- for sftp_ask.c, which knows the questions ---- */

/*
 * Sends p as soon as there is a place in the window; the slot says what is to become of the
 * answer.
 */
bool sftp_send(struct sftp *c, struct sftp_packet *p, const struct sftp_slot *want,
	       struct err *e);

/* Sends p and waits for its answer, which is then in c->answer. */
bool sftp_ask(struct sftp *c, struct sftp_packet *p, struct err *e);

/* Waits until no more than n requests of that file are in flight. */
bool sftp_await(struct sftp_file *f, unsigned n, struct err *e);

/* The connection is of no more use; always false. */
bool sftp_die(struct sftp *c, int code, const char *what, struct err *e);

#endif
