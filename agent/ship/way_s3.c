/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ship s3: a file that fits into a part is one request; a longer one is sent in parts, each of
 * which is remembered when it was taken, so that a later run goes on behind the last one.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "config/config.h"
#include "s3.h"
#include "ship_way.h"
#include "targets/folder_name.h"

#define MAX_PARTS 10000u		/* of one file, that a store takes */
#define MIB (1u << 20)
#define PARTS_RECORD (2u << 20)
#define PATIENCE 10			/* with a store that puts parts together */
#define PART_XML 160			/* of a part, when all are put together */

struct own {
	struct s3 s3;
	uint8_t *part;		/* room for one */
	size_t part_len;
};

/* One file that is sent in parts. */
struct upload {
	struct own *own;
	struct ship_job *job;
	const struct ship_file *file;
	const char *path;
	size_t part_len;
	char id[256];		/* by the store, as an address has it */
	bool is_new;		/* nothing that it replaces is known */
	struct crash_record record;
};

static bool is(const struct config *config)
{
	return shipping_is_s3(config->ship.to);
}

/* A file may be so long that parts have to be longer than was asked for. */
static size_t part_len_of(const struct own *own, uint64_t len)
{
	size_t least = (len / MAX_PARTS + MIB) / MIB * MIB;

	return own->part_len > least ? own->part_len : least;
}

static bool open_way(struct ship_job *j, struct err *e)
{
	const struct shipping *to = &j->config->ship;
	struct own *own = arena_take(j->arena, 1, sizeof(*own), "S3 store", e);
	const char *region = getenv("AWS_REGION");
	struct s3 *s3;

	if (!own || !shipping_parse_s3(&own->s3.place, to->to, e))
		return false;
	s3 = &own->s3;
	if (!s3->place.is_secure && !s3->place.is_here && !j->config->insecure)
		return fail(e, EPERM, "ship %s: anybody on the way could read it; use https, "
			    "or say 'insecure yes'", to->to);
	s3->region = to->region[0] ? to->region : region && *region ? region : "us-east-1";
	s3->way = (struct curl_way){ .is_secure = s3->place.is_secure,
				     .rate_kib = to->rate_kib, .alive = j->alive,
				     .stall_s = 2 * j->config->stall_s };
	own->part_len = (size_t)to->part_mib * MIB;
	j->own = own;
	return s3_keys_find(&s3->keys, s3->region, j->alive, &s3->a, e) ||
	       within(e, "no keys for the store");
}

/* ---- what is there already --------------------------------------------------- */

/*
 * 1: this very file; 0: nothing, or what we have sent there ourselves; -1: e says what is
 * wrong. Who may only write is not told, and sends.
 */
static int look(struct own *own, struct ship_job *j, const struct ship_sending *s,
		const char *path, const struct s3_bytes *whole, struct err *e)
{
	const struct s3_ask ask = { .method = "HEAD", .path = path, .query = "" };
	char len[32], wanted[32], sha[SHIP_SHA_LEN], tag[S3_TAG_MAX];
	struct err other;

	if (!s3_send(&own->s3, &ask, e))
		return -1;
	if (own->s3.a.status == 404 || own->s3.a.status == 403)
		return 0;
	if (own->s3.a.status != 200)
		return s3_refused(&own->s3, path, e), -1;
	curl_header(&own->s3.a, "Content-Length", len, sizeof(len));
	curl_header(&own->s3.a, "x-amz-meta-sha256", sha, sizeof(sha));
	snprintf(wanted, sizeof(wanted), "%" PRIu64, s->file->len);
	if (!strcmp(sha, s->file->sha))
		return !strcmp(len, wanted) &&
		       (!whole || s3_tag_is_right(&own->s3, whole, tag, &other));
	if (ship_was_ours(j, s, sha))
		return 0;
	err_set(e, EEXIST, "%s: has other bytes at %s than %s/%s here; they were left alone",
		own->s3.place.host, path, s->file->folder, s->file->name);
	return -1;
}

/* By the answer to look(): there is nothing that we would replace, or we are not told. */
static bool is_new(const struct own *own)
{
	return own->s3.a.status == 404 || own->s3.a.status == 403;
}

/* ---- a file in one piece ----------------------------------------------------- */

