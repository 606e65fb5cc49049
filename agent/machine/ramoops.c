/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A record as fs/pstore/ram_core.c has it, and what fs/pstore/ram.c puts in front of a text:
 * "====SECONDS.MICROSECONDS-D\n", D as it is not packed. In words of four bytes and aligned,
 * as arm64 maps such memory like a device's; past the caches, which a reset throws away.
 */
#include "ramoops.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "log_end.h"

#define WORD 4u
#define ZONE_LEAST 512u
#define ZONE_MOST (64u << 20)
#define TIME_MAX 40		/* "====1764500001.000000-D\n" */

bool ramoops_parse(struct ramoops_zones *z, const char *text, struct err *e)
{
	uint64_t address, len;
	unsigned n;
	char end;

	/* Digits: a sign would be one to the scan. */
	if (strncmp(text, "0x", 2) || strspn(text, "0123456789abcdefx,") < strlen(text) ||
	    sscanf(text, "0x%16" SCNx64 ",%10" SCNu64 ",%5u%c", &address, &len, &n, &end) != 3)
		return fail(e, EINVAL, "'%s' is not 0xADDRESS,LENGTH,N of records of ramoops",
			    text);
	if (len < ZONE_LEAST || len > ZONE_MOST || len % WORD || !n || n > RAMOOPS_ZONES_MAX ||
	    address % WORD || address > INT64_MAX - len * n)
		return fail(e, EINVAL, "'%s': 1 to %u records of %u to %u bytes, aligned to %u",
			    text, RAMOOPS_ZONES_MAX, ZONE_LEAST, ZONE_MOST, WORD);
	*z = (struct ramoops_zones){ address, len, n };
	return true;
}

void ramoops_format(const struct ramoops_zones *z, char text[RAMOOPS_TEXT])
{
	snprintf(text, RAMOOPS_TEXT, "0x%" PRIx64 ",%" PRIu64 ",%u", z->address, z->zone_len,
		 z->n);
}

/* ---- one record -------------------------------------------------------------- */

struct zone {
	volatile uint32_t *mark, *start, *len, *data;
	size_t room;
};

static struct zone zone_at(volatile uint32_t *at, size_t zone_len)
{
	return (struct zone){ at, at + 1, at + 2, at + RAMOOPS_HEAD / WORD,
			      zone_len - RAMOOPS_HEAD };
}

static bool is_ramoops(const struct zone *zone)
{
	return *zone->mark == RAMOOPS_MARK;
}

/* Its length goes in behind its text: whoever finds none of it finds an empty record. */
static bool put(const struct zone *zone, const char *text, size_t len)
{
	uint32_t word;
	bool same = true;

	for (size_t at = 0; at < len; at += WORD) {
		word = 0;
		memcpy(&word, text + at, min_u64(WORD, len - at));
		zone->data[at / WORD] = word;
	}
	*zone->start = 0;
	__sync_synchronize();
	for (size_t at = 0; at < len && same; at += WORD) {
		word = zone->data[at / WORD];
		same = !memcmp(&word, text + at, min_u64(WORD, len - at));
	}
	if (same)
		*zone->len = len;
	__sync_synchronize();
	return same && *zone->len == len;
}

/* ---- all of them ------------------------------------------------------------- */

struct window {
	void *map;
	size_t len;
	volatile uint32_t *zones;
};

static bool open_window(struct window *w, const char *mem, const struct ramoops_zones *z,
			struct err *e)
{
	uint64_t before = z->address % sysconf(_SC_PAGESIZE);
	cleanup_fd int fd = open(mem, O_RDWR | O_SYNC | O_CLOEXEC);

	if (fd < 0)
		return fail(e, errno, "%s: %s", mem, strerror(errno));
	w->len = before + z->zone_len * z->n;
	w->map = mmap(NULL, w->len, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		      z->address - before);
	if (w->map == MAP_FAILED)
		return fail(e, errno, "%s: cannot map 0x%" PRIx64 ": %s", mem, z->address,
			    strerror(errno));
	w->zones = (volatile uint32_t *)((char *)w->map + before);
	return true;
}

/* Its time and a piece of the log, into the record. */
static bool keep_piece(const struct zone *zone, const struct log_end *log,
		       struct log_end_kept *kept, struct err *e)
{
	char text[TIME_MAX + LOG_END_HEAD_MAX + LOG_END_MAX];
	int time_len = snprintf(text, TIME_MAX, "====%lld.000000-D\n", (long long)log->when);
	struct log_end_piece piece = log_end_next(log, kept, text + time_len,
						  min_u64(zone->room, sizeof(text)) - time_len);

	if (!put(zone, text, time_len + piece.len))
		return fail(e, EIO, "a record is not what was written into it");
	log_end_took(log, kept, piece.log_len);
	return true;
}

static bool keep_pieces(const struct window *w, const struct ramoops_zones *z,
			const struct log_end *log, struct log_end_kept *kept, struct err *e)
{
	unsigned n_ours = 0;

	for (unsigned i = 0; i < z->n && kept->len < log->len; i++) {
		struct zone zone = zone_at(w->zones + i * (z->zone_len / WORD), z->zone_len);

		if (monotonic_seconds() >= log->until)
			return kept->n || fail(e, ETIMEDOUT, "no time is left for ramoops");
		if (!is_ramoops(&zone))
			continue;
		n_ours++;
		if (*zone.len)
			continue;
		if (!keep_piece(&zone, log, kept, e)) {
			kept->refused = true;
			return kept->n;
		}
	}
	if (!n_ours)
		return fail(e, ENXIO, "at 0x%" PRIx64 " is no record of ramoops", z->address);
	return kept->n || fail(e, EEXIST, "all records of ramoops are of earlier crashes, "
			       "which nobody has fetched (crashbox pstore)");
}

bool ramoops_write(const char *mem, const struct ramoops_zones *z, const struct log_end *log,
		   struct log_end_kept *kept, struct err *e)
{
	struct window w;
	bool ok;

	*kept = (struct log_end_kept){ 0 };
	if (!open_window(&w, mem, z, e))
		return false;
	ok = keep_pieces(&w, z, log, kept, e);
	munmap(w.map, w.len);
	return ok;
}
