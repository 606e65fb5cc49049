/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text that volumes are frozen to: what it may say, and what nobody may have it say; what
 * disks are known by; and what LVM's metadata say of a volume's place.
 */
#include "volumes/volumes.h"

#include "base/bytes.h"
#include "base/err.h"
#include "t.h"
#include "volumes/lvm_extents.h"

#define FIRST "crashbox volumes 1\n"
#define DISK FIRST "disk d0 sectors=8 pv=abc\n"
#define DM DISK "dm v0 name=box\n"

static const struct {
	const char *name, *text, *wrong;	/* NULL: it is right */
} texts[] = {
	{ "nothing", FIRST, NULL },
	{ "a comment, an empty line", FIRST "# here\n\n", NULL },
	{ "a volume on a disk", DM "map v0 0 8 linear @d0 2048\ntarget v0 disk:LABEL=a b:/\n",
	  NULL },
	{ "two lines of a table", DM "map v0 0 8 linear @d0 0\nmap v0 8 9 linear @d0 8\n",
	  NULL },
	{ "an array", DISK "disk d1 sectors=8 md=ab member=cd wwn=naa.5 part=2\n"
	  "md m0 level=raid1 disks=2 version=1.2 d0 d1\n", NULL },
	{ "a key", DM "map v0 0 8 crypt aes-xts-plain64 %v0 0 @d0 32768\n", NULL },

	{ "another version", "crashbox volumes 2\n", "not 'crashbox volumes 1'" },
	{ "no text", "", "not 'crashbox volumes 1'" },
	{ "another word", FIRST "disc d0\n", "line 2: 'disc' is no such line" },
	{ "a word alone", FIRST "disk\n", "nothing behind 'disk'" },
	{ "a disk without facts", FIRST "disk d0 sectors=8\n", "too little to know" },
	{ "a disk without a size", FIRST "disk d0 pv=abc\n", "too little to know" },
	{ "an odd fact", FIRST "disk d0 colour=red\n", "'colour=red' is nothing" },
	{ "a size of nothing", FIRST "disk d0 sectors=0 pv=a\n", "'sectors=0' is nothing" },
	{ "a long fact", FIRST "disk d0 sectors=8 pv=0123456789012345678901234567890123\n",
	  "is not such a word" },
	{ "a long name", FIRST "disk d0123456 sectors=8 pv=a\n", "is no name" },
	{ "a name with a slash", FIRST "disk ../x sectors=8 pv=a\n", "is no name" },
	{ "a name twice", DISK "disk d0 sectors=8 pv=b\n", "d0 comes twice" },
	{ "a table of what is below", FIRST "map v0 0 8 linear @v0 0\n",
	  "not the volume above" },
	{ "a table of a disk", DISK "map d0 0 8 linear @d0 0\n", "not the volume above" },
	{ "a circle", DM "map v0 0 8 linear @v0 0\n", "'@v0' is no device above it" },
	{ "a raw device", DM "map v0 0 8 linear /dev/sda 0\n", "'/dev/sda' is no device" },
	{ "a hole", DM "map v0 0 8 linear @d0 0\nmap v0 9 8 linear @d0 8\n", "with a hole" },
	{ "one that begins late", DM "map v0 8 8 linear @d0 0\n", "with a hole" },
	{ "one of no length", DM "map v0 0 0 linear @d0 0\n", "with a hole" },
	{ "one that goes round", DM "map v0 0 18446744073709551615 linear @d0 0\n",
	  "with a hole" },
	{ "an array of nothing", DISK "md m0 level=raid1 disks=2\n", "of how many disks" },
	{ "an array of fewer", DISK "md m0 level=raid1 disks=0 d0\n", "of how many disks" },
	{ "an array of many", DISK "md m0 level=raid1 disks=99 d0\n", "of how many disks" },
	{ "an array of another version", DISK "md m0 level=raid1 disks=1 version=1.9 d0\n",
	  "of how many disks" },
	{ "a long level", DISK "md m0 level=raid1000000 disks=1 d0\n", "nothing of an array" },
	{ "a target of nothing", FIRST "target v0 disk:/dev/sda\n", "'v0' is no device" },
};

