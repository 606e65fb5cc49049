/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crypt/sealed: no key and nonce come twice, whatever is appended in whichever pieces, also
 * where a write fails; what was sealed opens, and what was changed is seen.
 */
#include <errno.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/out.h"
#include "crypt/sealed.h"
#include "t.h"

#define N_FILES 60u
#define FILE_MAX (6u << 16)
#define USES_MAX 4096u

/* A file in memory, and each chunk that was sealed for it: of which key, of which number. */
struct use {
	uint8_t key[32];
	uint64_t nr;
};

struct memory_file {
	struct out out;
	struct sealed *sealed;
	struct use *uses;
	unsigned *n_uses;
	unsigned fails_at;	/* that write, counted from 1; 0: none */
	unsigned n_writes;
	uint64_t len;
	uint8_t bytes[FILE_MAX + 8192];
};

static bool write_at(struct out *o, uint64_t off, const void *buf, size_t len, struct err *e)
{
	struct memory_file *f = (struct memory_file *)o;
	struct use *use = &f->uses[*f->n_uses];

	/* The header comes first; all else is a chunk, which went through the cipher. */
	if (f->n_writes++ && *f->n_uses < USES_MAX) {
		memcpy(use->key, f->sealed->payload.key, sizeof(use->key));
		use->nr = (off - f->sealed->header_len) / AGE_SEALED_CHUNK;
		++*f->n_uses;
	}
	if (f->n_writes == f->fails_at)
		return fail(e, EIO, "it fails");
	T_EQUAL("it only grows", f->len, off);
	memcpy(f->bytes + off, buf, len);
	f->len = off + len;
	return true;
}

static bool read_at(struct out *o, uint64_t off, void *buf, size_t len, struct err *e)
{
	struct memory_file *f = (struct memory_file *)o;

	if (off > f->len || len > f->len - off)
		return fail(e, EIO, "there is nothing");
	memcpy(buf, f->bytes + off, len);
	return true;
}

static const struct out_ops ops = { .write_at = write_at, .read_at = read_at,
				    .reread = read_at };

static uint8_t chunk[AGE_SEALED_CHUNK], seen[AGE_SEALED_CHUNK], plain[FILE_MAX],
	back[AGE_SEALED_CHUNK];
static struct use uses[USES_MAX];
static struct memory_file file;

static bool begin(struct sealed *s, unsigned *n_uses, unsigned fails_at)
{
	struct age_recipients to = { .keys = { { 9 } }, .n = 1 };
	struct err e;

	memset(&file, 0, sizeof(file));
	file.out.ops = &ops;
	file.out.name = "file";
	file.sealed = s;
	file.uses = uses;
	file.n_uses = n_uses;
	file.fails_at = fails_at;
	*s = (struct sealed){ .chunk = chunk, .seen = seen };
	return T_CHECK("it begins", sealed_begin(s, &file.out, &to, &e));
}

/* In pieces of all lengths; goes on after a failure, as nobody should. */
static bool append_all(struct sealed *s, size_t len, unsigned seed)
{
	bool ok = true;
	struct err e;

	for (size_t at = 0, n; at < len; at += n) {
		n = min_u64(len - at, seed * 7919u % 70000u + 1);
		seed = seed * 31 + 7;
		ok &= sealed_append(s, plain + at, n, &e);
	}
	ok &= sealed_end(s, &e);
	return ok & sealed_end(s, &e);
}

/* What lies there opens, chunk by chunk, to what was appended. */
static bool opens(const struct sealed *s, size_t len)
{
	uint8_t *at = file.bytes + s->header_len;

	for (uint64_t nr = 0; nr < s->n_sealed; nr++, at += AGE_SEALED_CHUNK) {
		size_t n = min_u64(len - nr * AGE_CHUNK, AGE_CHUNK);

		memcpy(back, at, n + AGE_TAG);
		if (!age_unseal(&s->payload, nr, nr + 1 == s->n_sealed, back, n + AGE_TAG) ||
		    memcmp(back, plain + nr * AGE_CHUNK, n))
			return false;
	}
	return at == file.bytes + s->header_len + s->n_sealed * AGE_SEALED_CHUNK;
}

/* A byte that is another one on the medium, in any chunk: of what was sealed, or its tag. */
static void test_flipped(struct sealed *s, size_t len)
{
	struct err e;

	for (uint64_t nr = 0; nr < s->n_sealed; nr++) {
		uint64_t from = s->header_len + nr * AGE_SEALED_CHUNK;
		uint64_t end = min_u64(from + AGE_SEALED_CHUNK, file.len);
		const uint64_t places[] = { from, (from + end) / 2, end - AGE_TAG, end - 1 };

		for (size_t i = 0; i < T_SIZE(places); i++) {
			file.bytes[places[i]] ^= 1;
			s->seen_nr = 0;
			T_CHECK("what was changed is seen", !sealed_check(s, 0, len, &e));
			T_EQUAL("what was changed is seen", EIO, e.code);
			file.bytes[places[i]] ^= 1;
		}
	}
	T_CHECK("and is right again", sealed_check(s, 0, len, &e));
}

