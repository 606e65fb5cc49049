/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets of SFTP. Everything is big-endian, and a string has its length in front. */
#include "sftp_packet.h"

#include <errno.h>
#include <string.h>

#include "base/bytes.h"

/* ---- requests --------------------------------------------------------------- */

void sftp_put_u32(struct sftp_packet *p, uint32_t v)
{
	uint32_t be = __builtin_bswap32(v);

	if (p->len + 4 > sizeof(p->bytes)) {
		p->over = true;
		return;
	}
	memcpy(p->bytes + p->len, &be, 4);
	p->len += 4;
}

void sftp_put_u64(struct sftp_packet *p, uint64_t v)
{
	sftp_put_u32(p, v >> 32);
	sftp_put_u32(p, (uint32_t)v);
}

void sftp_put_bytes(struct sftp_packet *p, const void *bytes, size_t len)
{
	sftp_put_u32(p, len);
	if (p->over || len > sizeof(p->bytes) - p->len) {
		p->over = true;
		return;
	}
	memcpy(p->bytes + p->len, bytes, len);
	p->len += len;
}

void sftp_put_string(struct sftp_packet *p, const char *text)
{
	sftp_put_bytes(p, text, strlen(text));
}

void sftp_request(struct sftp_packet *p, uint8_t type)
{
	p->len = p->data_len = 0;
	p->data = NULL;
	p->over = false;
	sftp_put_u32(p, 0);	/* length and id are sftp_address()'s */
	p->bytes[p->len++] = type;
	sftp_put_u32(p, 0);
}

static void put_at(struct sftp_packet *p, size_t at, uint32_t v)
{
	uint32_t be = __builtin_bswap32(v);

	memcpy(p->bytes + at, &be, 4);
}

void sftp_address(struct sftp_packet *p, uint32_t id)
{
	put_at(p, 0, p->len - 4 + p->data_len);
	put_at(p, 5, id);
}

/* ---- replies ---------------------------------------------------------------- */

bool sftp_get_u32(struct cursor *r, uint32_t *v)
{
	const uint8_t *at;

	if (!cursor_take(r, 4, &at))
		return false;
	*v = __builtin_bswap32(get_u32(at));
	return true;
}

bool sftp_get_u64(struct cursor *r, uint64_t *v)
{
	uint32_t high, low;

	if (!sftp_get_u32(r, &high) || !sftp_get_u32(r, &low))
		return false;
	*v = (uint64_t)high << 32 | low;
	return true;
}

bool sftp_get_bytes(struct cursor *r, const uint8_t **bytes, uint32_t *len)
{
	return sftp_get_u32(r, len) && cursor_take(r, *len, bytes);
}

int sftp_errno(uint32_t status)
{
	static const int codes[] = { 0, EIO, ENOENT, EACCES, EIO, EPROTO, ENOTCONN,
				     ECONNRESET, EOPNOTSUPP };

	return status < sizeof(codes) / sizeof(codes[0]) ? codes[status] : EIO;
}

const char *sftp_status_name(uint32_t status)
{
	static const char *const names[] = {
		"success", "end of file", "no such file", "permission denied", "failure",
		"bad message", "no connection", "connection lost", "not supported",
	};

	return status < sizeof(names) / sizeof(names[0]) ? names[status] : "unknown status";
}