static bool put_whole(struct own *own, struct ship_job *j, struct ship_sending *s,
		      const char *path, struct err *e)
{
	const struct ship_file *f = s->file;
	const struct s3_bytes bytes = { own->part, f->len };
	struct s3_ask ask = { "PUT", path, "", &bytes, f->sha, false };
	struct ship_reader r;
	char tag[S3_TAG_MAX];
	int there;

	ship_reader_begin(&r, f, 0, j->alive);
	if (!ship_read(&r, own->part, f->len, e) || !ship_reader_agrees(&r, e))
		return false;
	there = look(own, j, s, path, &bytes, e);
	s->was_there = there > 0;
	if (there)
		return there > 0;
	ask.is_new = is_new(own);
	if (!s3_send(&own->s3, &ask, e))
		return false;
	if (own->s3.a.status != 200)
		return s3_refused(&own->s3, path, e);
	return s3_tag_is_right(&own->s3, &bytes, tag, e);
}

/* ---- a file in parts --------------------------------------------------------- */

/* The first line of an upload's record, up to the store's id of it. */
static void begins(const struct upload *u, char line[RECORD_LINE])
{
	snprintf(line, RECORD_LINE, "upload %s %s %" PRIu64 " %s %zu ", u->job->id,
		 u->file->name, u->file->len, u->file->sha, u->part_len);
}

/* Asks for an upload; what was begun before goes on if it is of the same bytes. */
static bool begin(struct upload *u, bool *is_resumed, struct err *e)
{
	const struct s3_bytes nothing = { "", 0 };
	const struct s3_ask ask = { "POST", u->path, "uploads=", &nothing, u->file->sha,
				    false };
	char line[RECORD_LINE], id[RECORD_LINE], raw[sizeof(u->id)];

	begins(u, line);
	*is_resumed = crash_record_line(&u->record, line, 0, id);
	if (*is_resumed) {
		snprintf(u->id, sizeof(u->id), "%s", id + strlen(line));
		return true;
	}
	if (!crash_record_remove(&u->record, e) || !s3_send(&u->own->s3, &ask, e))
		return false;
	if (u->own->s3.a.status != 200)
		return s3_refused(&u->own->s3, u->path, e);
	curl_element(&u->own->s3.a, "UploadId", raw, sizeof(raw));
	if (!raw[0] || !curl_escape(raw, "", u->id, sizeof(u->id)))
		return fail(e, EPROTO, "%s: the store names no upload", u->own->s3.place.host);
	if (strlen(line) + strlen(u->id) >= RECORD_LINE)
		return fail(e, EPROTO, "%s: an upload with too long a name",
			    u->own->s3.place.host);
	return crash_record_add(&u->record, strcat(line, u->id), e);
}

/* Its ETag, of one that was taken; false: it was not, yet. */
static bool has_part(const struct upload *u, unsigned nr, char tag[S3_TAG_MAX])
{
	char begin_of_line[32], line[RECORD_LINE];

	snprintf(begin_of_line, sizeof(begin_of_line), "part %u ", nr);
	if (!crash_record_line(&u->record, begin_of_line, 0, line))
		return false;
	snprintf(tag, S3_TAG_MAX, "%s", line + strlen(begin_of_line));
	return true;
}

static bool put_part(struct upload *u, unsigned nr, size_t len, struct err *e)
{
	const struct s3_bytes bytes = { u->own->part, len };
	char query[sizeof(u->id) + 48], tag[S3_TAG_MAX], line[RECORD_LINE];
	const struct s3_ask ask = { "PUT", u->path, query, &bytes, NULL, false };

	snprintf(query, sizeof(query), "partNumber=%u&uploadId=%s", nr, u->id);
	if (!s3_send(&u->own->s3, &ask, e))
		return false;
	if (u->own->s3.a.status != 200)
		return s3_refused(&u->own->s3, u->path, e);
	if (!s3_tag_is_right(&u->own->s3, &bytes, tag, e))
		return false;
	if (!tag[0] || strpbrk(tag, "<>&"))
		return fail(e, EPROTO, "%s: the store gives part %u no name",
			    u->own->s3.place.host, nr);
	snprintf(line, sizeof(line), "part %u %s", nr, tag);
	return crash_record_add(&u->record, line, e);
}

/* Those that were taken are read all the same: the whole must be what its sum says. */
static bool put_parts(struct upload *u, struct err *e)
{
	struct ship_reader r;
	char tag[S3_TAG_MAX];
	unsigned nr = 1;

	ship_reader_begin(&r, u->file, 0, u->job->alive);
	for (; r.off < u->file->len; nr++) {
		size_t len = min_u64(u->part_len, u->file->len - r.off);

		if (!ship_read(&r, u->own->part, len, e))
			return false;
		if (!has_part(u, nr, tag) && !put_part(u, nr, len, e))
			return false;
	}
	return ship_reader_agrees(&r, e);
}