static void test_texts(void)
{
	static struct volumes v;
	struct err e;

	for (size_t i = 0; i < T_SIZE(texts); i++) {
		const char *wrong = texts[i].wrong;
		bool ok = volumes_parse(&v, texts[i].text, &e);

		if (!T_CHECK(texts[i].name, wrong ? !ok && strstr(e.text, wrong) : ok))
			printf("%s\n", ok ? "it is right" : e.text);
	}
}

static void test_limits(void)
{
	static struct volumes v;
	static char text[VOLUMES_TEXT + 64];
	size_t len = sprintf(text, FIRST);
	struct err e;

	for (unsigned i = 0; i <= MAX_NODES; i++)
		len += sprintf(text + len, "disk d%u sectors=1 pv=a\n", i);
	T_CHECK("many disks", !volumes_parse(&v, text, &e) && strstr(e.text, "more than 48"));
	len = sprintf(text, DM);
	for (unsigned i = 0; i <= MAX_MAPS; i++)
		len += sprintf(text + len, "map v0 %u 1 linear @d0 0\n", i);
	T_CHECK("many lines", !volumes_parse(&v, text, &e) && strstr(e.text, "more than 256"));
	len = sprintf(text, DISK);
	for (unsigned i = 0; i <= MAX_TARGETS_ON; i++)
		len += sprintf(text + len, "target d0 disk:/dev/sd%c\n", 'a' + i);
	T_CHECK("many targets", !volumes_parse(&v, text, &e));
	memset(text, '#', sizeof(text) - 1);
	T_CHECK("a long text", !volumes_parse(&v, text, &e) && strstr(e.text, "more than"));
}

static void test_meaning(void)
{
	static struct volumes v;
	struct err e;

	T_CHECK("read", volumes_parse(&v, DM "map v0 0 8 raid raid1 3 0 region_size 4096\n"
				      "target v0 disk:LABEL=a b:/\n", &e));
	T_EQUAL("of the target", 1, volumes_of(&v, "disk:LABEL=a b:/"));
	T_EQUAL("of another one", NO_NODE, volumes_of(&v, "disk:LABEL=a"));
	T_TEXT("its table", "raid", v.maps[0].type);
	T_TEXT("its table", "raid1 3 0 region_size 4096", v.maps[0].params);
}

/* ---- disks ------------------------------------------------------------------ */

static void put_md(uint8_t *at)
{
	put_u32(at, 0xa92b4efc);
	put_u32(at + 4, 1);
	memset(at + 16, 0x11, 16);
	memset(at + 168, 0x22, 16);
}

static void test_labels(void)
{
	static const uint8_t empty[FACTS_HEAD];
	static uint8_t head[FACTS_HEAD], end[256];
	struct block_facts f = { .part = 2, .sectors = 8, .wwn = "naa.5" };
	char text[FACT_TEXT];

	memcpy(head + 512, "LABELONE", 8);
	memcpy(head + 512 + 24, "LVM2 001", 8);
	put_u32(head + 512 + 20, 32);
	memcpy(head + 512 + 32, "abcdefghijklmnopqrstuvwxyz012345", 32);
	block_facts_parse(&f, head, end);
	block_facts_format(&f, text);
	T_TEXT("LVM", "sectors=8 pv=abcdefghijklmnopqrstuvwxyz012345 wwn=naa.5 part=2", text);
	put_u32(head + 512 + 20, 481);
	f = (struct block_facts){ .part = 0 };
	block_facts_parse(&f, head, end);
	T_TEXT("LVM, its label beyond the sector", "", f.pv);

	put_md(end);
	block_facts_parse(&f, head, end);
	T_TEXT("md 1.0", "11111111111111111111111111111111", f.md);
	T_TEXT("md 1.0, the member", "22222222222222222222222222222222", f.member);
	T_EQUAL("md 1.0", 0, f.minor_version);
	put_md(head + 4096);
	block_facts_parse(&f, head, end);
	T_EQUAL("md 1.2", 2, f.minor_version);
	memcpy(head, empty, sizeof(empty));
	memcpy(head, "LUKS\xba\xbe\0\2", 8);
	strcpy((char *)head + 168, "6a1b-77");
	f = (struct block_facts){ .part = 0 };
	block_facts_parse(&f, head, NULL);
	T_TEXT("LUKS", "6a1b-77", f.luks);
	T_CHECK("LUKS", block_facts_suffice(&f));
}

