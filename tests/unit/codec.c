/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump/codec: what is packed comes back, for every codec and kind of page; output never
 * passes the given capacity; damaged input is refused and written nowhere else.
 */
#include "dump/codec.h"
#include "dump/effort.h"
#include "t.h"

static uint64_t seed = 88172645463325252ULL;

static uint64_t random_u64(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	return seed ^= seed << 17;
}

static void fill(uint8_t *page, size_t len, int kind)
{
	for (size_t i = 0; i < len; i++)
		page[i] = kind == 0 ? 0 :
			  kind == 1 ? 0x5a :
			  kind == 2 ? random_u64() >> 32 :
			  kind == 3 ? i / 64 :
			  (random_u64() & 7) == 0 ? random_u64() >> 32 : i & 0xff;
}

static void *context(const struct codec *c, size_t page_size, bool pack, void **mem)
{
	size_t len = pack ? c->pack_size(page_size) : c->unpack_size();

	*mem = aligned_alloc(64, (len + 63) / 64 * 64 + 64);
	return pack ? c->packer(*mem, len) : c->unpacker(*mem, len);
}

static void test_pages(const struct codec *c, size_t page_size)
{
	void *mem[2];
	void *packer = context(c, page_size, true, &mem[0]);
	void *unpacker = context(c, page_size, false, &mem[1]);
	char row[100];

	snprintf(row, sizeof(row), "%s, pages of %zu", c->name, page_size);
	if (!T_CHECK(row, c->pack_size(page_size) == 0 || packer) ||
	    !T_CHECK(row, c->unpack_size() == 0 || unpacker))
		return;
	for (int round = 0; round < 40; round++) {
		uint8_t *page = malloc(page_size), *packed, *back;
		struct packing p;
		size_t len;

		fill(page, page_size, round % 5);
		packed = t_guard(page, page_size);
		back = t_guard(page, page_size);
		memset(back, 0xee, page_size);
		p = (struct packing){ page, page_size, packed, page_size };
		len = c->pack(packer, &p);
		T_CHECK(row, len <= page_size);
		if (len) {
			uint8_t *exact = t_guard(packed, len);

			struct packing q = { exact, len, back, page_size };

			T_CHECK(row, c->unpack(unpacker, &q) &&
				     memcmp(back, page, page_size) == 0);
			p.room = len - 1;
			T_EQUAL(row, 0, c->pack(packer, &p));
			q.len = len - 1;
			if (len > 1)
				T_CHECK(row, !c->unpack(unpacker, &q));
			q.len = len;
			for (int flip = 0; flip < 20; flip++) {
				exact[random_u64() % len] ^= 1 << (random_u64() & 7);
				c->unpack(unpacker, &q);
			}
			t_unguard(exact, len);
		}
		t_unguard(packed, page_size);
		t_unguard(back, page_size);
		free(page);
	}
	free(mem[0]);
	free(mem[1]);
}

/* Each effort packs in the memory of all of them, zstd unpacks it, and they differ. */
static void test_efforts(size_t page_size)
{
	const struct codec *c = codec_named("auto"), *zstd = codec_named("zstd");
	uint8_t *page = malloc(page_size), *to = malloc(page_size), *back = malloc(page_size);
	void *mem[2], *packer = context(c, page_size, true, &mem[0]);
	void *unpacker = context(zstd, page_size, false, &mem[1]);
	size_t first = 0, last = 0;
	char row[100];

	for (size_t i = 0; i < page_size; i++)
		page[i] = random_u64() % 3 ? i % 7 : random_u64() % 40;
	for (int round = 0; round < 3; round++)
		for (unsigned i = EFFORT_NONE + 1; i < N_EFFORTS; i++) {
			struct packing p = { page, page_size, to, page_size };
			size_t len;

			snprintf(row, sizeof(row), "level %s, pages of %zu",
				 codec_effort_name(i), page_size);
			c->set_effort(packer, i);
			len = c->pack(packer, &p);
			T_CHECK(row, len && len < page_size);
			p = (struct packing){ to, len, back, page_size };
			T_CHECK(row, zstd->unpack(unpacker, &p) &&
				     !memcmp(back, page, page_size));
			first = i == EFFORT_NONE + 1 ? len : first;
			last = len;
		}
	T_CHECK("the hardest leaves less than the easiest", last < first);
	free(page), free(to), free(back), free(mem[0]), free(mem[1]);
}

/* Who packs by any effort needs little more than who packs by the usual one. */
static void test_memory(void)
{
	for (size_t len = 4096; len <= 65536; len *= 4)
		T_CHECK("memory for all efforts",
			codec_named("auto")->pack_size(len) <=
			codec_named("zstd")->pack_size(len) + (32 << 10));
}

int main(void)
{
	static const struct { const char *name; uint32_t flag; } wanted[] = {
		{ "zstd", 0x20 }, { "zlib", 0x1 }, { "none", 0 },
	};
	char names[CODEC_NAMES_MAX];

	for (size_t i = 0; i < T_SIZE(wanted); i++) {
		const struct codec *c = codec_named(wanted[i].name);

		if (!T_CHECK(wanted[i].name, c != NULL))
			continue;
		T_EQUAL(wanted[i].name, wanted[i].flag, c->flag);
		T_CHECK(wanted[i].name, codec_flagged(wanted[i].flag) == c);
		if (c->flag == 0)
			continue;
		test_pages(c, 4096);
		test_pages(c, 16384);
		test_pages(c, 65536);
	}
	T_CHECK("auto", codec_named("auto") && codec_named("auto")->flag == 0x20);
	test_efforts(4096);
	test_efforts(65536);
	test_memory();
	/* Whoever prints the names, or has a context for each, sees no other ones. */
	for (unsigned i = 0; i < N_CODECS; i++) {
		const struct codec *c = codec_at(i);

		T_CHECK(c->name, codec_flagged(c->flag) == (c->unpack ? c : codec_at(0)));
		T_CHECK(c->name, codec_named(c->name) == (c->pack ? c : NULL));
		T_CHECK(c->name, !strstr(codec_names(names), c->name) == !c->pack);
	}
	T_TEXT("all names", "zstd, auto, zlib, none", codec_names(names));
	for (char *c = names; (c = strstr(c, ", ")); memmove(c + 1, c + 2, strlen(c + 1)))
		*c = '|';
	T_TEXT("as a usage has them", CODEC_CHOICE, names);
	T_TEXT("the usual one is the first", CODEC_USUAL, codec_at(0)->name);
	T_CHECK("an unknown name", !codec_named("lz4") && !codec_named(""));
	T_CHECK("an unknown flag", !codec_flagged(0x8) && !codec_flagged(0x21));
	return t_done();
}