static int by_use(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct use));
}

static void test_uses(void)
{
	unsigned n_uses = 0, n_same = 0;
	struct sealed s;
	struct err e;

	for (unsigned i = 0; i < N_FILES; i++) {
		size_t len = i % 5 * AGE_CHUNK + i % 3 * 777;
		unsigned fails_at = i % 4 == 3 ? i % 7 + 2 : 0;
		bool ok;

		if (!begin(&s, &n_uses, fails_at))
			return;
		ok = append_all(&s, len, i + 1);
		if (fails_at && file.n_writes >= fails_at) {
			T_CHECK("a write that failed is not forgotten", !ok);
			continue;
		}
		T_CHECK("it is sealed", ok);
		T_CHECK("it is there", sealed_check(&s, 0, len, &e));
		T_CHECK("and opens", opens(&s, len));
		T_CHECK("nothing may follow", !sealed_append(&s, plain, 1, &e));
		if (len)
			test_flipped(&s, len);
	}
	qsort(uses, n_uses, sizeof(uses[0]), by_use);
	for (unsigned i = 1; i < n_uses; i++)
		n_same += !by_use(&uses[i - 1], &uses[i]);
	T_CHECK("chunks were sealed", n_uses > N_FILES);
	T_EQUAL("keys and nonces that came twice", 0, n_same);
}

static void test_broken(void)
{
	const struct age_recipients none = { .n = 0 };
	struct age_recipients broken = { .keys = { { 9 } }, .n = 1, .is_broken = true };
	struct age_recipients weak = { .n = 1 };
	uint8_t header[AGE_HEADER_MAX];
	struct age_payload payload;
	size_t len;
	struct err e;

	T_CHECK("no recipient", !age_begin(&none, &payload, header, &len, &e));
	T_CHECK("one of them is none", !age_begin(&broken, &payload, header, &len, &e));
	T_CHECK("a point that keeps no secret", !age_begin(&weak, &payload, header, &len, &e));
}

/* Of crypt/age_works.c. */
static const char other_key[] =
	"AGE-SECRET-KEY-1CAGD3T4DHURED5DTDAGX0QVMXPQUXG9K0CG3ATAZMJKFQR39V8RQCDHPLT";

/* Stanzas of other kinds are nobody's that we know, and have their form all the same. */
static void test_other_stanzas(void)
{
	static const struct { const char *row, *stanza; int code; } rows[] = {
		{ "none", "", EACCES },
		{ "one of another kind", "-> kind a ~!\nAAAA\n", EACCES },
		{ "an empty body", "-> kind\n\n", EACCES },
		{ "no word", "-> \n\n", EINVAL },
		{ "two blanks", "-> kind  a\n\n", EINVAL },
		{ "a blank at the end", "-> kind \n\n", EINVAL },
		{ "a letter that is none", "-> kind \x7f\n\n", EINVAL },
		{ "a body with padding", "-> kind\nAA==\n", EINVAL },
		{ "bits that are left over", "-> kind\nAB\n", EINVAL },
		{ "a letter too many", "-> kind\nAAAAA\n", EINVAL },
	};
	const struct age_recipients to = { .keys = { { 9 } }, .n = 1 };
	uint8_t header[AGE_HEADER_MAX + 100];
	struct age_payload payload;
	size_t len, more, version = strlen("age-encryption.org/v1\n");
	struct age_identity nobody;
	struct err e;

	if (!T_CHECK("a key", age_identity_parse(other_key, &nobody, &e)))
		return;
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		T_CHECK(rows[i].row, age_begin(&to, &payload, header, &len, &e));
		more = strlen(rows[i].stanza);
		memmove(header + version + more, header + version, len - version);
		memcpy(header + version, rows[i].stanza, more);
		len += more;
		T_CHECK(rows[i].row, !age_open(header, len, &nobody, &payload, &len, &e));
		T_EQUAL(rows[i].row, rows[i].code, e.code);
	}
}

/* What does not open may open as the last one, or not the last. */
static void test_stays(void)
{
	const struct age_payload payload = { .key = { 7 } };
	uint8_t text[40] = "it is in place", sealed[40];

	age_seal(&payload, 3, true, text, 24);
	memcpy(sealed, text, sizeof(text));
	T_CHECK("it is the last one", !age_unseal(&payload, 3, false, text, 40));
	T_CHECK("it stays as it was", !memcmp(sealed, text, sizeof(text)));
	T_CHECK("so it opens", age_unseal(&payload, 3, true, text, 40));
	T_TEXT("and is what it was", "it is in place", (const char *)text);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(plain); i++)
		plain[i] = i * 31 + (i >> 8);
	test_uses();
	test_broken();
	test_other_stanzas();
	test_stays();
	return t_done();
}