static bool put_together(struct upload *u, struct err *e)
{
	char query[sizeof(u->id) + 16], tag[S3_TAG_MAX], *xml = (char *)u->own->part;
	size_t size = u->part_len, len = 0;
	struct s3_bytes bytes = { xml, 0 };
	const struct s3_ask ask = { "POST", u->path, query, &bytes, NULL, u->is_new };
	bool ok;

	snprintf(query, sizeof(query), "uploadId=%s", u->id);
	len += snprintf(xml, size, "<CompleteMultipartUpload>");
	for (unsigned nr = 1; has_part(u, nr, tag) && len + PART_XML + 40 < size; nr++)
		len += snprintf(xml + len, size - len, "<Part><PartNumber>%u</PartNumber>"
				"<ETag>\"%s\"</ETag></Part>", nr, tag);
	len += snprintf(xml + len, size - len, "</CompleteMultipartUpload>");
	bytes.len = len;
	/* That may take the store a while. */
	u->own->s3.way.stall_s *= PATIENCE;
	ok = s3_send(&u->own->s3, &ask, e);
	u->own->s3.way.stall_s /= PATIENCE;
	if (!ok)
		return false;
	/* It may find out late that it cannot, having said 200 long before. */
	if (u->own->s3.a.status != 200 || strstr(u->own->s3.a.body, "<Error>"))
		return s3_refused(&u->own->s3, u->path, e);
	return true;
}

static bool is_gone(const struct upload *u)
{
	char code[32];

	curl_element(&u->own->s3.a, "Code", code, sizeof(code));
	return u->own->s3.a.status == 404 || !strcmp(code, "NoSuchUpload");
}

static bool upload(struct upload *u, struct ship_sending *s, struct err *e)
{
	struct err ignored;
	bool is_resumed, ok;
	int there;

	ok = begin(u, &is_resumed, e) && put_parts(u, e) && put_together(u, e);
	if (!ok && is_resumed && is_gone(u)) {
		/* The store keeps what was begun for some days only. */
		ok = crash_record_remove(&u->record, e) && begin(u, &is_resumed, e) &&
		     put_parts(u, e) && put_together(u, e);
	}
	/* Parts that it does not want are sent again by the next run, and not for ever. */
	if (!ok && (u->own->s3.a.status == 400 || u->own->s3.a.status == 200 ||
		    u->own->s3.a.status == 412))
		crash_record_remove(&u->record, &ignored);
	if (!ok)
		return false;
	there = look(u->own, u->job, s, u->path, NULL, e);
	if (there < 0 || (!there && u->own->s3.a.status != 403)) {
		crash_record_remove(&u->record, &ignored);
		return there >= 0 &&
		       fail(e, SHIP_REFUSED, "%s: %s was put together, and is not there",
			    u->own->s3.place.host, u->path);
	}
	return crash_record_remove(&u->record, e);
}

static bool put_in_parts(struct own *own, struct ship_job *j, struct ship_sending *s,
			 const char *path, struct err *e)
{
	struct upload u = { .own = own, .job = j, .file = s->file, .path = path,
			    .part_len = part_len_of(own, s->file->len) };
	int there = look(own, j, s, path, NULL, e);
	char name[FOLDER_NAME_MAX + SINK_NAME_MAX + 16];

	s->was_there = there > 0;
	if (there)
		return there > 0;
	u.is_new = is_new(own);
	snprintf(name, sizeof(name), "%s.%s.parts", s->file->folder, s->file->name);
	return crash_record_load(&u.record, j->root, name, PARTS_RECORD, j->arena, e) &&
	       upload(&u, s, e);
}

static bool send_file(struct ship_job *j, struct ship_sending *s, struct err *e)
{
	struct own *own = j->own;
	size_t mark = arena_mark(j->arena);
	char path[S3_PATH_MAX];
	bool ok;

	if (!s3_path(&own->s3, s->file, path, e))
		return false;
	own->part = arena_take(j->arena, part_len_of(own, s->file->len), 1, "part of a file",
			       e);
	ok = own->part && (s->file->len <= own->part_len ? put_whole(own, j, s, path, e)
							 : put_in_parts(own, j, s, path, e));
	arena_release(j->arena, mark);
	return ok;
}

const struct ship_way way_s3 = { .is = is, .open = open_way, .send = send_file };
