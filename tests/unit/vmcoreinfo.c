/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmcore/vmcoreinfo: forms of numbers, lines that are not understood, what is required. */
#include "base/err.h"
#include "t.h"
#include "vmcore/vmcoreinfo.h"

#define F(member) offsetof(struct kinfo, member)

static const struct {
	const char *row, *text;
	size_t at;
	int64_t wanted;
} rows[] = {
	{ "a decimal", "PAGESIZE=4096\n", F(page_size), 4096 },
	{ "a last line without its end", "CRASHTIME=17672", F(crash_time), ABSENT },
	{ "the one before it", "NUMBER(PG_lru)=4\nCRASHTIME=17672", F(pg_lru), 4 },
	{ "no such line", "PAGESIZE=4096\n", F(pg_lru), ABSENT },
	{ "a negative number", "NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)=-129\n", F(type_buddy),
	  -129 },
	{ "a large negative number", "NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)=-268435456\n",
	  F(type_buddy), -268435456 },
	{ "a number in hex", "NUMBER(kimage_voffset)=0xffff800008000000\n", F(kimage_voffset),
	  (int64_t)0xffff800008000000 },
	{ "a mask of high bits", "NUMBER(KERNELPACMASK)=0xfff0000000000000\n", F(pac_mask),
	  (int64_t)0xfff0000000000000 },
	{ "a key that vendors spell in lower case", "NUMBER(tcr_el1_t1sz)=0x10\n",
	  F(tcr_t1sz), 16 },
	{ "a symbol is hex without 0x", "SYMBOL(prb)=ffffffff82a7b3c0\n", F(prb),
	  (int64_t)0xffffffff82a7b3c0 },
	{ "a symbol of digits only is hex", "SYMBOL(prb)=10\n", F(prb), 16 },
	{ "a size is never hex", "SIZE(page)=64\n", F(size_page), 64 },
	{ "a negative phys_base", "NUMBER(phys_base)=-486539264\n", F(phys_base), -486539264 },
	{ "the largest number", "NUMBER(phys_base)=9223372036854775807\n", F(phys_base),
	  INT64_MAX },
	{ "a number past 64 bits", "NUMBER(phys_base)=99999999999999999999\n", F(phys_base),
	  ABSENT },
	{ "rubbish behind a number", "NUMBER(PG_lru)=4x\n", F(pg_lru), ABSENT },
	{ "no number at all", "NUMBER(PG_lru)=\n", F(pg_lru), ABSENT },
	{ "no equals sign", "NUMBER(PG_lru)\n", F(pg_lru), ABSENT },
	{ "a key that begins alike", "NUMBER(PG_lru)2=4\n", F(pg_lru), ABSENT },
	{ "a key in the middle of a line", "x NUMBER(PG_lru)=4\n", F(pg_lru), ABSENT },
	{ "zero bytes in a line", "NUMBER(PG\0lru)=4\nNUMBER(PG_lru)=5\n", F(pg_lru), 5 },
	{ "empty lines", "\n\n\nNUMBER(PG_lru)=4\n", F(pg_lru), 4 },
	{ "the name offset when it is absent", "PAGESIZE=4096\n", F(uts_name), 4 },
	{ "the name offset when it is there", "OFFSET(uts_namespace.name)=0\n",
	  F(uts_name), 0 },
	{ "the time of the crash", "CRASHTIME=1795246307\n", F(crash_time), 1795246307 },
};

static void test_rows(void)
{
	static const char page_size[] = "PAGESIZE=4096\n";

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		char text[400];
		size_t len = sizeof(page_size) - 1, own = strlen(rows[i].text);
		struct kinfo k;
		struct err e;
		char *guarded;

		if (strcmp(rows[i].row, "zero bytes in a line") == 0)
			own = sizeof("NUMBER(PG\0lru)=4\nNUMBER(PG_lru)=5\n") - 1;
		memcpy(text, page_size, len);
		memcpy(text + len, rows[i].text, own);
		guarded = t_guard(text, len + own);
		T_CHECK(rows[i].row, vmcoreinfo_parse(&k, guarded, len + own, &e));
		T_EQUAL(rows[i].row, rows[i].wanted, *(int64_t *)((char *)&k + rows[i].at));
		t_unguard(guarded, len + own);
	}
}

static void test_texts(void)
{
	static const char text[] =
		"OSRELEASE=6.1.0-53-cloud-amd64\nBUILD-ID=0123456789abcdef\nPAGESIZE=4096\n";
	static const char nasty[] =
		"OSRELEASE=6.1\x1b[31m \"quoted\"\nPAGESIZE=4096\n";
	char longest[600];
	struct kinfo k;
	struct err e;

	vmcoreinfo_parse(&k, text, sizeof(text) - 1, &e);
	T_TEXT("the release", "6.1.0-53-cloud-amd64", k.osrelease);
	T_TEXT("the build id", "0123456789abcdef", k.build_id);
	vmcoreinfo_parse(&k, nasty, sizeof(nasty) - 1, &e);
	T_TEXT("a release with control characters ends before them", "6.1", k.osrelease);
	memset(longest, 'r', sizeof(longest));
	memcpy(longest, "PAGESIZE=4096\nOSRELEASE=", 24);
	T_CHECK("a long release is no overflow",
		vmcoreinfo_parse(&k, longest, sizeof(longest), &e) &&
		strlen(k.osrelease) < sizeof(k.osrelease));
	T_CHECK("nothing has no page size", !vmcoreinfo_parse(&k, "", 0, &e));
}

/* Each line alone makes a good text impossible. */
static void test_plausible(void)
{
	static const char good[] =
		"PAGESIZE=4096\nSIZE(page)=64\nOFFSET(page.flags)=0\n"
		"OFFSET(page.mapping)=24\nOFFSET(page._mapcount)=48\n"
		"SYMBOL(mem_section)=ffff88803ffdb000\nLENGTH(mem_section)=2048\n"
		"SIZE(mem_section)=16\nOFFSET(mem_section.section_mem_map)=0\n"
		"NUMBER(SECTION_SIZE_BITS)=27\nNUMBER(MAX_PHYSMEM_BITS)=46\n";
	static const char *const bad[] = {
		"PAGESIZE=2048", "PAGESIZE=131072", "PAGESIZE=12288", "PAGESIZE=0",
		"SIZE(page)=16", "SIZE(page)=512", "SIZE(page)=-64",
		"OFFSET(page.flags)=57", "OFFSET(page.flags)=-1",
		"OFFSET(page._mapcount)=61", "OFFSET(page.private)=60",
		"OFFSET(page.compound_head)=64", "LENGTH(mem_section)=0",
		"LENGTH(mem_section)=1000000000000", "SIZE(mem_section)=0",
		"OFFSET(mem_section.section_mem_map)=16", "NUMBER(SECTION_SIZE_BITS)=12",
		"NUMBER(SECTION_SIZE_BITS)=64", "NUMBER(MAX_PHYSMEM_BITS)=64",
		"SYMBOL(mem_section)=1000",
	};
	struct kinfo k;
	struct err e;

	vmcoreinfo_parse(&k, good, sizeof(good) - 1, &e);
	T_CHECK("a good text", vmcoreinfo_plausible(&k, &e));
	for (size_t i = 0; i < T_SIZE(bad); i++) {
		char text[1000];
		int len = snprintf(text, sizeof(text), "%s%s\n", good, bad[i]);

		T_CHECK(bad[i], vmcoreinfo_parse(&k, text, len, &e) &&
				!vmcoreinfo_plausible(&k, &e));
	}
}

int main(void)
{
	test_rows();
	test_texts();
	test_plausible();
	return t_done();
}
