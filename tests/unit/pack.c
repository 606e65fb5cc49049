/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Archives and streams: what goes in comes out, at every length, and nothing beside it. */
#include "image/pack.h"

#include <sys/stat.h>

#include "base/arena.h"
#include "base/err.h"
#include "image/cpio.h"
#include "t.h"

/* Bytes that can be packed, but not to nothing. */
static void fill(uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		at[i] = t_draw(100) < 50 ? i / 7 : t_draw(256);
}

static void round_trip(const char *codec, size_t len, struct arena *a)
{
	size_t mark = arena_mark(a);
	struct err e = { 0 };
	uint8_t *data = arena_take(a, len + 1, 1, "data", &e);
	uint8_t *back = arena_take(a, len + 1, 1, "back", &e);
	struct unpacking u = { "it", { data, len }, { back, len }, a };
	struct blob packed;
	char row[64];

	snprintf(row, sizeof(row), "%s of %zu bytes", codec, len);
	fill(data, len);
	if (!T_CHECK(row, pack(codec, &u.from, a, &e))) {
		printf("%s\n", e.text);
		return;
	}
	if (strcmp(codec, "none"))
		T_EQUAL(row, 0, u.from.len % 4);
	if (len)
		T_TEXT(row, codec, unpack_codec(&u.from));
	packed = u.from;
	T_CHECK(row, unpack(&u, &e));
	T_EQUAL(row, len, u.to.len);
	T_CHECK(row, !memcmp(data, back, len));
	if (len > 8 && strcmp(codec, "none")) {
		u = (struct unpacking){ "it", packed, { back, len - 1 }, a };
		T_CHECK(row, !unpack(&u, &e));
		packed.len = packed.len / 2;
		u = (struct unpacking){ "it", packed, { back, len }, a };
		T_CHECK(row, !unpack(&u, &e));
		T_CHECK(row, strstr(e.text, "it: ") == e.text);
	}
	arena_release(a, mark);
}

static void test_codecs(struct arena *a)
{
	static const char *const codecs[] = { "zstd", "gzip", "none" };

	for (unsigned i = 0; i < T_SIZE(codecs); i++) {
		for (size_t len = 0; len < 40; len++)
			round_trip(codecs[i], len, a);
		/* One window, and a little more: both kinds of zstd's header. */
		round_trip(codecs[i], 1 << 20, a);
		round_trip(codecs[i], (1 << 20) + 77777, a);
	}
	T_CHECK("xz is only unpacked", !pack_knows("xz"));
	for (const char *at = PACK_CHOICE; *at; at += strcspn(at, "|"), at += *at == '|') {
		char name[16];

		snprintf(name, sizeof(name), "%.*s", (int)strcspn(at, "|"), at);
		T_CHECK("a usage names no other", pack_knows(name) && strstr(PACK_NAMES, name));
	}
	T_CHECK("nobody", !pack_knows("lzma"));
}

/* In so much memory: does an archive of one file fit? Nothing is written behind it. */
static bool fits(size_t cap, size_t data_len)
{
	uint8_t *mem = t_guard("", 0), data[64] = { 0 };
	const struct cpio_file file = { "name", S_IFREG | 0644, .data = { data, data_len } };
	struct cpio c;
	struct err e;
	bool ok;

	t_unguard(mem, 0);
	mem = t_guard((char [4096]){ 0 }, cap);
	cpio_init(&c, mem, cap);
	ok = cpio_add(&c, &file, &e) && cpio_end(&c, &e);
	if (ok)
		T_EQUAL("length", 0, c.len % 4);
	t_unguard(mem, cap);
	return ok;
}

static void test_room(void)
{
	size_t cap = 0;

	while (cap < 4096 && !fits(cap, 13))
		cap++;
	T_CHECK("fits somewhere", cap >= 116 + 16 + 124 && cap < 116 + 16 + 124 + 16);
	for (; cap < 600; cap++)
		T_CHECK("fits in more", fits(cap, 13));
}

static void test_headers(void)
{
	const struct cpio_file dev = { .name = "dev", .mode = S_IFDIR | 0755 };
	const struct cpio_file null = { "dev/null", S_IFCHR | 0666, 1, 3, { NULL, 0 } };
	struct cpio_file file = { "f", S_IFREG | 0600, .data = { (uint8_t *)"12345678", 0 } };
	uint8_t mem[4096];
	struct cpio c;
	struct err e;

	cpio_init(&c, mem, sizeof(mem));
	T_CHECK("folder", cpio_add(&c, &dev, &e));
	T_EQUAL("folder", 116, c.len);
	T_CHECK("folder", !memcmp(mem, "07070100000001000041ED000000000000000000000002"
				  "00000000000000000000000000000000000000000000000000000004"
				  "00000000dev", 113));
	T_CHECK("node", cpio_add(&c, &null, &e));
	T_CHECK("node", !memcmp(mem + 116, "07070100000002000021B6", 22));
	T_CHECK("node", !memcmp(mem + 116 + 78, "0000000100000003", 16));
	for (size_t len = 0; len < 9; len++) {
		size_t before = c.len;

		file.data.len = len;
		T_CHECK("file", cpio_add(&c, &file, &e));
		T_EQUAL("file", before + 112 + (len + 3) / 4 * 4, c.len);
	}
}

int main(void)
{
	struct arena a = { 0 };
	struct err e;

	if (!T_CHECK("arena", arena_init(&a, 256 << 20, &e)))
		return t_done();
	test_codecs(&a);
	test_room();
	test_headers();
	arena_deinit(&a);
	return t_done();
}
