/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump/codec, dump/snappy: what other tools pack and we only unpack, LZO and snappy. Blocks
 * are written down here byte for byte; those of LZO are what liblzo2's lzo1x_1_compress()
 * made of the page. Damaged ones are refused, and nothing is touched outside of the two
 * buffers.
 */
#include "dump/codec.h"
#include "dump/kdumpformat.h"
#include "t.h"

#define PAGE 4096

/* 64 bytes of each number from 0 to 63. */
static void stairs(uint8_t *page)
{
	for (unsigned i = 0; i < PAGE; i++)
		page[i] = i / 64;
}

static void zeroes(uint8_t *page)
{
	memset(page, 0, PAGE);
}

static size_t from_hex(const char *text, uint8_t *to)
{
	size_t n = 0;
	unsigned byte;

	for (; sscanf(text, "%2x", &byte) == 1; text += 2)
		to[n++] = byte;
	return n;
}

static bool unpacks(uint32_t flag, const uint8_t *block, size_t len, uint8_t *to, size_t room)
{
	const struct codec *c = codec_flagged(flag);
	uint8_t context[64];
	struct packing p;
	void *from = t_guard(block, len);
	void *out = t_guard(to, room);
	bool ok;

	p = (struct packing){ from, len, out, room };
	ok = c->unpack(c->unpacker(context, sizeof(context)), &p);
	memcpy(to, out, room);
	t_unguard(from, len);
	t_unguard(out, room);
	return ok;
}

/* ---- blocks of snappy ------------------------------------------------------------ */

/* What a block gives, or NULL: it is refused. `room` is what it should give. */
static const struct {
	const char *row, *block, *text;
	size_t room;
} blocks[] = {
	{ "bytes as they are", "0508" "616263" "0464" "65", "abcde", 5 },
	{ "a copy of 4, offset in 11 bits", "08" "0c" "61626364" "0104", "abcdabcd", 8 },
	{ "a copy, offset in 2 bytes", "07" "08" "616263" "0e0300", "abcabca", 7 },
	{ "a copy, offset in 4 bytes", "07" "08" "616263" "0f03000000", "abcabca", 7 },
	{ "a copy of what it makes", "0a" "00" "78" "220100", "xxxxxxxxxx", 10 },
	{ "a length in one byte", "03" "f002" "616263", "abc", 3 },
	{ "a length in four bytes", "03" "fc02000000" "616263", "abc", 3 },
	{ "a size in more bytes than it needs", "8300" "08" "616263", "abc", 3 },
	{ "nothing", "", NULL, 3 },
	{ "a size and nothing", "03", NULL, 3 },
	{ "another size", "04" "08" "616263", NULL, 3 },
	{ "fewer bytes than it says", "03" "08" "6162", NULL, 3 },
	{ "more than there is room for", "03" "0c" "61626364", NULL, 3 },
	{ "a copy past the room", "05" "08" "616263" "0103", NULL, 5 },
	{ "a copy from before", "08" "08" "616263" "0104", NULL, 8 },
	{ "a copy of itself", "08" "0c" "61626364" "0100", NULL, 8 },
	{ "a copy cut off", "08" "0c" "61626364" "02", NULL, 8 },
	{ "a copy far before", "07" "08" "616263" "0fffffffff", NULL, 7 },
	{ "a length of 2^32", "03" "fcffffffff" "616263", NULL, 3 },
	{ "bytes behind it", "03" "08" "616263" "00", NULL, 3 },
	{ "a size of six bytes", "838080808000" "08" "616263", NULL, 3 },
	{ "a size that has no end", "ffffffffffffff", NULL, 3 },
};

static void test_snappy(void)
{
	for (size_t i = 0; i < T_SIZE(blocks); i++) {
		uint8_t block[64], to[32] = "";
		size_t len = from_hex(blocks[i].block, block);
		bool ok = unpacks(KDUMP_SNAPPY, block, len, to, blocks[i].room);

		T_EQUAL(blocks[i].row, blocks[i].text != NULL, ok);
		if (blocks[i].text)
			T_TEXT(blocks[i].row, blocks[i].text, (char *)to);
	}
}

/* ---- whole pages ----------------------------------------------------------------- */

/* 64 numbers, each once and then 63 times again, at an offset of one byte. */
static size_t snappy_stairs(uint8_t *to)
{
	uint8_t *at = to;

	*at++ = 0x80;
	*at++ = 0x20;
	for (unsigned i = 0; i < 64; i++, at += 5)
		memcpy(at, (uint8_t[]){ 0, i, 62 << 2 | 2, 1, 0 }, 5);
	return at - to;
}

static const char lzo_zeroes[] =
	"02000000000020000000000000000000000000000000da10000c00000000000000000000"
	"0000000000110000";

static const char lzo_stairs[] =
	"020000000000201a110001201e010002201e010003201e010004201e010005201e010006"
	"201e010007201e010008201e010009201e01000a201e01000b201e01000c201e01000d20"
	"1e01000e201e01000f201e010010201e010011201e010012201e010013201e010014201e"
	"010015201e010016201e010017201e010018201e010019201e01001a201e01001b201e01"
	"001c201e01001d201e01001e201e01001f201e010020201e010021201e010022201e0100"
	"23201e010024201e010025201e010026201e010027201e010028201e010029201e01002a"
	"201e01002b201e01002c201e01002d201e01002e201e01002f201e010030201e01003120"
	"1e010032201e010033201e010034201e010035201e010036201e010037201e010038201e"
	"010039201e01003a201e01003b201e01003c201e01003d201e01003e201e01003f200b00"
	"0000013f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f110000";

/* Any byte may be another one: it is refused or gives some page, within its bounds. */
static void poke(uint32_t flag, const uint8_t *good, size_t len)
{
	uint8_t page[PAGE], block[PAGE];

	for (int round = 0; round < 2000; round++) {
		memcpy(block, good, len);
		for (int n = round % 3; n >= 0; n--)
			block[t_draw(len)] = t_draw(256);
		unpacks(flag, block, len - t_draw(2), page, PAGE);
	}
}

static void test_page(const char *row, uint32_t flag, const uint8_t *block, size_t len,
		      void (*fill)(uint8_t *))
{
	uint8_t page[2 * PAGE], wanted[PAGE];

	fill(wanted);
	memset(page, 0xee, PAGE);
	T_CHECK(row, unpacks(flag, block, len, page, PAGE) && !memcmp(page, wanted, PAGE));
	T_CHECK(row, !unpacks(flag, block, len, page, PAGE - 1));
	T_CHECK(row, !unpacks(flag, block, len, page, 2 * PAGE));
	for (size_t cut = 0; cut < len; cut++)
		T_CHECK(row, !unpacks(flag, block, cut, page, PAGE));
	poke(flag, block, len);
}

int main(void)
{
	uint8_t block[PAGE];

	test_snappy();
	test_page("snappy", KDUMP_SNAPPY, block, snappy_stairs(block), stairs);
	test_page("lzo, zeroes", KDUMP_LZO, block, from_hex(lzo_zeroes, block), zeroes);
	test_page("lzo, stairs", KDUMP_LZO, block, from_hex(lzo_stairs, block), stairs);
	return t_done();
}
