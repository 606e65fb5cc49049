/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How SFTP puts a request into bytes, and what the bytes of a reply hold. */
#ifndef TARGETS_SFTP_PACKET_H
#define TARGETS_SFTP_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor;

/* A request being put together; `over` when it did not fit. */
struct sftp_packet {
	uint8_t bytes[2048];
	size_t len;
	const void *data;	/* goes behind it, and is not copied */
	size_t data_len;
	bool over;
};

/* Starts p as a request of that type; its id is given when it is sent. */
void sftp_request(struct sftp_packet *p, uint8_t type);

void sftp_put_u32(struct sftp_packet *p, uint32_t v);
void sftp_put_u64(struct sftp_packet *p, uint64_t v);
void sftp_put_bytes(struct sftp_packet *p, const void *bytes, size_t len);
void sftp_put_string(struct sftp_packet *p, const char *text);

/* It is complete, but for its data, which are sent behind it. */
void sftp_address(struct sftp_packet *p, uint32_t id);

/* What a reply holds; false at its end. */
bool sftp_get_u32(struct cursor *r, uint32_t *v);
bool sftp_get_u64(struct cursor *r, uint64_t *v);
bool sftp_get_bytes(struct cursor *r, const uint8_t **bytes, uint32_t *len);

/* The code of errno that a status stands for, 0 for success. */
int sftp_errno(uint32_t status);
const char *sftp_status_name(uint32_t status);

#endif
