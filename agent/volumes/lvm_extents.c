/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * LVM's metadata on a disk: a label (lib/label/label.h of LVM2), behind it where the areas
 * are, and in each the place of a text in a ring (lib/format_text/layout.h). Of that text one
 * volume's segments are summed up (FNV-1a); nothing else of it is understood.
 */
#include "lvm_extents.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"

#define SECTOR 512
#define TEXT_MAX (256u << 10)
#define MDA_MAGIC " LVM2 x[5A%r0N*>"
#define MAX_AREAS 8
#define FNV_START 0xcbf29ce484222325ull
#define FNV_PRIME 0x100000001b3ull

static bool is_id(const char *at, const char *lv)
{
	for (; *lv; at++) {
		if (*at == '-')
			continue;
		if (*at != *lv++)
			return false;
	}
	return *at == '"';
}

/* From its segments on, to the bracket that ends the volume. */
static bool sum_segments(struct lvm_extents *x, const char *at)
{
	unsigned depth = 0;

	at = strstr(at, "segment_count");
	x->sum = FNV_START;
	for (; at && *at; at++) {
		if (*at == '}' && !depth--)
			return true;
		depth += *at == '{';
		x->sum = (x->sum ^ (uint8_t)*at) * FNV_PRIME;
	}
	return false;
}

bool lvm_extents_parse(struct lvm_extents *x, const char *text, const char lv[LVM_ID])
{
	static const char id[] = "id = \"";
	const char *seqno = strstr(text, "seqno = ");

	x->seqno = seqno ? strtoull(seqno + strlen("seqno = "), NULL, 10) : 0;
	for (const char *at = text; (at = strstr(at, id)); ) {
		at += strlen(id);
		if (is_id(at, lv))
			return sum_segments(x, at);
	}
	return false;
}

/* The text is in a ring that begins behind the area's header. */
static bool read_text_of(int fd, uint64_t area, char text[TEXT_MAX])
{
	uint8_t header[SECTOR];
	uint64_t size, off, len, first;
	struct err ignored;

	if (!pread_all(fd, header, sizeof(header), area, "", &ignored) ||
	    memcmp(header + 4, MDA_MAGIC, 16))
		return false;
	size = get_u64(header + 32);
	off = get_u64(header + 40);
	len = get_u64(header + 48);
	if (off < SECTOR || off >= size || !len || len >= TEXT_MAX || len > size - SECTOR)
		return false;
	first = min_u64(len, size - off);
	text[len] = '\0';
	return pread_all(fd, text, first, area + off, "", &ignored) &&
	       (first == len || pread_all(fd, text + first, len - first, area + SECTOR, "",
					  &ignored));
}

/* Lists of {offset, length}, each with zeroes behind: data areas, then those of metadata. */
static bool read_areas(struct lvm_extents *x, int fd, const uint8_t *at, const char *lv)
{
	char text[TEXT_MAX];
	unsigned list = 0, n = 0;

	for (; list < 2 && n < 2 * MAX_AREAS; n++, at += 16) {
		uint64_t off = get_u64(at);

		if (!off)
			list++;
		else if (list && read_text_of(fd, off, text) &&
			 lvm_extents_parse(x, text, lv))
			return true;
	}
	return false;
}

bool lvm_extents_read(struct lvm_extents *x, int fd, const char lv[LVM_ID])
{
	/* The lists may be cut: what is behind the sectors are zeroes, which end them. */
	uint8_t head[4 * SECTOR + 40 + 32 * MAX_AREAS] = { 0 };
	struct err ignored;

	if (!pread_all(fd, head, 4 * SECTOR, 0, "", &ignored))
		return false;
	for (unsigned i = 0; i < 4; i++) {
		const uint8_t *label = head + i * SECTOR;

		if (!memcmp(label, "LABELONE", 8) && get_u32(label + 20) <= SECTOR - 40)
			return read_areas(x, fd, label + get_u32(label + 20) + 40, lv);
	}
	return false;
}

void lvm_extents_newer(struct lvm_extents *x, const char *path, const char lv[LVM_ID])
{
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct lvm_extents other;

	if (fd >= 0 && lvm_extents_read(&other, fd, lv) && other.seqno > x->seqno)
		*x = other;
}