static void test_match(void)
{
	static const struct {
		const char *name;
		struct block_facts wanted, is;
		bool match;
	} rows[] = {
		{ "the same", { .sectors = 8, .pv = "a" }, { .sectors = 8, .pv = "a" }, true },
		{ "another", { .sectors = 8, .pv = "a" }, { .sectors = 8, .pv = "b" }, false },
		{ "larger by now", { .sectors = 8, .pv = "a" }, { .sectors = 9, .pv = "a" },
		  true },
		{ "smaller", { .sectors = 8, .pv = "a" }, { .sectors = 7, .pv = "a" }, false },
		{ "another partition", { .sectors = 8, .pv = "a", .part = 1 },
		  { .sectors = 8, .pv = "a" }, false },
		{ "a driver that tells no serial", { .sectors = 8, .pv = "a", .serial = "s" },
		  { .sectors = 8, .pv = "a" }, true },
		{ "a copy of the disk", { .sectors = 8, .pv = "a", .serial = "s" },
		  { .sectors = 8, .pv = "a", .serial = "t" }, false },
		{ "a serial alone", { .sectors = 8, .serial = "s" }, { .sectors = 8 }, false },
		{ "an array's other member", { .sectors = 8, .md = "m", .member = "1" },
		  { .sectors = 8, .md = "m", .member = "2" }, false },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++)
		T_EQUAL(rows[i].name, rows[i].match,
			block_facts_match(&rows[i].wanted, &rows[i].is));
}

/* ---- LVM -------------------------------------------------------------------- */

#define LV "0123456789abcdefghijABCDEFGHIJxy"
#define VOLUME(time, at) \
	"box {\nid = \"xx\"\nseqno = 7\nlogical_volumes {\ncrash {\n" \
	"id = \"012345-6789-abcd-efgh-ijAB-CDEF-GHIJxy\"\nstatus = [\"READ\"]\n" \
	"creation_time = " time "\nsegment_count = 1\nsegment1 {\nstart_extent = 0\n" \
	"stripes = [\n\"pv0\", " at "\n]\n}\n}\nother {\nid = \"yy\"\n}\n}\n}\n"

static void test_extents(void)
{
	struct lvm_extents a, b;

	T_CHECK("there", lvm_extents_parse(&a, VOLUME("1", "0"), LV));
	T_EQUAL("its age", 7, a.seqno);
	T_CHECK("its time", lvm_extents_parse(&b, VOLUME("2", "0"), LV) && a.sum == b.sum);
	T_CHECK("moved", lvm_extents_parse(&b, VOLUME("1", "9"), LV) && a.sum != b.sum);
	T_CHECK("gone", !lvm_extents_parse(&b, VOLUME("1", "0"), "1" LV));
	T_CHECK("cut", !lvm_extents_parse(&b, "seqno = 1\nid = \"" LV "\"\n"
					  "segment_count = 1\n{", LV));
	T_CHECK("empty", !lvm_extents_parse(&b, "", LV));
}

int main(void)
{
	test_texts();
	test_limits();
	test_meaning();
	test_labels();
	test_match();
	test_extents();
	return t_done();
}
